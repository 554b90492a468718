import { actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ConfigError } from '../config/config-error.ts';
import { closedPort, FakeProvider, type ProviderBehaviour } from './fake-provider.ts';
import { never, sampleEffect } from './sample-action.ts';
import { WebhookExecutor, type WebhookOptions } from './webhook.ts';

const NEW_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

let provider: FakeProvider;
beforeAll(async () => {
  provider = await FakeProvider.start();
});
beforeEach(() => {
  provider.requests.length = 0;
  provider.answers({});
});
afterAll(() => provider.stop());

function webhook(more: Partial<WebhookOptions> = {}): WebhookExecutor {
  return new WebhookExecutor({
    url: `${provider.origin}/hooks?of=us`,
    guard: provider.guard({ timeoutMs: 300 }),
    secrets: [async () => NEW_SECRET, async () => OLD_SECRET],
    remembersMs: 86_400_000,
    ...more,
  });
}

async function outcomeOf(behaviour: ProviderBehaviour, executor = webhook()) {
  provider.answers(behaviour);
  return actionOutcomeSchema.parse(await executor.perform(sampleEffect(), never));
}

test('a message is what Standard Webhooks verifies, with either secret and no other one', async () => {
  await webhook().perform(sampleEffect(), never);
  const [request] = provider.requests;
  if (request === undefined) throw new Error('no request');
  const headers = {
    'webhook-id': String(request.headers['webhook-id']),
    'webhook-timestamp': String(request.headers['webhook-timestamp']),
    'webhook-signature': String(request.headers['webhook-signature']),
  };
  const message = { type: 'refund_order', data: { order: 'ord-7', amount: 1_200 } };
  expect(new Webhook(NEW_SECRET).verify(request.body, headers)).toMatchObject(message);
  expect(new Webhook(OLD_SECRET).verify(request.body, headers)).toMatchObject(message);
  const other = new Webhook(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  expect(() => other.verify(request.body, headers)).toThrow();
  expect(() => new Webhook(NEW_SECRET).verify(`${request.body} `, headers)).toThrow();
  expect(request).toMatchObject({ method: 'POST', path: '/hooks?of=us' });
  expect(headers['webhook-id']).toBe('csk_0123456789abcdef');
});

test('every attempt has the same id, and a time of its own', async () => {
  let now = Date.parse('2030-01-01T00:00:00Z');
  const executor = webhook({ now: () => now });
  await executor.perform(sampleEffect(), never);
  now += 60_000;
  await executor.perform(sampleEffect({ attempt: 2 }), never);
  const [first, second] = provider.requests;
  expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
  expect([first, second].map((request) => request?.headers['webhook-timestamp'])).toEqual([
    '1893456000',
    '1893456060',
  ]);
  expect(JSON.parse(String(second?.body)).timestamp).toBe('2030-01-01T00:01:00.000Z');
});

test.each<[string, ProviderBehaviour, string | null]>([
  ['with an id', { body: { id: 'msg_1' } }, 'msg_1'],
  ['with a number', { body: { id: 7 } }, null],
  ['with a sentence', { body: { id: 'all is well' } }, null],
  ['with too much', { body: { id: 'x'.repeat(201) } }, null],
  ['with no JSON', { body: '<html>' }, null],
  ['with nothing', { status: 204 }, null],
  ['accepted for later', { status: 202, body: { id: 'msg_2' } }, 'msg_2'],
  ['broken off', 'broken_off', null],
  ['without end', 'endless', null],
])('a yes %s is a yes', async (_how, behaviour, reference) => {
  expect(await outcomeOf(behaviour)).toEqual({ outcome: 'succeeded', reference, was_done: false });
});

test.each<[ProviderBehaviour, object]>([
  [{ status: 400 }, { outcome: 'failed', code: 'http_400' }],
  [{ status: 401 }, { outcome: 'failed', code: 'http_401' }],
  [
    { status: 404, body: 'your secret is ord-7' },
    { outcome: 'failed', code: 'http_404' },
  ],
  [{ status: 410 }, { outcome: 'failed', code: 'http_410' }],
  [
    { status: 302, headers: { location: '/' } },
    { outcome: 'failed', code: 'redirect_refused' },
  ],
  [
    { status: 303, headers: { location: '/done' } },
    { outcome: 'unknown', code: 'redirect_refused' },
  ],
  [{ status: 408 }, { outcome: 'retry', code: 'http_408' }],
  [{ status: 425 }, { outcome: 'retry', code: 'http_425' }],
  [
    { status: 429, headers: { 'retry-after': '90' } },
    { outcome: 'retry', code: 'http_429', retry_after_ms: 90_000 },
  ],
  [
    { status: 429, headers: { 'retry-after': '99999999' } },
    { outcome: 'retry', code: 'http_429', retry_after_ms: 86_400_000 },
  ],
  [
    { status: 429, headers: { 'retry-after': 'soon' } },
    { outcome: 'retry', code: 'http_429' },
  ],
  [{ status: 500 }, { outcome: 'unknown', code: 'http_500' }],
  [
    { status: 503, headers: { 'retry-after': '5' } },
    { outcome: 'unknown', code: 'http_503' },
  ],
  ['cut', { outcome: 'unknown', code: 'connection_lost' }],
  ['hang', { outcome: 'unknown', code: 'timed_out' }],
  ['garbage', { outcome: 'unknown', code: 'connection_lost' }],
  [{ lateMs: 600 }, { outcome: 'unknown', code: 'timed_out' }],
])('%j becomes %j', async (behaviour, outcome) => {
  expect(await outcomeOf(behaviour)).toEqual(outcome);
  expect(provider.requests).toHaveLength(1);
});

test('where nobody listens nothing was sent, and it goes later', async () => {
  const origin = `http://127.0.0.1:${await closedPort()}`;
  const executor = webhook({ url: origin, guard: provider.guard({ origin }) });
  expect(await outcomeOf({}, executor)).toEqual({ outcome: 'retry', code: 'connect_failed' });
});

test('an address that is not allowed waits for a person', async () => {
  const guard = provider.guard({ origin: 'https://127.0.0.1', allowPrivate: false });
  expect(await outcomeOf({}, webhook({ url: 'https://127.0.0.1/', guard }))).toEqual({
    outcome: 'retry',
    code: 'address_refused',
    retry_after_ms: 900_000,
  });
});

test.each<[string, () => Promise<string>]>([
  ['is gone', () => Promise.reject(new ConfigError(['the secret file /run/x cannot be read (ENOENT)']))],
  ['is no secret of a webhook', async () => 'hunter2'],
  ['is too short', async () => `whsec_${Buffer.alloc(8).toString('base64')}`],
])('a secret that %s sends nothing, and waits for a person', async (_how, secret) => {
  expect(await outcomeOf({}, webhook({ secrets: [async () => NEW_SECRET, secret] }))).toEqual({
    outcome: 'retry',
    code: 'secret_missing',
    retry_after_ms: 900_000,
  });
  expect(provider.requests).toEqual([]);
});

test('a fault of ours is thrown, and not taken for one of the network', async () => {
  const secrets = [() => Promise.reject(new RangeError('ours'))];
  await expect(webhook({ secrets }).perform(sampleEffect(), never)).rejects.toThrow(RangeError);
});
