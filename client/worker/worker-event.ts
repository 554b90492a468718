import type { FreezeMark } from '@countersign/protocol/freeze-mark';
import type { AboutTask } from './about-task.ts';

/**
 * What happens to a worker, for whoever watches. Ids, codes and what was thrown: nothing of a task's data, but
 * for what a handler's own error may hold.
 */
export type WorkerEvent =
  /** The control plane knows this worker, and it claims from now on. */
  | { readonly kind: 'introduced' }
  | { readonly kind: 'introduction_failed'; readonly error: unknown; readonly failures: number }
  | { readonly kind: 'claim_failed'; readonly error: unknown; readonly failures: number }
  /** A freeze holds this worker's claims back: told once when it begins, and once when it ends. */
  | { readonly kind: 'frozen' | 'thawed'; readonly freeze: FreezeMark }
  /** A task came that this worker cannot read, or has no handler for; where it goes is told by their paths. */
  | { readonly kind: 'task_not_understood'; readonly paths: readonly string[] }
  | ({ readonly kind: 'task_begun' } & AboutTask)
  | ({ readonly kind: 'renewal_failed'; readonly error: unknown } & AboutTask)
  /** The handler threw something that says nothing to the control plane. */
  | ({ readonly kind: 'handler_failed'; readonly error: unknown } & AboutTask)
  /** The task was canceled, or went to another worker; nothing is reported. */
  | ({ readonly kind: 'task_lost'; readonly code: string } & AboutTask)
  | ({
      readonly kind: 'reported';
      readonly said: 'completed' | 'failed';
      /** Where the task stands then. */
      readonly status: string;
      /** Of the failure. */
      readonly code: string | undefined;
    } & AboutTask)
  | ({ readonly kind: 'report_failed'; readonly error: unknown; readonly failures: number } & AboutTask)
  /** The control plane wants no such thing. Where the claim still stands, that is reported as a failure. */
  | ({ readonly kind: 'report_refused'; readonly error: unknown } & AboutTask)
  /** Nobody heard how it ended: the claim runs out, and the task is done again. */
  | ({ readonly kind: 'report_undelivered' } & AboutTask)
  | { readonly kind: 'returned'; readonly task_id: string; readonly reason: string }
  /** It could not be given back: its claim runs out. */
  | { readonly kind: 'return_failed'; readonly task_id: string; readonly error: unknown }
  /** The worker has read what steers it, and has said so. */
  | { readonly kind: 'control_taken'; readonly revision: number; readonly digest: string }
  | { readonly kind: 'control_failed'; readonly error: unknown; readonly failures: number };
