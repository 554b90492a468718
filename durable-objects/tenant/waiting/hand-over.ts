import { leaseJob } from '../jobs/lease-job.ts';
import type { World } from '../turn/world.ts';
import type { Delivery, Waiter } from './waiter.ts';

/**
 * Leases what this turn queued to those who already wait for it, longest wait first: one job to one waiter, so
 * that nobody is woken for nothing, and no second turn stands between an approval and its runner.
 */
export function handOver(world: World, waiters: readonly Waiter[], now: number): Delivery[] {
  const sources = new Set(world.newlyQueued.map((row) => row.source_id));
  const deliveries: Delivery[] = [];
  for (const waiter of waiters) {
    if (sources.size === 0) break;
    if (!sources.has(waiter.sourceId)) continue;
    const rows = world.queue(waiter.sourceId).slice(0, waiter.limit);
    if (rows.length < waiter.limit) sources.delete(waiter.sourceId);
    for (const row of rows) world.append(leaseJob(world.tenant, row, waiter, world.nextSeq, now), now);
    const { waiterId, runnerId } = waiter;
    if (rows.length > 0) deliveries.push({ waiterId, runnerId, sequences: rows.map((row) => row.seq) });
  }
  return deliveries;
}
