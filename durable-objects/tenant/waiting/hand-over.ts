import { endedBecause } from '../access/credential-state.ts';
import { targetOfLane } from '../actions/action-lane.ts';
import { takeActions } from '../actions/take-actions.ts';
import { freezeOver } from '../freezes/freeze.ts';
import { frontOfQueue } from '../jobs/front-of-queue.ts';
import { leaseJob } from '../jobs/lease-job.ts';
import { queueLane, rehearsalLane } from '../proposals/lane.ts';
import { leaseRehearsal } from '../rehearsals/lease-rehearsal.ts';
import { handlerOfLane } from '../runs/step-lane.ts';
import { takeTasks } from '../runs/take-tasks.ts';
import type { World } from '../turn/world.ts';
import type { Delivery, Waiter } from './waiter.ts';

/**
 * Leases what this turn queued to those who already wait for it, longest wait first: one job to one waiter, so
 * that nobody is woken for nothing, and no second turn stands between an approval and its runner. A poll outlives
 * its request's authorization, so its credential is looked at again before anything is given to it.
 */
export function handOver(world: World, waiters: readonly Waiter[], now: number): Delivery[] {
  return [
    ...handOverRows(world, waiters, now),
    ...handOverActions(world, waiters, now),
    ...handOverTasks(world, waiters, now),
  ];
}

function handOverRows(world: World, waiters: readonly Waiter[], now: number): Delivery[] {
  const lanes = new Set<string | null>(world.newlyQueued.map(({ lane }) => lane));
  if (haveFreezesChanged(world)) for (const waiter of waiters) lanes.add(laneOfWaiter(waiter));
  const deliveries: Delivery[] = [];
  for (const waiter of waiters) {
    if (lanes.size === 0) break;
    const { waiterId, runnerId, sourceId, limit, actor, kind = 'job' } = waiter;
    if (kind === 'action' || kind === 'task') continue;
    const lane = laneOfWaiter(waiter);
    if (!lanes.has(lane) || !countsStill(world, actor.id, now)) continue;
    if (freezeOver(world, { source: sourceId, runner: runnerId }, now) !== undefined) continue;
    const { frozen, ready } =
      kind === 'job' ? frontOfQueue(world, sourceId, limit, now) : noneFrozen(world, waiter);
    for (const draft of frozen) world.append(draft, now);
    const rows = ready.slice(0, limit);
    if (rows.length < limit) lanes.delete(lane);
    const lease = kind === 'job' ? leaseJob : leaseRehearsal;
    for (const row of rows) world.append(lease(world, row, waiter, world.nextSeq, now), now);
    if (rows.length > 0) deliveries.push({ waiterId, runnerId, kind, sequences: rows.map((row) => row.seq) });
  }
  return deliveries;
}

/** A rehearsal writes nothing: the freeze of a contract or an agent lets it be. */
function noneFrozen(world: World, { sourceId }: Waiter): ReturnType<typeof frontOfQueue> {
  return { ready: world.rehearsals(sourceId), frozen: [] };
}

function laneOfWaiter({ kind = 'job', sourceId }: Waiter): string {
  return kind === 'job' ? queueLane(sourceId) : rehearsalLane(sourceId);
}

/** What a freeze held back until now was queued in no turn that looked at those who wait. */
function haveFreezesChanged(world: World): boolean {
  return world.changedRows('settings').some(({ after }) => after.name === 'freezes');
}

/** Actions of targets for which this turn has let one go, or whose rest is over. */
function handOverActions(world: World, waiters: readonly Waiter[], now: number): Delivery[] {
  const stirred = new Set([
    ...world.changedRows('actions').flatMap(({ after }) => targetOfLane(after.lane) ?? []),
    ...world.changedRows('targets').flatMap(({ after }) => (after.state === 'closed' ? [after.target] : [])),
    ...world.rested,
  ]);
  if (haveFreezesChanged(world))
    for (const target of waiters.flatMap(({ targets = [] }) => targets)) stirred.add(target);
  const deliveries: Delivery[] = [];
  for (const waiter of waiters) {
    if (freezeOver(world, { runner: waiter.runnerId }, now) !== undefined) continue;
    const targets = (waiter.targets ?? []).filter((target) => stirred.has(target));
    if (targets.length === 0 || !countsStill(world, waiter.actor.id, now)) continue;
    const { entries, actionIds } = takeActions(world, { ...waiter, targets }, now);
    // Whoever waits behind gets nothing of these either.
    if (entries.length === 0) for (const target of targets) stirred.delete(target);
    for (const entry of entries) world.append(entry, now);
    const { waiterId, runnerId } = waiter;
    if (actionIds.length > 0) deliveries.push({ waiterId, runnerId, kind: 'action', actionIds });
  }
  return deliveries;
}

/** Tasks of handlers for which this turn has made one ready. */
function handOverTasks(world: World, waiters: readonly Waiter[], now: number): Delivery[] {
  const stirred = new Set(world.changedRows('steps').flatMap(({ after }) => handlerOfLane(after.lane) ?? []));
  if (haveFreezesChanged(world))
    for (const handler of waiters.flatMap(({ handlers = [] }) => handlers)) stirred.add(handler);
  const deliveries: Delivery[] = [];
  for (const waiter of waiters) {
    if (freezeOver(world, { runner: waiter.runnerId }, now) !== undefined) continue;
    const handlers = (waiter.handlers ?? []).filter((handler) => stirred.has(handler));
    if (handlers.length === 0 || !countsStill(world, waiter.actor.id, now)) continue;
    const { entries, taskIds } = takeTasks(world, { ...waiter, handlers }, now);
    if (taskIds.length === 0) for (const handler of handlers) stirred.delete(handler);
    for (const entry of entries) world.append(entry, now);
    const { waiterId, runnerId } = waiter;
    if (taskIds.length > 0) deliveries.push({ waiterId, runnerId, kind: 'task', taskIds });
  }
  return [...deliveries, ...tellControl(world, waiters, deliveries, now)];
}

/** Where the registry has changed in this turn, workers that wait are told so, with nothing to do. */
function tellControl(
  world: World,
  waiters: readonly Waiter[],
  served: readonly Delivery[],
  now: number,
): Delivery[] {
  if (!world.changedRows('settings').some(({ after }) => after.name === 'control')) return [];
  const done = new Set(served.map(({ waiterId }) => waiterId));
  return waiters
    .filter(({ kind, waiterId }) => kind === 'task' && !done.has(waiterId))
    .filter(({ actor }) => countsStill(world, actor.id, now))
    .map(({ runnerId, waiterId }) => ({ waiterId, runnerId, kind: 'task', taskIds: [] }));
}

function countsStill(world: World, credentialId: string, now: number): boolean {
  const row = world.credential(credentialId);
  return row !== undefined && endedBecause(row, now) === undefined;
}
