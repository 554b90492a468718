import { type ClaimedTask, claimedTaskSchema } from '@countersign/protocol/run/task';
import { foreignIdSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { returnTask } from './return-task.ts';
import { workTask } from './work-task.ts';
import type { Pool, WorkerParts } from './worker-parts.ts';

/** What has to be legible of a task to give it back. */
const heldSchema = z.object({ task_id: foreignIdSchema, claim_id: foreignIdSchema });

/**
 * Begins a claimed task, or gives it back. One that this worker does not understand is for another, newer one; one
 * without so much as its ids is let lapse.
 */
export function takeTask(parts: WorkerParts, pool: Pool, given: unknown, serverTime: string): void {
  const { drain, hands, tell } = parts;
  const back = (task: z.infer<typeof heldSchema>, reason: 'busy' | 'draining' | 'not_configured') =>
    hands.take(pool, () => returnTask(parts, task, reason));
  const parsed = claimedTaskSchema.safeParse(given);
  const handler = handlerOf(pool, parsed.data);
  if (parsed.data === undefined || handler === undefined) {
    const paths = parsed.error?.issues.map(({ path }) => path.join('.')) ?? ['plan.handler'];
    tell({ kind: 'task_not_understood', paths });
    const held = heldSchema.safeParse(given);
    if (held.success) back(held.data, 'not_configured');
    return;
  }
  const task = parsed.data;
  // Its answer was on the way when the worker was told to drain.
  if (drain.aborted) back(task, 'draining');
  // More than were asked for.
  else if (hands.taken(pool) >= pool.atOnce) back(task, 'busy');
  else hands.take(pool, () => workTask(parts, task, serverTime, handler));
}

function handlerOf({ handlers }: Pool, task: ClaimedTask | undefined) {
  return task === undefined ? undefined : handlers.get(task.plan.handler);
}
