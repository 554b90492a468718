import * as z from 'zod';
import { type ErrorCode, errorCodes } from './error-codes.ts';
import type { LimitMark } from './limits.ts';

/** One thing that is wrong with a request: where, which rule, in words. */
export const issueSchema = z.object({ path: z.string(), code: z.string(), message: z.string() });
export type Issue = z.infer<typeof issueSchema>;

/**
 * The one shape of every error: the members of problem details (RFC 9457), those that existing clients read
 * (PROTOCOL 1.4), and `next`, which says what would pass.
 */
export const problemSchema = z.object({
  ok: z.literal(false),
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  error: z.string(),
  error_code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  retry_after_ms: z.int().min(0).optional(),
  request_id: z.string(),
  next: z.string().optional(),
  errors: z.array(issueSchema).optional(),
  /** The limit that is reached. */
  limit: z.object({ name: z.string(), used: z.int(), limit: z.int() }).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** A refusal before it is tied to a request: what a rule returns and the edge turns into a `Problem`. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next?: string;
  readonly errors?: readonly Issue[];
  readonly retryAfterMs?: number;
  readonly limit?: LimitMark;
}

const DEFAULT_RETRY_AFTER_MS = 1_000;

export function problemOf(refusal: Refusal, requestId: string): Problem {
  const { status, retryable, title } = errorCodes[refusal.code];
  return {
    ok: false,
    type: `urn:countersign:error:${refusal.code}`,
    title,
    status,
    detail: refusal.message,
    error: refusal.code,
    error_code: refusal.code,
    message: refusal.message,
    retryable,
    ...(retryable ? { retry_after_ms: refusal.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS } : {}),
    request_id: requestId,
    ...(refusal.next === undefined ? {} : { next: refusal.next }),
    ...(refusal.errors === undefined ? {} : { errors: [...refusal.errors] }),
    ...(refusal.limit === undefined ? {} : { limit: { ...refusal.limit } }),
  };
}

/** A refusal thrown across a boundary that returns no values (authentication, parsing). */
export class Refused extends Error {
  override name = 'Refused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.refusal = refusal;
  }
}
