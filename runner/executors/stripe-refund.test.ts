import { actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closedPort, FakeProvider, type ProviderBehaviour, type ProviderRequest } from './fake-provider.ts';
import { performAction } from './perform-action.ts';
import { laterAction, NOW, never, sampleAction, sampleEffect } from './sample-action.ts';
import { type StripeOptions, StripeRefundExecutor } from './stripe-refund.ts';

const SECRET = 'sk_test_51Topsecret';
const input = { payment_intent: 'pi_3Abc', amount: 1_200, reason: 'requested_by_customer' };

/** Refunds as Stripe keeps them: one for each key, while it remembers that. */
class Refunds {
  readonly all: { id: string; object: 'refund'; status: string; metadata: Record<string, string> }[] = [];
  readonly #byKey = new Map<string, object>();

  readonly answer = (request: ProviderRequest): ProviderBehaviour =>
    request.method === 'POST' ? this.#create(request) : this.#list(request);

  forgetKeys(): void {
    this.#byKey.clear();
  }

  add(status: string, metadata: Record<string, string> = {}) {
    const refund = { id: `re_${this.all.length + 1}`, object: 'refund' as const, status, metadata };
    this.all.unshift(refund);
    return refund;
  }

  #create({ body, headers }: ProviderRequest): ProviderBehaviour {
    const key = String(headers['idempotency-key']);
    const known = this.#byKey.get(key);
    if (known !== undefined) return { body: known, headers: { 'idempotent-replayed': 'true' } };
    const countersign_key = new URLSearchParams(body).get('metadata[countersign_key]') ?? '';
    const refund = this.add('succeeded', { countersign_key });
    this.#byKey.set(key, refund);
    return { body: refund };
  }

  #list({ path }: ProviderRequest): ProviderBehaviour {
    const query = new URL(path, 'http://stripe').searchParams;
    const after = this.all.findIndex(({ id }) => id === query.get('starting_after'));
    const limit = Number(query.get('limit'));
    const data = this.all.slice(after + 1, after + 1 + limit);
    const has_more = after + 1 + limit < this.all.length;
    return { body: { object: 'list', url: '/v1/refunds', has_more, data } };
  }
}

let provider: FakeProvider;
let refunds: Refunds;
beforeAll(async () => {
  provider = await FakeProvider.start();
});
beforeEach(() => {
  provider.requests.length = 0;
  refunds = new Refunds();
  provider.behave = refunds.answer;
});
afterAll(() => provider.stop());

function stripe(more: Partial<StripeOptions> = {}): StripeRefundExecutor {
  return new StripeRefundExecutor({
    guard: provider.guard({ timeoutMs: 400 }),
    secretKey: async () => SECRET,
    ...more,
  });
}

async function outcomeOf(behaviour: ProviderBehaviour, executor = stripe()) {
  provider.answers(behaviour);
  const outcome = await executor.perform(sampleEffect({ input }), never);
  expect(JSON.stringify(outcome)).not.toContain(SECRET);
  return actionOutcomeSchema.parse(outcome);
}

const errorOf = (status: number, error: object, headers = {}): ProviderBehaviour => ({
  status,
  headers,
  body: { error: { message: `${SECRET} pi_3Abc is not`, ...error } },
});

const perform = (action = sampleAction({ provider: 'stripe.refund', input })) =>
  performAction(stripe(), action, { now: NOW, signal: never, pausesMs: [0, 0] });

describe('a refund', () => {
  test('is asked for once, with the key and what is to be refunded', async () => {
    expect(await perform()).toEqual({ outcome: 'succeeded', reference: 're_1', was_done: false });
    const [request] = provider.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/refunds' });
    expect(request?.headers).toMatchObject({
      'idempotency-key': 'csk_0123456789abcdef',
      authorization: `Bearer ${SECRET}`,
    });
    expect(request?.headers['x-stripe-client-telemetry']).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      ...input,
      amount: '1200',
      'metadata[countersign_key]': 'csk_0123456789abcdef',
    });
  });

  test('is of a connected account where the configuration names one', async () => {
    await stripe({ account: 'acct_1' }).perform(sampleEffect({ input }), never);
    expect(provider.requests[0]?.headers['stripe-account']).toBe('acct_1');
  });

  test('that is repeated within a day is the same one', async () => {
    await perform();
    const later = await perform(laterAction(3_600_000, { provider: 'stripe.refund', input }));
    expect(later).toEqual({ outcome: 'succeeded', reference: 're_1', was_done: true });
    expect(refunds.all).toHaveLength(1);
  });

  test('that is asked about after two days is found, and not made again', async () => {
    await perform();
    refunds.forgetKeys();
    const later = await perform(laterAction(48 * 3_600_000, { provider: 'stripe.refund', input }));
    expect(later).toEqual({ outcome: 'succeeded', reference: 're_1', was_done: true });
    expect(refunds.all).toHaveLength(1);
  });

  test('that was made, and its answer cut off, is found', async () => {
    provider.behave = (request) => {
      const answer = refunds.answer(request);
      return request.method === 'POST' ? 'cut' : answer;
    };
    expect(await perform()).toEqual({ outcome: 'succeeded', reference: 're_1', was_done: false });
    expect(refunds.all).toHaveLength(1);
  });
});

test.each<[string, ProviderBehaviour, object]>([
  [
    'a card that says no',
    errorOf(402, { type: 'card_error', code: 'card_declined' }),
    { outcome: 'failed', code: 'card_declined' },
  ],
  [
    'a refund that was made before',
    errorOf(400, { type: 'invalid_request_error', code: 'charge_already_refunded' }),
    { outcome: 'failed', code: 'charge_already_refunded' },
  ],
  [
    'a payment that is not there',
    errorOf(404, { type: 'invalid_request_error', code: 'resource_missing' }),
    { outcome: 'failed', code: 'resource_missing' },
  ],
  [
    'a refusal without a code',
    errorOf(400, { type: 'invalid_request_error' }),
    { outcome: 'failed', code: 'invalid_request_error' },
  ],
  [
    'a code that is a secret',
    errorOf(400, { type: 'invalid_request_error', code: SECRET }),
    { outcome: 'failed', code: 'invalid_request_error' },
  ],
  [
    'a key of another refund',
    errorOf(400, { type: 'idempotency_error' }),
    { outcome: 'failed', code: 'idempotency_error' },
  ],
  [
    'a key in use',
    errorOf(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }),
    { outcome: 'unknown', code: 'idempotency_key_in_use' },
  ],
  [
    'a rate limit',
    errorOf(429, { code: 'rate_limit' }, { 'retry-after': '4' }),
    { outcome: 'retry', code: 'rate_limit', retry_after_ms: 4_000 },
  ],
  [
    'a lock',
    errorOf(429, { type: 'invalid_request_error', code: 'lock_timeout' }),
    { outcome: 'retry', code: 'lock_timeout' },
  ],
  [
    'a bad key',
    errorOf(401, { type: 'invalid_request_error' }),
    { outcome: 'retry', code: 'credentials_refused', retry_after_ms: 900_000 },
  ],
  [
    'a key with too few rights',
    errorOf(403, { type: 'invalid_request_error' }),
    { outcome: 'retry', code: 'credentials_refused', retry_after_ms: 900_000 },
  ],
  ['a fault of theirs', errorOf(500, { type: 'api_error' }), { outcome: 'unknown', code: 'api_error' }],
  [
    'a fault that asks to be repeated',
    errorOf(500, { type: 'api_error' }, { 'stripe-should-retry': 'true' }),
    { outcome: 'unknown', code: 'api_error' },
  ],
  [
    'a fault that looks like a refund',
    { status: 502, body: { id: 're_1', object: 'refund' } },
    { outcome: 'unknown', code: 'answer_invalid' },
  ],
  ['a fault without JSON', { status: 502, body: '<html>' }, { outcome: 'unknown' }],
  ['a yes without JSON', { body: '<html>' }, { outcome: 'unknown' }],
  ['a yes that is nothing', { body: 'null' }, { outcome: 'unknown', code: 'answer_invalid' }],
  ['a yes without a refund', { body: {} }, { outcome: 'unknown', code: 'answer_invalid' }],
  [
    'a refund that failed',
    { body: { id: 're_1', object: 'refund', status: 'failed' } },
    { outcome: 'failed', code: 'refund_failed' },
  ],
  [
    'a refund under way',
    { body: { id: 're_1', object: 'refund', status: 'pending' } },
    { outcome: 'succeeded', reference: 're_1', was_done: false },
  ],
  [
    'a redirect',
    { status: 307, headers: { location: '/' } },
    { outcome: 'failed', code: 'redirect_refused' },
  ],
  ['a connection that is cut', 'cut', { outcome: 'unknown', code: 'connection_lost' }],
  ['an answer that broke off', 'broken_off', { outcome: 'unknown', code: 'connection_lost' }],
  ['an answer without end', 'endless', { outcome: 'unknown', code: 'answer_too_large' }],
  ['no answer', 'hang', { outcome: 'unknown', code: 'timed_out' }],
  ['an answer too late', { lateMs: 700, body: { id: 're_1' } }, { outcome: 'unknown', code: 'timed_out' }],
])('%s', async (_what, behaviour, outcome) => {
  expect(await outcomeOf(behaviour)).toMatchObject(outcome);
  // The library repeats nothing by itself.
  expect(provider.requests).toHaveLength(1);
});

test('a Stripe that cannot be reached is tried later', async () => {
  const guard = provider.guard({ origin: `http://127.0.0.1:${await closedPort()}` });
  expect(await outcomeOf({}, stripe({ guard }))).toEqual({ outcome: 'retry', code: 'connect_failed' });
});

test.each([
  { payment_intent: 'pi_3Abc/../../charges' },
  { payment_intent: 'ch_1' },
  { ...input, amount: 0 },
  { ...input, amount: -5 },
  { ...input, amount: 1.5 },
  { ...input, reason: 'because' },
])('%j is not sent', async (bad) => {
  const outcome = await stripe().perform(sampleEffect({ input: bad }), never);
  expect(outcome).toMatchObject({ outcome: 'failed', code: 'input_refused', detail: expect.any(String) });
  expect(provider.requests).toEqual([]);
});

describe('a refund that is looked for', () => {
  const find = () => stripe().find(sampleEffect({ input }), never);
  const key = { countersign_key: 'csk_0123456789abcdef' };

  test('is found by its mark among others of the payment, also pages later', async () => {
    refunds.add('succeeded', key);
    for (let count = 0; count < 150; count += 1) refunds.add('succeeded', { countersign_key: 'other' });
    expect(await find()).toEqual({ found: 'yes', reference: 're_1' });
    expect(provider.requests[0]?.path).toContain('payment_intent=pi_3Abc');
    expect(provider.requests).toHaveLength(2);
  });

  test('is not there', async () => {
    refunds.add('succeeded');
    expect(await find()).toEqual({ found: 'no' });
  });

  test('and came to nothing is for a person', async () => {
    refunds.add('canceled', key);
    expect(await find()).toEqual({ found: 'unknown', code: 'refund_canceled' });
  });

  test('is not looked for without end', async () => {
    for (let count = 0; count < 600; count += 1) refunds.add('succeeded');
    expect(await find()).toEqual({ found: 'unknown', code: 'too_many_refunds' });
  });

  test.each<ProviderBehaviour>([
    'cut',
    'garbage',
    { body: {} },
    { body: 'null' },
    { body: { data: [], has_more: true } },
    { status: 500, body: { data: [], has_more: false } },
    { status: 500 },
    { body: 'x' },
    errorOf(401, {}),
  ])('is not known to be absent after %j', async (behaviour) => {
    provider.answers(behaviour);
    expect(await find()).toMatchObject({ found: 'unknown' });
  });
});
