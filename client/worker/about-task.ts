import type { ClaimedTask } from '@countersign/protocol/run/task';

/** One task in one worker's hands. */
export interface AboutTask {
  readonly task_id: string;
  readonly run_id: string;
  readonly handler: string;
  readonly attempt: number;
}

export function aboutTask({ attempt, plan, run_id, task_id }: ClaimedTask): AboutTask {
  return { task_id, run_id, handler: plan.handler, attempt };
}
