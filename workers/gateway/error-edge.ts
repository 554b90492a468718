import { type Problem, problemOf, type Refusal, Refused } from '@countersign/protocol/problem';

/** The headers of every answer. Nothing here is for a cache, a frame or another origin. */
export function headersFor(requestId: string): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  };
}

/** The one place where a fault becomes an answer: what is not a refusal is an opaque 500, and logged. */
export function respondToFault(fault: unknown, requestId: string): Response {
  if (fault instanceof Refused) return respondToRefusal(fault.refusal, requestId);
  const error = fault instanceof Error ? `${fault.name}: ${fault.message}` : 'unknown';
  log('error', 'gateway_fault', {
    request_id: requestId,
    error,
    stack: fault instanceof Error ? fault.stack : undefined,
  });
  return respondToRefusal(
    { code: 'internal_error', message: `something is wrong on our side; ask about the request ${requestId}` },
    requestId,
  );
}

export function respondToRefusal(
  refusal: Refusal,
  requestId: string,
  headers: Record<string, string> = {},
): Response {
  const problem = problemOf(refusal, requestId);
  if (isDenial(problem)) log('warn', 'denied', { request_id: requestId, code: problem.error_code });
  return Response.json(problem, {
    status: problem.status,
    headers: {
      ...headersFor(requestId),
      'content-type': 'application/problem+json',
      ...(problem.retry_after_ms === undefined
        ? {}
        : { 'retry-after': String(Math.ceil(problem.retry_after_ms / 1_000)) }),
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
  });
}

function isDenial({ status }: Problem): boolean {
  return status === 401 || status === 403;
}

export function log(level: 'warn' | 'error', event: string, fields: Record<string, unknown>): void {
  console[level](JSON.stringify({ level, event, ...fields }));
}
