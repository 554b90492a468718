import { faultFields } from '@countersign/protocol/log/fault-fields';
import type { LogFields } from '@countersign/protocol/log/log-line';
import { problemOf, type Refusal, Refused } from '@countersign/protocol/problem';
import type { RequestTrail } from './request-trail.ts';
import { BadSettings } from './settings.ts';

/** The headers of every answer. Nothing here is for a cache, a frame or another origin. */
export function headersFor(requestId: string): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  };
}

/** The one place where a fault becomes an answer: what is not a refusal is an opaque 500, and logged. */
export function respondToFault(fault: unknown, trail: RequestTrail): Response {
  if (fault instanceof Refused) return respondToRefusal(fault.refusal, trail);
  if (fault instanceof BadSettings) {
    // It names a setting and no value; whoever runs this installation has no other way to hear of it.
    const refusal = { code: 'misconfigured', message: fault.message } as const;
    return respondToRefusal(refusal, trail, {}, { message: fault.message });
  }
  const { requestId } = trail;
  return respondToRefusal(
    { code: 'internal_error', message: `something is wrong on our side; ask about the request ${requestId}` },
    trail,
    {},
    faultFields(fault),
  );
}

/** Answers with a refusal, and logs that it did. */
export function respondToRefusal(
  refusal: Refusal,
  trail: RequestTrail,
  headers: Record<string, string> = {},
  fault: LogFields = {},
): Response {
  const problem = problemOf(refusal, trail.requestId);
  trail.refused(refusal.code, fault);
  return Response.json(problem, {
    status: problem.status,
    headers: {
      ...headersFor(trail.requestId),
      'content-type': 'application/problem+json',
      ...(problem.retry_after_ms === undefined
        ? {}
        : { 'retry-after': String(Math.ceil(problem.retry_after_ms / 1_000)) }),
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
  });
}
