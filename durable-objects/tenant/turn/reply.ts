import type { LimitMark } from '@countersign/protocol/limits';
import type { Refusal } from '@countersign/protocol/problem';

/** What a caller gets: an answer with its HTTP status, or a refusal whose status is its code's. */
export type Reply = (
  | { readonly ok: true; readonly status: number; readonly body: Answer }
  | { readonly ok: false; readonly refusal: Refusal }
) & {
  /** Limits that the request has used up most of. */
  readonly near?: readonly LimitMark[];
};

export type Answer = { readonly ok: true } & { readonly [key: string]: unknown };

export function answer(body: Answer, status = 200): Reply {
  return { ok: true, status, body };
}

export function refuse(code: Refusal['code'], message: string, next?: string): Reply {
  return { ok: false, refusal: { code, message, ...(next === undefined ? {} : { next }) } };
}
