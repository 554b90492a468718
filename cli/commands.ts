import type { Command } from './command/command.ts';
import { completionOf } from './command/completion.ts';
import { actionCommands } from './nouns/actions.ts';
import { agentCommands } from './nouns/agents.ts';
import { backupKeepingCommands } from './nouns/backup-keeping.ts';
import { backupCommands } from './nouns/backups.ts';
import { claimsCommands } from './nouns/claims.ts';
import { contractCheckCommands } from './nouns/contract-checks.ts';
import { contractCommands } from './nouns/contracts.ts';
import { decidingCommands } from './nouns/deciding.ts';
import { fleetCommands } from './nouns/fleet.ts';
import { login } from './nouns/login.ts';
import { logout } from './nouns/logout.ts';
import { operatingCommands } from './nouns/operating.ts';
import { ownProjectCommands } from './nouns/own-projects.ts';
import { peopleCommands } from './nouns/people.ts';
import { permissionRuleCommands } from './nouns/permission-rules.ts';
import { policyCommands } from './nouns/policies.ts';
import { profileCommands } from './nouns/profiles.ts';
import { projectCommands } from './nouns/projects.ts';
import { proofCommands } from './nouns/proof.ts';
import { proposalCommands } from './nouns/proposals.ts';
import { proposingCommands } from './nouns/proposing.ts';
import { registryCommands } from './nouns/registry.ts';
import { runnerTokenCommands } from './nouns/runner-tokens.ts';
import { runCommands } from './nouns/runs.ts';
import { serviceCommands } from './nouns/services.ts';
import { servingCommands } from './nouns/serving.ts';
import { sessionCommands } from './nouns/session.ts';
import { tenantCommands } from './nouns/tenants.ts';

const named: readonly Command[] = [
  login,
  logout,
  ...sessionCommands,
  ...profileCommands,
  ...ownProjectCommands,
  ...projectCommands,
  ...proposalCommands,
  ...proposingCommands,
  ...decidingCommands,
  ...actionCommands,
  ...runCommands,
  ...registryCommands,
  ...contractCommands,
  ...contractCheckCommands,
  ...policyCommands,
  ...permissionRuleCommands,
  ...peopleCommands,
  ...claimsCommands,
  ...agentCommands,
  ...serviceCommands,
  ...runnerTokenCommands,
  ...fleetCommands,
  ...operatingCommands,
  ...backupCommands,
  ...backupKeepingCommands,
  ...proofCommands,
  ...servingCommands,
  ...tenantCommands,
];

/** Everything that can be asked, in the order in which the help lists it. */
export const commands: readonly Command[] = [...named, completionOf(named)];
