export interface TaskFailure extends ErrorOptions {
  /** For people, and it goes into the record: nothing of the data. */
  readonly message?: string | undefined;
  /** Whether another attempt may do better. */
  readonly isRetryable?: boolean | undefined;
  /** How long the next attempt should rest (ms); the control plane decides where nothing is said. */
  readonly retryAfterMs?: number | undefined;
}

/** What a handler throws to say why a task could not be done. Anything else that it throws is `handler_error`. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  readonly code: string;
  /** What is told of it; undefined when only the code is. */
  readonly told: string | undefined;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | undefined;

  /** @param code up to 100 letters, digits and _ . : - */
  constructor(code: string, failure: TaskFailure = {}) {
    const { isRetryable = false, message, retryAfterMs, ...options } = failure;
    super(message ?? code, options);
    this.code = code;
    this.told = message;
    this.isRetryable = isRetryable;
    this.retryAfterMs = retryAfterMs;
  }
}
