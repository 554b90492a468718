import type { ReturnTask } from '@countersign/protocol/run/run-requests';
import type { WorkerParts } from './worker-parts.ts';

/**
 * Gives a task back, which costs it no attempt. Said once: where that is not heard, the claim runs out.
 */
export async function returnTask(
  { lastWord, tasks, tell, workerId }: WorkerParts,
  { claim_id, task_id }: { readonly claim_id: string; readonly task_id: string },
  reason: ReturnTask['reason'],
): Promise<void> {
  try {
    await tasks.return(task_id, { runner_id: workerId, claim_id, reason }, { signal: lastWord });
    tell({ kind: 'returned', task_id, reason });
  } catch (error) {
    tell({ kind: 'return_failed', task_id, error });
  }
}
