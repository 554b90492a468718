import * as z from 'zod';
import type { GuardedFetch } from './guarded-fetch.ts';
import { HttpFault } from './http-fault.ts';
import { jsonOf } from './http-outcome.ts';

const yesSchema = z.looseObject({ error: z.undefined().optional() });
const noSchema = z.looseObject({ error: z.looseObject({}) });

/**
 * A fetch whose answers Stripe's library can tell apart: it looks for an `error` in them and not at their status, and
 * would take a front's 502 with some JSON for a refund.
 */
export function stripeFetch(fetch: GuardedFetch): GuardedFetch {
  return async (url, request) => {
    const answer = await fetch(url, request);
    const { headers, ok, status } = answer;
    const parsed = (ok ? yesSchema : noSchema).safeParse(await jsonOf(answer));
    if (!parsed.success) throw new HttpFault('answer_invalid', { wasSent: true, status });
    return Response.json(parsed.data, { status, headers });
  };
}
