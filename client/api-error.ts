/** One thing that is wrong with a request. */
export interface ApiIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface ApiErrorFacts {
  /** The HTTP status; undefined when no answer came that could be the control plane's. */
  readonly status: number | undefined;
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  /** What would pass. */
  readonly next?: string | undefined;
  readonly issues?: readonly ApiIssue[] | undefined;
}

/** A call that did not succeed: what the control plane refused, or why it could not be asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number | undefined;
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  readonly next: string | undefined;
  readonly issues: readonly ApiIssue[];

  constructor(message: string, facts: ApiErrorFacts, options?: ErrorOptions) {
    super(message, options);
    this.status = facts.status;
    this.code = facts.code;
    this.retryable = facts.retryable;
    this.retryAfterMs = facts.retryAfterMs;
    this.requestId = facts.requestId;
    this.next = facts.next;
    this.issues = facts.issues ?? [];
  }

  /** The control plane has said no to this very request: sending it again cannot help. */
  get isRefusal(): boolean {
    return this.status !== undefined && this.status >= 400 && this.status < 500 && !this.retryable;
  }

  /** The credential, not the request, is at fault. */
  get isUnauthorized(): boolean {
    return this.status === 401 || this.status === 403;
  }
}
