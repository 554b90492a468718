import * as z from 'zod';
import type { GuardedFetch } from './guarded-fetch.ts';
import { HttpFault } from './http-fault.ts';
import { jsonOf } from './http-outcome.ts';
import { retryAfterMs } from './read-answer.ts';

/** Slack names no time with some of its 429. */
const RATE_LIMIT_MS = 30_000;

/** All that is looked at of an answer: of the rest the library makes lines of a log, and trips over it. */
const answerSchema = z.object({
  ok: z.boolean().optional(),
  error: z.unknown().optional(),
  ts: z.string().optional(),
  messages: z.unknown().optional(),
  has_more: z.unknown().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional().catch(undefined),
});

/** A fetch whose answers Slack's library can read: no 429 without a time, and no yes that is not an object. */
export function slackFetch(fetch: GuardedFetch): GuardedFetch {
  return async (url, request) => {
    const answer = await fetch(url, request);
    const { headers, status } = answer;
    if (status === 429) {
      const seconds = Math.ceil((retryAfterMs(headers.get('retry-after')) ?? RATE_LIMIT_MS) / 1_000);
      return new Response(null, { status, headers: { 'retry-after': String(seconds) } });
    }
    if (status !== 200) return answer;
    const parsed = answerSchema.safeParse(await jsonOf(answer));
    if (!parsed.success) throw new HttpFault('answer_invalid', { wasSent: true, status });
    return Response.json(parsed.data);
  };
}
