import * as z from 'zod';
import type { Trouble } from './hosting-provider.ts';
import { busy, NOT_ALLOWED, rejected, unknown, unreachable } from './troubles.ts';

/** What became of a request. `lost`: no answer, or not all of it, so that nobody knows what was done. */
export type FlyReply =
  | {
      readonly kind: 'answer';
      readonly isWrite: boolean;
      readonly status: number;
      /** Undefined when the body is not JSON. */
      readonly json: unknown;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: 'lost'; readonly isWrite: boolean }
  /** There was no time left for it. */
  | { readonly kind: 'not_sent'; readonly retryAfterMs: number };

/** Where a refusal for its pace does not say when to come back: the limit is one request a second. */
const PACE_MS = 1_000;

/**
 * Refusals that pass by themselves. 409: somebody is changing the machine, or its host is full. 412: the secrets that a
 * machine is to have are not at its host yet.
 */
const PASSING_STATUS: ReadonlySet<number> = new Set([409, 412, 425]);

/**
 * The `status` beside `error` in a refusal: `name_taken`, `insufficient_capacity` (the Go client of Fly, superfly/fly-go,
 * flaps/flaps_error.go). Without digits and capitals, as tokens have them.
 */
const WORD = /^[a-z][a-z_]{1,39}$/;
const refusalSchema = z.object({ status: z.string().regex(WORD) });

export function statusOf(reply: FlyReply): number | undefined {
  return reply.kind === 'answer' ? reply.status : undefined;
}

export function isYes(reply: FlyReply): boolean {
  return reply.kind === 'answer' && reply.status >= 200 && reply.status <= 299;
}

/** What a yes says; undefined when it is no yes, or does not say what is read of it. */
export function answerOf<Answer extends z.ZodType>(
  schema: Answer,
  reply: FlyReply,
): z.infer<Answer> | undefined {
  if (reply.kind !== 'answer' || !isYes(reply)) return undefined;
  const parsed = schema.safeParse(reply.json);
  return parsed.success ? parsed.data : undefined;
}

/**
 * What a reply means that is not the yes that was wanted (the statuses: fly.io/docs/machines/api/working-with-machines-api).
 * A 408 and a 5xx come from what stands between the API and the machine's host, so a write may have been done; and so it
 * may after a yes that cannot be read.
 */
export function troubleOf(reply: FlyReply): Trouble {
  if (reply.kind === 'not_sent') return busy(reply.retryAfterMs);
  if (reply.kind === 'lost') return reply.isWrite ? unknown() : unreachable();
  const { isWrite, json, retryAfterMs, status } = reply;
  if (status === 401 || status === 403) return NOT_ALLOWED;
  if (status === 429) return busy(retryAfterMs ?? PACE_MS);
  if (status <= 299 || status === 408 || status >= 500)
    return isWrite ? unknown(retryAfterMs) : unreachable(retryAfterMs);
  const refusal = refusalSchema.safeParse(json);
  const word = refusal.success ? refusal.data.status : `http_${status}`;
  return rejected(word, PASSING_STATUS.has(status) || word === 'insufficient_capacity');
}
