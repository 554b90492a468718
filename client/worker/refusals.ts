import { ApiError } from '../api-error.ts';

const GONE: ReadonlySet<string> = new Set([
  'claim_expired',
  'claim_foreign',
  'claim_required',
  'confirm_differs',
  'task_canceled',
  'task_ended',
  'task_not_found',
]);

/** The task has gone its way without this worker: there is nothing more to say of it. */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && error.isRefusal && GONE.has(error.code);
}

/** The control plane has looked at this very request and wants no such thing. A token may be replaced while there is time. */
export function isFinal(error: unknown): error is ApiError {
  return error instanceof ApiError && error.isRefusal && error.status !== 401;
}
