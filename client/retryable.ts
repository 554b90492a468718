/** Answers that pass by themselves, whatever their body says (PROTOCOL 1.4). A plain 500 is not among them. */
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

/** Faults of the network or the name service; the request may or may not have arrived. */
const PASSING_FAULTS: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Whether the same request may succeed later, by what the control plane answered. */
export function isRetryableAnswer(status: number, retryable: boolean | undefined): boolean {
  return retryable === true || PASSING_STATUS.has(status);
}

/**
 * Whether a failure of `fetch` may pass, by the `code` of its cause. What has no code we know (a bad
 * certificate, a refused port) does not change by asking again soon.
 */
export function isRetryableFault(code: string | undefined): boolean {
  return code !== undefined && PASSING_FAULTS.has(code);
}

/** The `code` of a thrown value or of the causes below it, the deepest one that has any. */
export function faultCode(thrown: unknown): string | undefined {
  let code: string | undefined;
  let error: unknown = thrown;
  for (let depth = 0; error instanceof Error && depth < 5; depth += 1) {
    if ('code' in error && typeof error.code === 'string') code = error.code;
    error = error.cause ?? firstOf(error);
  }
  return code;
}

/** Trying several addresses of one host fails with one error that gathers theirs. */
function firstOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : undefined;
}
