import type { Command } from './command/command.ts';
import { completionOf } from './command/completion.ts';
import { actionCommands } from './nouns/actions.ts';
import { activityCommands } from './nouns/activity.ts';
import { agentCommands } from './nouns/agents.ts';
import { backupKeepingCommands } from './nouns/backup-keeping.ts';
import { backupCommands } from './nouns/backups.ts';
import { bootstrapCommands } from './nouns/bootstrap.ts';
import { claimsCommands } from './nouns/claims.ts';
import { closingCommands } from './nouns/closing.ts';
import { contractCheckCommands } from './nouns/contract-checks.ts';
import { contractCommands } from './nouns/contracts.ts';
import { corsCommands } from './nouns/cors.ts';
import { decidingCommands } from './nouns/deciding.ts';
import { doctorCommands } from './nouns/doctor.ts';
import { fleetCommands } from './nouns/fleet.ts';
import { keyCommands } from './nouns/keys.ts';
import { limitCommands } from './nouns/limits.ts';
import { liveCommands } from './nouns/live.ts';
import { login } from './nouns/login.ts';
import { logout } from './nouns/logout.ts';
import { logCommands } from './nouns/logs.ts';
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
import { supportCommands } from './nouns/support.ts';
import { tenantCommands } from './nouns/tenants.ts';
import { tokenCommands } from './nouns/token.ts';

const named: readonly Command[] = [
  login,
  logout,
  ...sessionCommands,
  ...bootstrapCommands,
  ...tokenCommands,
  ...profileCommands,
  ...ownProjectCommands,
  ...projectCommands,
  ...closingCommands,
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
  ...corsCommands,
  ...agentCommands,
  ...serviceCommands,
  ...runnerTokenCommands,
  ...fleetCommands,
  ...limitCommands,
  ...liveCommands,
  ...operatingCommands,
  ...activityCommands,
  ...backupCommands,
  ...backupKeepingCommands,
  ...proofCommands,
  ...servingCommands,
  ...logCommands,
  ...doctorCommands,
  ...supportCommands,
  ...tenantCommands,
  ...keyCommands,
];

/** Everything that can be asked, in the order in which the help lists it. */
export const commands: readonly Command[] = [...named, completionOf(named)];
