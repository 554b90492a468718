import { actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, type ProviderBehaviour, type ProviderRequest } from './fake-provider.ts';
import { performAction } from './perform-action.ts';
import { laterAction, NOW, never, sampleAction, sampleEffect } from './sample-action.ts';
import { ZendeskTicketExecutor } from './zendesk-ticket.ts';

const TOKEN = 'tok3nTopsecret';
const KEY = 'csk_0123456789abcdef';
const input = {
  subject: 'Late parcel',
  comment: 'It is late.',
  requester_email: 'ann@example.com',
  requester_name: 'Ann',
  priority: 'high',
  type: 'problem',
};

/** Tickets as Zendesk keeps them. */
class Tickets {
  readonly all: { id: number; external_id: string | null }[] = [];
  readonly #byKey = new Map<string, object>();

  readonly answer = ({ body, headers, method, path }: ProviderRequest): ProviderBehaviour => {
    if (method === 'GET') {
      const wanted = new URL(path, 'http://zendesk').searchParams.get('external_id');
      return { body: { tickets: this.all.filter(({ external_id }) => external_id === wanted), count: 1 } };
    }
    const key = String(headers['idempotency-key']);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      return { status: 201, body: known, headers: { 'x-idempotency-lookup': 'hit' } };
    }
    const ticket = { ...JSON.parse(body).ticket, id: this.all.length + 35_436 };
    this.all.push(ticket);
    this.#byKey.set(key, { ticket });
    return { status: 201, body: { ticket }, headers: { 'x-idempotency-lookup': 'miss' } };
  };

  forgetKeys(): void {
    this.#byKey.clear();
  }
}

let provider: FakeProvider;
let tickets: Tickets;
beforeAll(async () => {
  provider = await FakeProvider.start();
});
beforeEach(() => {
  provider.requests.length = 0;
  tickets = new Tickets();
  provider.behave = tickets.answer;
});
afterAll(() => provider.stop());

const zendesk = () =>
  new ZendeskTicketExecutor({
    guard: provider.guard({ timeoutMs: 300 }),
    email: 'agent@example.com',
    token: async () => TOKEN,
  });

const perform = (action = sampleAction({ provider: 'zendesk.ticket', input })) =>
  performAction(zendesk(), action, { now: NOW, signal: never, pausesMs: [0, 0] });

describe('a ticket', () => {
  test('is opened once, and bears the key', async () => {
    expect(await perform()).toEqual({ outcome: 'succeeded', reference: '35436', was_done: false });
    const [request] = provider.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/api/v2/tickets.json' });
    expect(request?.headers).toMatchObject({
      'idempotency-key': KEY,
      authorization: `Basic ${Buffer.from(`agent@example.com/token:${TOKEN}`).toString('base64')}`,
    });
    expect(JSON.parse(String(request?.body))).toEqual({
      ticket: {
        subject: 'Late parcel',
        comment: { body: 'It is late.' },
        requester: { email: 'ann@example.com', name: 'Ann' },
        priority: 'high',
        type: 'problem',
        external_id: KEY,
      },
    });
  });

  test('that is asked for again within the time of its key is the same one', async () => {
    await perform();
    const again = await perform(laterAction(3_600_000, { provider: 'zendesk.ticket', input }));
    expect(again).toEqual({ outcome: 'succeeded', reference: '35436', was_done: true });
    expect(tickets.all).toHaveLength(1);
  });

  test('is looked for once its key may be forgotten', async () => {
    await perform();
    tickets.forgetKeys();
    const later = laterAction(115 * 60_000, { provider: 'zendesk.ticket', input });
    expect(await perform(later)).toEqual({ outcome: 'succeeded', reference: '35436', was_done: true });
    expect(tickets.all).toHaveLength(1);
  });

  test('that was opened, and its answer cut off, is found', async () => {
    provider.behave = (request) => {
      const answer = tickets.answer(request);
      return request.method === 'POST' ? 'cut' : answer;
    };
    expect(await perform()).toEqual({ outcome: 'succeeded', reference: '35436', was_done: false });
  });
});

test.each<[string, ProviderBehaviour, object]>([
  [
    'a refusal',
    { status: 422, body: { error: 'RecordInvalid', description: TOKEN } },
    { outcome: 'failed', code: 'RecordInvalid' },
  ],
  [
    'a refusal in a sentence',
    { status: 422, body: { error: `${TOKEN} is bad` } },
    { outcome: 'failed', code: 'http_422' },
  ],
  [
    'a key of another ticket',
    { status: 400, body: { error: 'IdempotentRequestError' } },
    { outcome: 'failed', code: 'IdempotentRequestError' },
  ],
  [
    'a token that is not valid',
    { status: 401, body: { error: "Couldn't authenticate you" } },
    { outcome: 'retry', code: 'credentials_refused', retry_after_ms: 900_000 },
  ],
  [
    'a token with too few rights',
    { status: 403 },
    { outcome: 'retry', code: 'credentials_refused', retry_after_ms: 900_000 },
  ],
  ['somebody at the same thing', { status: 409 }, { outcome: 'unknown', code: 'http_409' }],
  [
    'a rate limit',
    { status: 429, headers: { 'retry-after': '93' } },
    { outcome: 'retry', code: 'http_429', retry_after_ms: 93_000 },
  ],
  [
    'a fault of theirs',
    { status: 503, headers: { 'retry-after': '5' } },
    { outcome: 'unknown', code: 'http_503' },
  ],
  ['a yes without JSON', { status: 201, body: '<html>' }, { outcome: 'unknown', code: 'answer_invalid' }],
  [
    'a yes without a ticket',
    { status: 201, body: { ticket: { id: '7' } } },
    { outcome: 'unknown', code: 'answer_invalid' },
  ],
  [
    'a redirect',
    { status: 301, headers: { location: '/' } },
    { outcome: 'failed', code: 'redirect_refused' },
  ],
  ['a cut', 'cut', { outcome: 'unknown', code: 'connection_lost' }],
  ['an answer that broke off', 'broken_off', { outcome: 'unknown', code: 'connection_lost' }],
  ['an answer without end', 'endless', { outcome: 'unknown', code: 'answer_too_large' }],
  ['no answer', 'hang', { outcome: 'unknown', code: 'timed_out' }],
])('%s', async (_what, behaviour, outcome) => {
  provider.answers(behaviour);
  const told = await zendesk().perform(sampleEffect({ input }), never);
  expect(actionOutcomeSchema.parse(told)).toEqual(outcome);
  expect(JSON.stringify(told)).not.toContain(TOKEN);
});

test.each([
  { ...input, subject: ' ' },
  { ...input, comment: '' },
  { ...input, priority: 'whenever' },
  { ...input, type: 'joke' },
  { ...input, requester_email: 'ann@example.com, bob@example.com' },
  { subject: 'a', comment: 'b', requester_name: 'Ann' },
])('%j is not sent', async (bad) => {
  const outcome = await zendesk().perform(sampleEffect({ input: bad }), never);
  expect(outcome).toMatchObject({ outcome: 'failed', code: 'input_refused' });
  expect(provider.requests).toEqual([]);
});

describe('a ticket that is looked for', () => {
  const find = () => zendesk().find(sampleEffect({ input }), never);

  test('is not there', async () => {
    expect(await find()).toEqual({ found: 'no' });
    expect(provider.requests[0]?.path).toBe(`/api/v2/tickets.json?external_id=${KEY}`);
  });

  test.each<ProviderBehaviour>([
    'cut',
    'hang',
    { status: 401 },
    { status: 500 },
    { body: 'x' },
    { body: {} },
    { body: { tickets: [{ id: 1, external_id: 'other' }] } },
  ])('is not known to be absent after %j', async (behaviour) => {
    provider.answers(behaviour);
    expect(await find()).toMatchObject({ found: 'unknown' });
  });
});
