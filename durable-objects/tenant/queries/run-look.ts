import { authorize, type Known } from '../access/authorize.ts';
import { permissionSetting } from '../access/permission-setting.ts';
import { readPermissionRules } from '../access/read-permission-rules.ts';
import {
  diffVersions,
  listCapabilities,
  listContracts,
  readContract,
  readVersion,
} from '../contracts/contract-queries.ts';
import { settings } from '../governance-schema.ts';
import { listPolicies, readPolicy, replayOver } from '../policies/policy-queries.ts';
import { credentials, heads, members } from '../schema.ts';
import type { PermissionSetting } from '../settings/setting.ts';
import type { Database, RawRow } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { Caller, Look, Query } from '../turn/command.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import { engineHealth, type Vitals } from './engine-health.ts';
import { listProposals, listWritebacks } from './list-proposals.ts';
import { listRunners } from './list-runners.ts';
import type { LookPlan } from './look.ts';
import { readLedger } from './read-ledger.ts';
import { readProposal, readRunnerProposal } from './read-proposal.ts';
import { replayProposal } from './replay-proposal.ts';
import { runnerDoctor } from './runner-doctor.ts';

/** What the object can add to an answer from its memory. */
export interface Memory {
  vitals(): Vitals;
  /** Ids of runners that hold a poll now. */
  polling(): ReadonlySet<string>;
}

function planOf(tenant: string, look: Look, memory: Memory): LookPlan {
  switch (look.type) {
    case 'read-proposal':
      return readProposal(tenant, look);
    case 'read-runner-proposal':
      return readRunnerProposal(tenant, look);
    case 'list-proposals':
      return listProposals(tenant, look.query);
    case 'list-writebacks':
      return listWritebacks(tenant, look.query);
    case 'replay-proposal':
      return replayProposal(tenant, look);
    case 'read-ledger':
      return readLedger(tenant, look);
    case 'list-runners':
      return listRunners(tenant, look, memory.polling());
    case 'list-capabilities':
      return listCapabilities(tenant);
    case 'list-contracts':
      return listContracts(tenant, look);
    case 'read-contract':
      return readContract(tenant, look);
    case 'read-version':
      return readVersion(tenant, look);
    case 'diff-versions':
      return diffVersions(tenant, look);
    case 'list-policies':
      return listPolicies(tenant);
    case 'read-policy':
      return readPolicy(tenant, look);
    case 'replay-policy':
      return replayOver(tenant, look);
    case 'read-permission-rules':
      return readPermissionRules();
    case 'engine-health':
      return engineHealth(tenant, memory.vitals());
    case 'runner-doctor':
      return runnerDoctor();
    case 'may':
      return { statements: [], answer: () => answer({ ok: true }) };
  }
}

/** Answers without a turn: who asks, the head and what is asked about come in one batch, so they fit together. */
export async function runLook(
  database: Database,
  tenant: string,
  query: Query,
  memory: Memory,
  now: number,
): Promise<Reply> {
  const plan = planOf(tenant, query.ask, memory);
  const [head, who, rules, ...results] = await database.batch([
    { sql: `SELECT ${selectList(heads, 'h')} FROM heads h WHERE h.tenant = ?1`, params: [tenant] },
    callerStatement(tenant, query.caller),
    byKey(settings, 'settings', 'name', tenant, ['permissions']),
    ...plan.statements,
  ]);
  const raw = head?.rows[0];
  if (raw === undefined) return refuse('project_not_found', 'there is no such project');
  const [rule] = rules?.rows ?? [];
  const setting = permissionSetting(rule === undefined ? undefined : decodeRow(settings, rule));
  const authorized = authorize(knownFrom(query.caller, who?.rows[0], setting), query, now);
  if (!authorized.ok) return { ok: false, refusal: authorized.refusal };
  const context = {
    tenant,
    head: decodeRow(heads, raw),
    identity: authorized.identity,
    now,
    permissions: setting,
  };
  return plan.answer(
    results.map((result) => result.rows),
    context,
  );
}

function callerStatement(tenant: string, caller: Caller) {
  if (caller.kind === 'person') return byKey(members, 'members', 'person', tenant, [caller.person]);
  return byKey(
    credentials,
    'credentials',
    'credential_id',
    tenant,
    caller.kind === 'system' ? [] : [caller.credentialId],
  );
}

function knownFrom(caller: Caller, raw: RawRow | undefined, setting: PermissionSetting): Known {
  return {
    permissionRules: () => setting,
    member: () => (raw === undefined || caller.kind !== 'person' ? undefined : decodeRow(members, raw)),
    credential: () =>
      raw === undefined || caller.kind === 'person' ? undefined : decodeRow(credentials, raw),
  };
}
