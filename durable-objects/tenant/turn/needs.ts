import { proposalIdOfJob } from '@countersign/protocol/ids';
import { type ActionAsk, isAboutActions } from '../actions/action-asks.ts';
import { addActionNeeds } from '../actions/action-needs.ts';
import { type ControlAsk, isAboutControl } from '../control/control-asks.ts';
import { addControlNeeds } from '../control/control-needs.ts';
import type { ExportAsk } from '../exports/export-asks.ts';
import { type FreezeAsk, isAboutFreezes } from '../freezes/freeze-asks.ts';
import { addFreezeNeeds } from '../freezes/freeze-needs.ts';
import type { TallyName } from '../limits/tally.ts';
import { addPeopleNeeds, isAboutPeople, type PeopleAsk } from '../members/about-people.ts';
import { readRehearsalId } from '../rehearsals/rehearsal-id.ts';
import { isAboutRuns, type RunAsk } from '../runs/run-asks.ts';
import { addRunNeeds } from '../runs/run-needs.ts';
import type { Waiter } from '../waiting/waiter.ts';
import type { Ask, AskOf, Caller, Command, Key } from './command.ts';
import { forEachTable, type KeyedName, keyedNames } from './keyed-tables.ts';

/** The rows that a command's rule may look at. A turn fetches the union of its commands' needs in one batch. */
export interface Needs {
  readonly rows: { readonly [Name in KeyedName]: Set<string> };
  readonly proposals: Set<string>;
  /** Proposals whose change set may have to go out as a job in this turn. */
  readonly submissions: Set<string>;
  /** Leases: whoever reports under an old one must have held it. */
  readonly leases: Set<string>;
  /** Bodies of entries, by their sequence. */
  readonly bodies: Set<number>;
  readonly keys: Set<string>;
  readonly events: Map<string, readonly [runnerId: string, eventId: string]>;
  /** How many queued jobs of each source. */
  readonly queue: Map<string, number>;
  /** How many rehearsals that wait of each source. */
  readonly rehearsals: Map<string, number>;
  /** How many actions or tasks of each lane. */
  readonly lanes: Map<string, number>;
  /** How many there are of these. */
  readonly tallies: Set<TallyName>;
  /** All members, to know whether anybody could do something. */
  roster: boolean;
  /** Rows whose time has come, and the first of each lane whose time has not. */
  due: boolean;
}

export function noNeeds(): Needs {
  return {
    rows: forEachTable(() => new Set<string>()),
    proposals: new Set(),
    submissions: new Set(),
    leases: new Set(),
    bodies: new Set(),
    keys: new Set(),
    events: new Map(),
    queue: new Map(),
    rehearsals: new Map(),
    lanes: new Map(),
    tallies: new Set(),
    roster: false,
    due: false,
  };
}

/** Adds what rules found out, while deciding, that they lack. */
export function addLacks(needs: Needs, { rows, bodies, lanes, proposals, roster, tallies }: Lacks): void {
  for (const name of keyedNames) for (const key of rows[name]) needs.rows[name].add(key);
  for (const seq of bodies) needs.bodies.add(seq);
  for (const id of proposals) needs.proposals.add(id);
  for (const [lane, limit] of lanes) needs.lanes.set(lane, Math.max(limit, needs.lanes.get(lane) ?? 0));
  for (const name of tallies) needs.tallies.add(name);
  if (roster) needs.roster = true;
}

/** What can be found to lack: a rule that looked for one of these decides again once it has been read. */
export type Lacks = Pick<Needs, 'rows' | 'bodies' | 'lanes' | 'proposals' | 'roster' | 'tallies'>;

export function lacksAny({ rows, bodies, lanes, proposals, roster, tallies }: Lacks): boolean {
  const others = bodies.size + lanes.size + proposals.size + tallies.size;
  return roster || others > 0 || keyedNames.some((name) => rows[name].size > 0);
}

export function needsOf(commands: readonly Command[]): Needs {
  const needs = noNeeds();
  for (const command of commands) {
    addCaller(needs, command.caller);
    addAsk(needs, command);
    // Whatever enters a queue, or is asked for, may be held back.
    needs.rows.settings.add('freezes');
  }
  return needs;
}

/** So many credentials of those who wait are looked at beforehand; one more is a lack, and costs a second decision. */
const MOST_PREPARED = 4;
/** Jobs of a source that one turn hands to those who waited for the end of a freeze. */
const MOST_AT_FRONT = 256;
const queueing: ReadonlySet<Command['ask']['type']> = new Set<Command['ask']['type']>([
  ...(['propose', 'submit', 'request', 'revise', 'look', 'report-rehearsal'] as const),
  ...(['decide', 'release', 'requeue', 'report', 'sweep'] as const),
  ...(['request-action', 'decide-action', 'confirm-action', 'return-action'] as const),
  ...(['settle-action', 'recover-actions', 'cancel-action', 'lift-freeze'] as const),
  ...(['submit-command', 'add-steps', 'complete-task', 'fail-task', 'return-task', 'cancel-task'] as const),
]);

/** Whoever waits and may be handed something in this turn, must still be who they were. */
export function addWaiters(needs: Needs, commands: readonly Command[], waiters: readonly Waiter[]): void {
  if (!commands.some(({ ask }) => queueing.has(ask.type))) return;
  const credentials = new Set(waiters.map(({ actor }) => actor.id));
  for (const id of [...credentials].slice(0, MOST_PREPARED)) needs.rows.credentials.add(id);
  if (commands.some(({ ask }) => ask.type === 'sweep' || ask.type === 'lift-freeze'))
    addFronts(needs, waiters);
}

/** What stood still while a freeze held may be handed out at once when it ends. */
function addFronts(needs: Needs, waiters: readonly Waiter[]): void {
  for (const { kind = 'job', limit, sourceId } of waiters) {
    if (kind !== 'job' && kind !== 'rehearsal') continue;
    const fronts = kind === 'job' ? needs.queue : needs.rehearsals;
    fronts.set(sourceId, Math.min((fronts.get(sourceId) ?? 0) + limit, MOST_AT_FRONT));
  }
}

export function addCaller(needs: Needs, caller: Caller): void {
  if (caller.kind !== 'system') needs.rows.settings.add('permissions');
  if (caller.kind === 'person') {
    needs.rows.members.add(caller.person);
    needs.rows.settings.add('claims').add('sessions');
  }
  if (caller.kind !== 'person' && caller.kind !== 'system') needs.rows.credentials.add(caller.credentialId);
}

function addAsk(needs: Needs, { ask, key }: Command): void {
  if (isAboutActions(ask)) {
    if (key !== null) needs.keys.add(key.key);
    addActionNeeds(needs, ask);
  } else if (isAboutControl(ask)) {
    if (key !== null) needs.keys.add(key.key);
    addControlNeeds(needs, ask);
  } else if (isAboutFreezes(ask)) {
    if (key !== null) needs.keys.add(key.key);
    addFreezeNeeds(needs, ask);
  } else if (isAboutRuns(ask)) {
    if (key !== null) needs.keys.add(key.key);
    addRunNeeds(needs, ask);
  } else if (isAboutPeople(ask)) {
    if (key !== null) needs.keys.add(key.key);
    addPeopleNeeds(needs, ask);
  } else if (ask.type === 'request-export') {
    if (key !== null) needs.keys.add(key.key);
  } else {
    addWork(needs, ask, key);
  }
}

function addWork(
  needs: Needs,
  ask: Exclude<Ask, PeopleAsk | ActionAsk | ControlAsk | FreezeAsk | RunAsk | ExportAsk>,
  key: Key | null,
): void {
  switch (ask.type) {
    case 'propose':
    case 'submit':
      addProposed(needs, ask.request);
      if (key !== null) needs.keys.add(key.key);
      return;
    case 'decide':
      needs.submissions.add(ask.proposalId);
      return;
    case 'request':
      needs.rows.capabilities.add(ask.request.capability);
      needs.rows.settings.add('policies');
      if (key !== null) needs.keys.add(key.key);
      return;
    case 'revise':
    // A runner that waits is handed the look in this very turn, with what it is about.
    case 'look':
      needs.submissions.add(ask.proposalId);
      return;
    case 'cancel':
    case 'send-back':
      needs.proposals.add(ask.proposalId);
      return;
    case 'claim-rehearsals': {
      const { source_id, runner_id, limit } = ask.request;
      needs.rows.sources.add(source_id);
      needs.rows.runners.add(runner_id);
      needs.rehearsals.set(source_id, (needs.rehearsals.get(source_id) ?? 0) + limit);
      return;
    }
    case 'report-rehearsal': {
      const proposalId = readRehearsalId(ask.rehearsalId)?.proposalId;
      if (proposalId !== undefined) needs.submissions.add(proposalId);
      needs.rows.settings.add('policies');
      return;
    }
    // Which contract, version and capabilities it is about, the rule finds out; and what was noted before.
    case 'push-contract':
    case 'note-limit':
      return;
    case 'save-policy':
      needs.rows.policies.add(ask.document.name);
      for (const name of ask.document.applies_to) needs.rows.capabilities.add(name);
      return;
    case 'activate-policy':
    case 'retire-policy':
      needs.rows.policies.add(ask.name);
      needs.rows.settings.add('policies');
      return;
    case 'save-permission-rules':
    case 'enforce-permission-rules':
      needs.roster = true;
      return;
    case 'activate-contract':
      needs.rows.contracts.add(ask.contractId);
      needs.rows.versions.add(ask.versionId);
      return;
    case 'claim':
      needs.rows.sources.add(ask.request.source_id);
      needs.rows.runners.add(ask.request.runner_id);
      needs.queue.set(
        ask.request.source_id,
        (needs.queue.get(ask.request.source_id) ?? 0) + ask.request.limit,
      );
      return;
    case 'renew':
      addJob(needs.proposals, ask.jobId);
      needs.rows.runners.add(ask.request.runner_id);
      return;
    // What was approved is what a result is held against.
    case 'report':
      addJob(needs.submissions, ask.jobId);
      needs.leases.add(ask.request.lease_id);
      return;
    case 'release':
    case 'requeue':
      addJob(needs.submissions, ask.jobId);
      return;
    case 'discard':
      addJob(needs.proposals, ask.jobId);
      return;
    case 'drain-runner':
    case 'archive-runner':
      needs.rows.runners.add(ask.runnerId);
      return;
    case 'register':
    case 'heartbeat':
      needs.rows.runners.add(ask.request.runner_id);
      return;
    case 'record':
      needs.events.set(`${ask.request.runner_id} ${ask.request.event_id}`, [
        ask.request.runner_id,
        ask.request.event_id,
      ]);
      needs.rows.runners.add(ask.request.runner_id);
      if (ask.request.proposal_id !== undefined) needs.proposals.add(ask.request.proposal_id);
      return;
    case 'sweep':
      needs.due = true;
      return;
  }
}

/** What a complete change set is held against, by whichever way it came. */
function addProposed(needs: Needs, { source_id, change_set }: AskOf<'propose' | 'submit'>['request']): void {
  needs.rows.sources.add(source_id);
  if (change_set.proposal_id !== undefined) needs.proposals.add(change_set.proposal_id);
  needs.rows.capabilities.add(change_set.action);
  needs.rows.settings.add('policies');
  if ('compensation' in change_set)
    needs.submissions.add(change_set.compensation.descriptor.forward_proposal_id);
}

function addJob(proposals: Set<string>, jobId: string): void {
  const proposalId = proposalIdOfJob(jobId);
  if (proposalId !== undefined) proposals.add(proposalId);
}
