import type { completeTaskSchema, progressSchema } from '@countersign/protocol/run/run-requests';
import type { ClaimedTask } from '@countersign/protocol/run/task';
import type * as z from 'zod';

/** How far a task is. */
export type TaskProgress = z.infer<typeof progressSchema>;

/** What a task came to, what it made, and what follows from it. */
export type TaskOutcome = Pick<z.input<typeof completeTaskSchema>, 'artifacts' | 'result' | 'steps'>;

export interface TaskContext {
  /** Aborts when nobody wants the outcome any more; its reason is a `TaskEnded`. */
  readonly signal: AbortSignal;
  /** Says how far it is; the newest goes out with the next renewal. Throws for what the wire does not take. */
  progress(progress: TaskProgress): void;
}

/** Does a task. It may be called again for the same one, also while a lost worker is still at it. */
export type TaskHandler = (task: ClaimedTask, context: TaskContext) => TaskOutcome | Promise<TaskOutcome>;

/** Why a handler was stopped: the code that the control plane refused with, or `worker_stopped`. */
export class TaskEnded extends Error {
  override readonly name = 'TaskEnded';
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`the task is no longer wanted of this worker: ${code}`, options);
    this.code = code;
  }
}
