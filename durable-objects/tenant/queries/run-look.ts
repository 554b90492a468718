import { Refused } from '@countersign/protocol/problem';
import { authorize } from '../access/authorize.ts';
import { readPermissionRules } from '../access/read-permission-rules.ts';
import { actionEvents } from '../actions/action-events.ts';
import { listActions, listTargets, readAction } from '../actions/action-queries.ts';
import {
  diffVersions,
  listCapabilities,
  listContracts,
  readContract,
  readVersion,
} from '../contracts/contract-queries.ts';
import { listControlChanges, listControls, readControl, readSnapshot } from '../control/control-queries.ts';
import { listOrigins } from '../cors/cors-queries.ts';
import { listCredentials, readCredential } from '../credentials/credential-queries.ts';
import type { FreezeLook } from '../freezes/freeze-asks.ts';
import { listFreezes } from '../freezes/freeze-queries.ts';
import { settings } from '../governance-schema.ts';
import type { LimitLook } from '../limits/limit-asks.ts';
import { type LimitsNow, listLimits } from '../limits/limit-queries.ts';
import type { LiveLook } from '../live/live-asks.ts';
import { type LiveDoor, watchLive } from '../live/watch-live.ts';
import { listInvitations, listMembers, readClaimsMapping } from '../members/member-queries.ts';
import { countedIn } from '../policies/expression-statistics.ts';
import { listPolicies, readPolicy, testPolicy } from '../policies/policy-queries.ts';
import { replayOver } from '../policies/replay-over.ts';
import {
  listSources,
  readEntitlements,
  readProject,
  readSession,
  readSource,
  readStatus,
} from '../project/project-queries.ts';
import { rebuildPlan } from '../rebuild/rebuild-plan.ts';
import type { RunnerLook } from '../runners/runner-asks.ts';
import { explainRunPlan, listRuns, readRun } from '../runs/run-queries.ts';
import { heads } from '../schema.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { searchPlan } from '../search/search-plan.ts';
import type { Database } from '../storage/database.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { AskType, Caller, Look, Query } from '../turn/command.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import { type ActivityLook, isAboutActivity } from './activity-asks.ts';
import type { EngineLook } from './engine-asks.ts';
import type { Workings } from './engine-details.ts';
import { engineDoctor, type Surroundings } from './engine-doctor.ts';
import { engineHealth, type Vitals } from './engine-health.ts';
import { engineHistory } from './engine-history.ts';
import { exportLedger } from './export-ledger.ts';
import { exportRows } from './export-rows.ts';
import { expressionStats } from './expression-stats.ts';
import { callerStatement, knownFrom, settingsFor } from './known-caller.ts';
import { listProposals, listWritebacks } from './list-proposals.ts';
import { listRunners, readRunner } from './list-runners.ts';
import type { LookPlan } from './look.ts';
import { type Ping, pingRunner } from './ping-runner.ts';
import { planOfActivity } from './plan-of-activity.ts';
import { readEvidence } from './read-evidence.ts';
import { readLedger } from './read-ledger.ts';
import { readProposal, readRunnerProposal } from './read-proposal.ts';
import { replayHandle } from './replay-handle.ts';
import { replayProposal } from './replay-proposal.ts';
import { runnerDoctor } from './runner-doctor.ts';

/** What the object can add to an answer from its memory. */
export interface Memory {
  vitals(): Vitals;
  workings(): Workings;
  surroundings(): Surroundings;
  /** Ids of runners that hold a poll now. */
  polling(): ReadonlySet<string>;
  readonly ping: Ping;
  limits(): LimitsNow;
  index(): SearchIndex;
  readonly live: LiveDoor;
  /** Work that goes on after the answer. */
  later(work: () => Promise<void>): void;
  /** Lets other work through. */
  rest(): Promise<void>;
}

function planOf({ database, memory, now, query, tenant }: Looking): LookPlan {
  const { ask: look, caller } = query;
  if (look.type === 'watch-live') return watchLive(tenant, look, caller, memory.live);
  if (isAboutEngine(look)) return planOfEngine(tenant, look, memory, now);
  if (isAboutActivity(look)) return planOfActivity(tenant, look, { ...memory, database });
  return isAboutFleet(look)
    ? planOfFleet(tenant, look, memory, now)
    : planOfRecord(database, tenant, { look, caller }, memory);
}

type FleetLook = RunnerLook | FreezeLook | LimitLook;
const engineLooks: ReadonlySet<string> = new Set<EngineLook['type']>([
  ...(['engine-health', 'engine-history', 'engine-doctor', 'expression-stats'] as const),
]);

function isAboutEngine(look: Look): look is EngineLook {
  return engineLooks.has(look.type);
}

function planOfEngine(tenant: string, look: EngineLook, memory: Memory, now: number): LookPlan {
  const vitals = memory.vitals();
  switch (look.type) {
    case 'engine-health':
      return engineHealth({ tenant, hasDetails: look.hasDetails, now, vitals, workings: memory.workings() });
    case 'engine-history':
      return engineHistory(tenant, now);
    case 'engine-doctor':
      return engineDoctor(memory.surroundings());
    case 'expression-stats':
      return expressionStats(vitals.expressions, vitals.startedAt);
  }
}

const fleetLooks: ReadonlySet<string> = new Set<FleetLook['type']>([
  ...(['list-runners', 'read-runner', 'ping-runner', 'list-freezes', 'list-limits'] as const),
]);

function isAboutFleet(look: Look): look is FleetLook {
  return fleetLooks.has(look.type);
}

function planOfFleet(tenant: string, look: FleetLook, memory: Memory, now: number): LookPlan {
  switch (look.type) {
    case 'list-runners':
      return listRunners(tenant, look, memory.polling());
    case 'read-runner':
      return readRunner(tenant, look, memory.polling());
    case 'ping-runner':
      return pingRunner(tenant, look, memory.polling(), memory.ping);
    case 'list-freezes':
      return listFreezes(tenant);
    case 'list-limits':
      return listLimits(tenant, memory.limits(), now);
  }
}

interface RecordQuery {
  readonly look: Exclude<Look, ActivityLook | FleetLook | EngineLook | LiveLook>;
  readonly caller: Caller;
}

function planOfRecord(
  database: Database,
  tenant: string,
  { look, caller }: RecordQuery,
  memory: Memory,
): LookPlan {
  switch (look.type) {
    case 'read-proposal':
      return readProposal(tenant, look);
    case 'read-runner-proposal':
      return readRunnerProposal(tenant, look);
    case 'list-proposals':
      return listProposals(tenant, look.query, caller);
    case 'list-writebacks':
      return listWritebacks(tenant, look.query, caller);
    case 'replay-proposal':
      return replayProposal(tenant, look);
    case 'read-ledger':
      return readLedger(tenant, look);
    case 'export-ledger':
      return exportLedger(tenant, look);
    case 'replay-handle':
      return replayHandle(tenant, look, { ...memory, database });
    case 'read-evidence':
      return readEvidence(tenant, look);
    case 'search':
      return searchPlan(tenant, look, { ...memory, database });
    case 'rebuild':
      return rebuildPlan({ ...memory, database });
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
    case 'read-action':
      return readAction(tenant, look);
    case 'list-actions':
      return listActions(tenant, look, caller);
    case 'list-targets':
      return listTargets(tenant);
    case 'action-events':
      return actionEvents(tenant, look);
    case 'read-run':
      return readRun(tenant, look);
    case 'explain-run':
      return explainRunPlan(tenant, look, database);
    case 'list-runs':
      return listRuns(tenant, look, caller);
    case 'read-snapshot':
      return readSnapshot(tenant);
    case 'list-controls':
      return listControls(tenant, look);
    case 'read-control':
      return readControl(tenant, look);
    case 'control-changes':
      return listControlChanges(tenant, look);
    case 'list-policies':
      return listPolicies(tenant);
    case 'read-policy':
      return readPolicy(tenant, look);
    case 'test-policy':
      return testPolicy(tenant, look);
    case 'replay-policy':
      return replayOver(tenant, look, { ...memory, database });
    case 'read-permission-rules':
      return readPermissionRules();
    case 'list-members':
      return listMembers(tenant, look);
    case 'list-invitations':
      return listInvitations(tenant, look);
    case 'read-claims-mapping':
      return readClaimsMapping(tenant);
    case 'list-credentials':
      return listCredentials(tenant, look);
    case 'read-credential':
      return readCredential(tenant, look);
    case 'read-session':
      return readSession(tenant, look);
    case 'read-entitlements':
      return readEntitlements(tenant);
    case 'read-status':
      return readStatus(tenant);
    case 'read-project':
      return readProject(tenant, look);
    case 'list-sources':
      return listSources(tenant, look);
    case 'read-source':
      return readSource(tenant, look);
    case 'list-origins':
      return listOrigins(tenant);
    case 'runner-doctor':
      return runnerDoctor();
    case 'export-rows':
      return exportRows(tenant, look);
    case 'read-backups':
    case 'take-backup':
    case 'keep-project':
    case 'read-payloads':
    case 'engine-details':
    case 'may':
      return { statements: [], answer: () => answer({ ok: true }) };
  }
}

/** A question that cannot be read is refused after the caller was judged: a stranger learns nothing from how they ask. */
function planOrRefusal(looking: Looking): LookPlan {
  try {
    return planOf(looking);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { refusal } = error;
    return { statements: [], answer: () => ({ ok: false, refusal }) };
  }
}

interface Looking {
  readonly database: Database;
  readonly tenant: string;
  readonly query: Query;
  readonly memory: Memory;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Answers without a turn: who asks, the head and what is asked about come in one batch, so they fit together. */
export async function runLook(
  database: Database,
  tenant: string,
  query: Query,
  memory: Memory,
  now: number,
): Promise<Reply> {
  const plan = planOrRefusal({ database, memory, now, query, tenant });
  const [head, who, set, ...results] = await database.batch([
    { sql: `SELECT ${selectList(heads, 'h')} FROM heads h WHERE h.tenant = ?1`, params: [tenant] },
    callerStatement(tenant, query.caller),
    byKey(settings, 'settings', 'name', tenant, settingsFor(query.caller)),
    ...plan.statements,
  ]);
  const raw = head?.rows[0];
  if (raw === undefined) return refuse('project_not_found', 'there is no such project');
  const standing = (set?.rows ?? []).map((row) => decodeRow(settings, row));
  const known = knownFrom(query.caller, who?.rows[0], standing);
  const { expressions } = memory.vitals();
  const authorized = countedIn(expressions, () => authorize(known, query, now));
  if (!authorized.ok) return { ok: false, refusal: authorized.refusal };
  const context = {
    tenant,
    head: decodeRow(heads, raw),
    identity: authorized.identity,
    now,
    permissions: known.permissionRules(),
    may: (asked: AskType) => authorize(known, { ...query, ask: { type: 'may', asked } }, now).ok,
  };
  const found = results.map((result) => result.rows);
  return countedIn(expressions, () => plan.answer(found, context));
}
