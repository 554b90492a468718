import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import Stripe from 'stripe';
import * as z from 'zod';
import type { Effect, Executor, Found } from './executor.ts';
import { guardedFetch, type HttpGuard } from './guarded-fetch.ts';
import { failed, misconfigured, succeeded, unknown } from './outcomes.ts';
import { readHeaderSecret, type SecretReader } from './secret-reader.ts';
import { stripeFetch } from './stripe-fetch.ts';
import { refundOf } from './stripe-input.ts';
import { notFoundOutAtStripe, outcomeOfStripe } from './stripe-outcome.ts';

export interface StripeOptions {
  readonly guard: HttpGuard;
  readonly secretKey: SecretReader;
  /** A connected account, `acct_...`, whose refund it is. */
  readonly account?: string | undefined;
}

/** Stripe: keys can be removed once they are at least 24 hours old. */
const REMEMBERS_MS = 24 * 60 * 60_000;
const KEY_FIELD = 'countersign_key';
const PAGE = 100;
/** More refunds of one payment than on these are a person's concern. */
const MOST_PAGES = 5;

const refundSchema = z.object({
  id: z.string(),
  status: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
const pageSchema = z.object({ data: z.array(refundSchema), has_more: z.boolean() });

/** Refunds a payment at Stripe, through its own library. */
export class StripeRefundExecutor implements Executor {
  readonly provider = 'stripe.refund';
  readonly remembersMs = REMEMBERS_MS;
  readonly #options: StripeOptions;

  constructor(options: StripeOptions) {
    this.#options = options;
  }

  async perform(effect: Effect, signal: AbortSignal): Promise<ActionOutcome> {
    const refund = refundOf(effect.input);
    if (typeof refund === 'string') return failed('input_refused', refund);
    const stripe = await this.#client(signal);
    if (stripe === undefined) return misconfigured('secret_missing');
    try {
      const made = await stripe.refunds.create(
        { ...refund, metadata: { [KEY_FIELD]: effect.key } },
        { idempotencyKey: effect.key },
      );
      return outcomeOfRefund(made);
    } catch (error) {
      return outcomeOfStripe(error);
    }
  }

  readonly find = async (effect: Effect, signal: AbortSignal): Promise<Found> => {
    const refund = refundOf(effect.input);
    if (typeof refund === 'string') return { found: 'no' };
    const stripe = await this.#client(signal);
    if (stripe === undefined) return { found: 'unknown', code: 'secret_missing' };
    try {
      return await findRefund(stripe, refund.payment_intent, effect.key);
    } catch (error) {
      return notFoundOutAtStripe(error);
    }
  };

  /** One for each request: it is the way to give a request its signal, and the secret may have changed. */
  async #client(signal: AbortSignal): Promise<Stripe | undefined> {
    const { account, guard, secretKey } = this.#options;
    const secret = await readHeaderSecret(secretKey);
    if (secret === undefined) return undefined;
    const { hostname, port, protocol } = new URL(guard.origin);
    const isTls = protocol === 'https:';
    return new Stripe(secret, {
      host: hostname,
      port: port === '' ? (isTls ? 443 : 80) : port,
      protocol: isTls ? 'https' : 'http',
      httpClient: Stripe.createFetchHttpClient(stripeFetch(guardedFetch(guard, signal))),
      maxNetworkRetries: 0,
      // The guard's own time ends first, and knows whether anything was sent.
      timeout: guard.timeoutMs * 2,
      telemetry: false,
      ...(account !== undefined && { stripeAccount: account }),
    });
  }
}

function outcomeOfRefund(made: Stripe.Response<Stripe.Refund>): ActionOutcome {
  const parsed = refundSchema.safeParse(made);
  if (!parsed.success) return unknown('answer_invalid');
  const { id, status } = parsed.data;
  if (isUndone(status)) return failed(`refund_${status}`);
  // Not the plain object that their type says, where a fetch is given.
  const headers = new Headers(made.lastResponse.headers);
  return succeeded(id, { was_done: headers.get('idempotent-replayed') === 'true' });
}

function isUndone(status: string | null | undefined): boolean {
  return status === 'failed' || status === 'canceled';
}

async function findRefund(stripe: Stripe, payment_intent: string, key: string): Promise<Found> {
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const list = pageSchema.safeParse(
      await stripe.refunds.list({
        payment_intent,
        limit: PAGE,
        ...(after !== undefined && { starting_after: after }),
      }),
    );
    if (!list.success) return { found: 'unknown', code: 'answer_invalid' };
    const { data, has_more } = list.data;
    const own = data.find(({ metadata }) => metadata?.[KEY_FIELD] === key);
    if (own !== undefined) return foundAs(own);
    after = data.at(-1)?.id;
    if (!has_more) return { found: 'no' };
    if (after === undefined) return { found: 'unknown', code: 'answer_invalid' };
  }
  return { found: 'unknown', code: 'too_many_refunds' };
}

function foundAs({ id, status }: z.infer<typeof refundSchema>): Found {
  // It was made and came to nothing: whether to try another is for a person.
  return isUndone(status) ? { found: 'unknown', code: `refund_${status}` } : { found: 'yes', reference: id };
}
