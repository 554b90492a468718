import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import Stripe from 'stripe';
import type { Found } from './executor.ts';
import { HttpFault } from './http-fault.ts';
import { outcomeOfFault } from './http-outcome.ts';
import { failed, misconfigured, retry, unknown, wordOf } from './outcomes.ts';
import { retryAfterMs } from './read-answer.ts';

/** What is true after Stripe's library threw. Rethrows what it should not have thrown. */
export function outcomeOfStripe(error: unknown): ActionOutcome {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const code = wordOf(error.code) ?? wordOf(error.rawType) ?? statusCode(error);
  if (error instanceof Stripe.errors.StripeConnectionError) return outcomeOfFault(faultOf(error));
  // Also a lock that somebody else holds on the payment: Stripe did nothing.
  if (error instanceof Stripe.errors.StripeRateLimitError) {
    return retry(code, retryAfterMs(error.headers?.['retry-after']));
  }
  if (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  ) {
    return misconfigured('credentials_refused');
  }
  if (
    error instanceof Stripe.errors.StripeCardError ||
    error instanceof Stripe.errors.StripeIdempotencyError ||
    error instanceof Stripe.errors.StripeInvalidRequestError
  ) {
    return failed(code);
  }
  // A key that is in use just now, every 5xx, and whatever is no answer of Stripe's.
  return unknown(code);
}

export function notFoundOutAtStripe(error: unknown): Found {
  const outcome = outcomeOfStripe(error);
  return { found: 'unknown', code: outcome.code ?? 'not_asked' };
}

/** What our own fetch threw; else the answer broke off after its head, which is as if it had been lost. */
function faultOf({ detail }: { detail?: unknown }): HttpFault {
  return detail instanceof HttpFault ? detail : new HttpFault('connection_lost', { wasSent: true });
}

function statusCode({ statusCode: status }: { statusCode?: number | undefined }): string {
  return status === undefined ? 'answer_invalid' : `http_${status}`;
}
