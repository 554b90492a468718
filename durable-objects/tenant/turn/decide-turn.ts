import { authorize } from '../access/authorize.ts';
import { claimedForm } from '../actions/claimed-form.ts';
import { followUp } from '../actions/follow-up.ts';
import { freezeQueued } from '../freezes/freeze-rows.ts';
import type { Held } from '../hold.ts';
import { recall, remember } from '../idempotency/recall.ts';
import { claimedJob } from '../jobs/job-form.ts';
import { withinLimits } from '../limits/within-limits.ts';
import { rehearsalForm } from '../rehearsals/rehearsal-form.ts';
import { tasksAnswer } from '../runs/claim-tasks.ts';
import { claimedTask } from '../runs/claimed-task.ts';
import { followLinked, followStep } from '../runs/follow-run.ts';
import { heldAs, stirredByFreezes } from '../waiting/frozen-waiters.ts';
import { handOver } from '../waiting/hand-over.ts';
import type { Delivery, Waiter } from '../waiting/waiter.ts';
import { applyRule } from './apply-rule.ts';
import type { AskOf, AskType, Call, Command } from './command.ts';
import type { Ended } from './ended.ts';
import type { Draft } from './event.ts';
import type { Outcome } from './outcome.ts';
import { answer, type Reply, refuse } from './reply.ts';
import type { World } from './world.ts';

/** The answer to a held poll, and whose poll that is. */
export interface HeldAnswer {
  readonly waiterId: string;
  readonly runnerId: string;
  readonly reply: Reply;
}

/** A claim that is held from now on. */
export interface Admitted {
  readonly waiterId: string;
  readonly held: Held;
}

/** What a turn decided: an answer for each command, and jobs for those who wait. */
export interface Decided {
  readonly replies: readonly Reply[];
  readonly deliveries: readonly HeldAnswer[];
  /** Held claims that were authorized in this turn and found nothing. */
  readonly admitted: readonly Admitted[];
  /** Runners whose polls are to end, because they take no more work. */
  readonly dismissed: readonly string[];
  /** What went wrong in rules, for the log. */
  readonly faults: readonly unknown[];
}

/**
 * Decides the commands of a turn in their order; a later one sees what an earlier one did. Pure but for the
 * world, which it changes through `append`, `touch` and `remember` only. Nothing here waits.
 */
export function decideTurn(
  world: World,
  commands: readonly Command[],
  waiters: readonly Waiter[],
  now: number,
): Decided {
  if (world.head === undefined) {
    const reply = refuse('project_not_found', 'there is no such project');
    return { replies: commands.map(() => reply), deliveries: [], admitted: [], dismissed: [], faults: [] };
  }
  const open = new Set(waiters.map(({ waiterId }) => waiterId));
  const outcomes: readonly One[] = commands.map((command) =>
    isServed(command, open) ? { reply: nothing(now) } : decideOne(world, command, now),
  );
  const replies = outcomes.map(({ reply }) => reply);
  const dismissed = outcomes.flatMap((outcome) => outcome.dismissed ?? []);
  const held = commands.flatMap(({ ask }, place) => {
    const reply = replies[place];
    return isClaim(ask) && ask.waiterId !== null && reply?.ok
      ? [{ id: ask.waiterId, jobs: jobsIn(reply) }]
      : [];
  });
  const served = new Set(held.filter(({ jobs }) => jobs > 0).map(({ id }) => id));
  const admitted = held.filter(({ id, jobs }) => jobs === 0 && open.has(id)).map(({ id }) => id);
  const ready = waiters.filter(
    ({ waiterId, isAdmitted, runnerId }) =>
      !served.has(waiterId) && !dismissed.includes(runnerId) && (isAdmitted || admitted.includes(waiterId)),
  );
  const deliveries = handOverAll(world, ready, now).map((delivery) => ({
    waiterId: delivery.waiterId,
    runnerId: delivery.runnerId,
    reply: withDelivery(world, delivery, now),
  }));
  const answered = new Set(deliveries.map(({ waiterId }) => waiterId));
  const idle = ready.filter(({ waiterId }) => !answered.has(waiterId));
  const told = stirredByFreezes(world, idle, now).map((waiter) => ({
    waiterId: waiter.waiterId,
    runnerId: waiter.runnerId,
    reply: nothing(now, heldAs(world, waiter, now)),
  }));
  const faults = outcomes.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  return {
    replies,
    deliveries: [...deliveries, ...told],
    admitted: ready
      .filter(({ waiterId }) => admitted.includes(waiterId))
      .map((waiter) => ({ waiterId: waiter.waiterId, held: heldAs(world, waiter, now) })),
    dismissed,
    faults,
  };
}

/** A held claim that an earlier turn already gave jobs to, or whose runner has gone, gets no second ones. */
function isServed({ ask }: Command, open: ReadonlySet<string>): boolean {
  return isClaim(ask) && ask.waiterId !== null && !open.has(ask.waiterId);
}

type ClaimType = 'claim' | 'claim-rehearsals' | 'claim-actions' | 'claim-tasks';
const claims: ReadonlySet<string> = new Set<ClaimType>([
  ...(['claim', 'claim-rehearsals', 'claim-actions', 'claim-tasks'] as const),
]);

function isClaim(ask: Command['ask']): ask is AskOf<ClaimType> {
  return claims.has(ask.type);
}

function nothing(now: number, held: Held = {}): Reply {
  return answer({
    ok: true,
    jobs: [],
    rehearsals: [],
    actions: [],
    tasks: [],
    ...held,
    server_time: new Date(now).toISOString(),
  });
}

interface One extends Pick<Outcome, 'reply' | 'dismissed'> {
  readonly fault?: unknown;
}

/** A fault in one command is that command's alone: the others of its turn get their answers. */
function decideOne(world: World, command: Command, now: number): One {
  try {
    return decideSafe(world, command, now);
  } catch (fault) {
    const message = 'something is wrong on our side; nothing was changed';
    return { reply: refuse('internal_error', message), fault };
  }
}

function decideSafe(world: World, command: Command, now: number): One {
  const authorized = authorize(world, command, now);
  if (!authorized.ok) return { reply: { ok: false, refusal: authorized.refusal } };
  const also = alsoAsked(command.ask);
  const allowed = also === undefined ? authorized : authorize(world, asMay(command, also), now);
  if (!allowed.ok) return { reply: { ok: false, refusal: allowed.refusal } };
  const recalled = recall(world, command, now);
  if (recalled !== undefined) return { reply: recalled };
  const outcome = withinLimits(world, applyRule(world, command.ask, authorized.identity, now), now);
  const { reply, entries, volatile, leased, rehearsed, claimed, taken } = outcome;
  world.appendAll(entries, now);
  followAll(world, now);
  if (volatile !== undefined) world.touch(volatile);
  if (entries.length > 0) remember(world, command, reply, now);
  if (entries.length > 0) noteUse(world, command, now);
  if (taken !== undefined) return { reply: withTasks(world, taken, now) };
  if (claimed !== undefined) return { reply: withActions(world, claimed, now) };
  if (rehearsed !== undefined) return { reply: withRehearsals(world, rehearsed, now) };
  return leased === undefined ? outcome : { reply: withJobs(world, leased, now) };
}

/** What was decided may have others follow from it, and others from those. */
function followAll(world: World, now: number): void {
  for (let ended = world.nextEnded(); ended !== undefined; ended = world.nextEnded()) {
    for (const draft of following(world, ended, now)) world.append(draft, now);
  }
}

function following(world: World, ended: Ended, now: number): Generator<Draft> {
  if ('job' in ended || 'action' in ended) return freezeQueued(world, ended, now);
  if ('step' in ended) return followStep(world, ended.step);
  if ('linked' in ended) return followLinked(world, ended.linked, ended.cameTo);
  return followUp(world, ended);
}

/** What else a command amounts to: to push a version into force is to activate it. */
function alsoAsked(ask: Command['ask']): AskType | undefined {
  return ask.type === 'push-contract' && ask.request.activate ? 'activate-contract' : undefined;
}

function asMay({ caller }: Command, asked: AskType): Call {
  return { caller, ask: { type: 'may', asked }, key: null };
}

/** Hands over, and what follows from that, until nobody who waits can be given anything more. */
function handOverAll(world: World, waiters: readonly Waiter[], now: number): Delivery[] {
  const deliveries: Delivery[] = [];
  for (;;) {
    const served = new Set(deliveries.map(({ waiterId }) => waiterId));
    const left = waiters.filter(({ waiterId }) => !served.has(waiterId));
    const some = handOver(world, left, now);
    followAll(world, now);
    if (some.length === 0) return deliveries;
    deliveries.push(...some);
  }
}

function withDelivery(world: World, delivery: Delivery, now: number): Reply {
  switch (delivery.kind) {
    case 'job':
      return withJobs(world, delivery.sequences, now);
    case 'rehearsal':
      return withRehearsals(world, delivery.sequences, now);
    case 'action':
      return withActions(world, delivery.actionIds, now);
    case 'task':
      return withTasks(world, delivery.taskIds, now);
  }
}

/** The answer to a claim, made after its leases stand. */
function withJobs(world: World, sequences: readonly number[], now: number): Reply {
  const jobs = sequences.map((seq) => {
    const row = world.proposalAt(seq);
    const body = row === undefined ? undefined : world.body(row.body_seq);
    if (row === undefined || body === undefined || !('change_set' in body))
      throw new TypeError(`the submission of ${seq} was not read`);
    return claimedJob(world.tenant, row, body, now);
  });
  return answer({ ok: true, jobs, server_time: new Date(now).toISOString() });
}

/** The answer to a claim of actions, made after they were claimed. */
function withActions(world: World, actionIds: readonly string[], now: number): Reply {
  const actions = actionIds
    .map((id) => world.row('actions', id))
    .map((row) => (row === undefined ? undefined : claimedForm(world, row)))
    .filter((action) => action !== undefined);
  return answer({ ok: true, actions, server_time: new Date(now).toISOString() });
}

/** The answer to a claim of tasks, made after they were leased. */
function withTasks(world: World, taskIds: readonly string[], now: number): Reply {
  const tasks = taskIds
    .map((id) => world.row('steps', id))
    .map((row) => (row === undefined ? undefined : claimedTask(world, row)))
    .filter((task) => task !== undefined);
  return tasksAnswer(world, tasks, now);
}

/** The answer to a claim of rehearsals, made after they were handed out. */
function withRehearsals(world: World, sequences: readonly number[], now: number): Reply {
  const rehearsals = sequences
    .map((seq) => world.proposalAt(seq))
    .map((row) => (row === undefined ? undefined : rehearsalForm(world, row)))
    .filter((rehearsal) => rehearsal !== undefined);
  return answer({ ok: true, rehearsals, server_time: new Date(now).toISOString() });
}

/** Often enough to tell an unused credential, and seldom enough to cost nothing. */
const USE_NOTED_MS = 600_000;

/** When a credential was used last; noted only where the turn writes anyway. */
function noteUse(world: World, { caller }: Command, now: number): void {
  if (caller.kind === 'person' || caller.kind === 'system') return;
  const last = world.credential(caller.credentialId)?.last_used_at ?? 0;
  if (now - last >= USE_NOTED_MS) world.touch({ used: { credential_id: caller.credentialId, at: now } });
}

/** How much a claim's answer carries: jobs, rehearsals, actions or tasks, or that the registry has moved. */
export function jobsIn(reply: Reply): number {
  if (!reply.ok) return 0;
  const { actions, control_moved, jobs, rehearsals, tasks } = reply.body;
  return [jobs, rehearsals, actions, tasks].reduce<number>(
    (sum, list) => sum + (Array.isArray(list) ? list.length : 0),
    control_moved === true ? 1 : 0,
  );
}
