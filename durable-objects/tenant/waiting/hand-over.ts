import { endedBecause } from '../access/credential-state.ts';
import { targetOfLane } from '../actions/action-lane.ts';
import { takeActions } from '../actions/take-actions.ts';
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
  const lanes = new Set(world.newlyQueued.map(({ lane }) => lane));
  const deliveries: Delivery[] = [];
  for (const waiter of waiters) {
    if (lanes.size === 0) break;
    const { waiterId, runnerId, sourceId, limit, actor, kind = 'job' } = waiter;
    if (kind === 'action' || kind === 'task') continue;
    const lane = kind === 'job' ? queueLane(sourceId) : rehearsalLane(sourceId);
    if (!lanes.has(lane) || !countsStill(world, actor.id, now)) continue;
    const waiting = kind === 'job' ? world.queue(sourceId) : world.rehearsals(sourceId);
    const rows = waiting.slice(0, limit);
    if (rows.length < limit) lanes.delete(lane);
    const lease = kind === 'job' ? leaseJob : leaseRehearsal;
    for (const row of rows) world.append(lease(world.tenant, row, waiter, world.nextSeq, now), now);
    if (rows.length > 0) deliveries.push({ waiterId, runnerId, kind, sequences: rows.map((row) => row.seq) });
  }
  return deliveries;
}

/** Actions of targets for which this turn has let one go, or whose rest is over. */
function handOverActions(world: World, waiters: readonly Waiter[], now: number): Delivery[] {
  const stirred = new Set([
    ...world.changedRows('actions').flatMap(({ after }) => targetOfLane(after.lane) ?? []),
    ...world.changedRows('targets').flatMap(({ after }) => (after.state === 'closed' ? [after.target] : [])),
    ...world.rested,
  ]);
  const deliveries: Delivery[] = [];
  for (const waiter of waiters) {
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
  const deliveries: Delivery[] = [];
  for (const waiter of waiters) {
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
