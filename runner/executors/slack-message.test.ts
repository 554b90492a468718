import { actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closedPort, FakeProvider, type ProviderBehaviour, type ProviderRequest } from './fake-provider.ts';
import { performAction } from './perform-action.ts';
import { laterAction, NOW, never, sampleAction, sampleEffect } from './sample-action.ts';
import { SlackMessageExecutor, type SlackOptions } from './slack-message.ts';

const TOKEN = 'xoxb-1-Topsecret';
const KEY = 'csk_0123456789abcdef';
const input = { channel: 'C0123456789', text: 'Refund <!channel> & co' };

interface Message {
  ts: string;
  text: string;
  metadata?: unknown;
}

/** A channel as Slack keeps it. */
class Channel {
  readonly messages: Message[] = [];
  showsMetadata = true;
  pageSize = 100;

  readonly answer = ({ body, path }: ProviderRequest): ProviderBehaviour => {
    const form = new URLSearchParams(body);
    return path.endsWith('/chat.postMessage') ? this.#post(form) : this.#history(form);
  };

  #post(form: URLSearchParams): ProviderBehaviour {
    const ts = `${NOW / 1_000 + this.messages.length}.000100`;
    const metadata: unknown = JSON.parse(String(form.get('metadata')));
    this.messages.unshift({ ts, text: String(form.get('text')), metadata });
    return { body: { ok: true, channel: form.get('channel'), ts } };
  }

  #history(form: URLSearchParams): ProviderBehaviour {
    const begin = Number(form.get('cursor') ?? 0);
    const since = this.messages.filter(({ ts }) => Number(ts) >= Number(form.get('oldest')));
    const messages = since
      .slice(begin, begin + this.pageSize)
      .map(({ metadata, ...rest }) => (this.showsMetadata ? { ...rest, metadata } : rest));
    const has_more = begin + this.pageSize < since.length;
    const next_cursor = has_more ? String(begin + this.pageSize) : '';
    return { body: { ok: true, messages, has_more, response_metadata: { next_cursor } } };
  }
}

let provider: FakeProvider;
let channel: Channel;
beforeAll(async () => {
  provider = await FakeProvider.start();
});
beforeEach(() => {
  provider.requests.length = 0;
  channel = new Channel();
  provider.behave = channel.answer;
});
afterAll(() => provider.stop());

function slack(more: Partial<SlackOptions> = {}): SlackMessageExecutor {
  return new SlackMessageExecutor({
    guard: provider.guard({ timeoutMs: 300 }),
    apiUrl: `${provider.origin}/api/`,
    token: async () => TOKEN,
    channels: null,
    ...more,
  });
}

const perform = (action = sampleAction({ provider: 'slack.message', input })) =>
  performAction(slack(), action, { now: NOW, signal: never, pausesMs: [0, 0] });

describe('a message', () => {
  test('is posted once, marked with the key, and calls nobody', async () => {
    expect(await perform()).toEqual({
      outcome: 'succeeded',
      reference: `C0123456789:${NOW / 1_000}.000100`,
      was_done: false,
    });
    const [request] = provider.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/api/chat.postMessage',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
      channel: 'C0123456789',
      text: 'Refund &lt;!channel&gt; &amp; co',
      unfurl_links: 'false',
    });
    expect(channel.messages[0]?.metadata).toEqual({
      event_type: 'countersign_action',
      event_payload: { key: KEY },
    });
  });

  test('that was posted, and its answer cut off, is found', async () => {
    provider.behave = (request) => {
      const answer = channel.answer(request);
      return request.path.endsWith('postMessage') ? 'cut' : answer;
    };
    expect(await perform()).toMatchObject({ outcome: 'succeeded', was_done: false });
    expect(channel.messages).toHaveLength(1);
  });

  test('of an earlier attempt is found an hour later, and not posted again', async () => {
    channel.messages.push({
      ts: String((NOW - 3_599_000) / 1_000),
      text: 'x',
      metadata: { event_type: 'countersign_action', event_payload: { key: KEY } },
    });
    const later = laterAction(3_600_000, { provider: 'slack.message', input });
    expect(await perform(later)).toMatchObject({ outcome: 'succeeded', was_done: true });
    expect(channel.messages).toHaveLength(1);
  });

  test('that is not there an hour later is posted', async () => {
    const later = laterAction(3_600_000, { provider: 'slack.message', input });
    expect(await perform(later)).toMatchObject({ outcome: 'succeeded', was_done: false });
    expect(channel.messages).toHaveLength(1);
  });
});

const says = (error: string): ProviderBehaviour => ({ body: { ok: false, error } });

test.each<[string, ProviderBehaviour, object]>([
  ['no such channel', says('channel_not_found'), { outcome: 'failed', code: 'channel_not_found' }],
  ['not in the channel', says('not_in_channel'), { outcome: 'failed', code: 'not_in_channel' }],
  ['a word that nobody knows', says('quux_missing'), { outcome: 'failed', code: 'quux_missing' }],
  [
    'a token that is not valid',
    says('invalid_auth'),
    { outcome: 'retry', code: 'invalid_auth', retry_after_ms: 900_000 },
  ],
  [
    'a token that was revoked',
    says('token_revoked'),
    { outcome: 'retry', code: 'token_revoked', retry_after_ms: 900_000 },
  ],
  [
    'a right that is missing',
    says('missing_scope'),
    { outcome: 'retry', code: 'missing_scope', retry_after_ms: 900_000 },
  ],
  [
    'a rate limit in words',
    says('ratelimited'),
    { outcome: 'retry', code: 'ratelimited', retry_after_ms: 60_000 },
  ],
  [
    'a rate limit',
    { status: 429, headers: { 'retry-after': '30' } },
    { outcome: 'retry', code: 'ratelimited', retry_after_ms: 30_000 },
  ],
  [
    'a rate limit without a time',
    { status: 429 },
    { outcome: 'retry', code: 'ratelimited', retry_after_ms: 30_000 },
  ],
  ['a fault of theirs in words', says('internal_error'), { outcome: 'unknown', code: 'internal_error' }],
  ['a fault that may have half worked', says('fatal_error'), { outcome: 'unknown', code: 'fatal_error' }],
  ['a sentence', says(`the token ${TOKEN} is bad`), { outcome: 'unknown', code: 'answer_invalid' }],
  ['no word', { body: { ok: false } }, { outcome: 'unknown', code: 'answer_invalid' }],
  ['neither yes nor no', { body: {} }, { outcome: 'unknown', code: 'answer_invalid' }],
  ['a yes without a message', { body: { ok: true } }, { outcome: 'unknown', code: 'answer_invalid' }],
  [
    'more than it should say',
    { body: { ok: true, response_metadata: { warnings: 7, messages: 7 } } },
    { outcome: 'unknown', code: 'answer_invalid' },
  ],
  ['no JSON', { body: '<html>' }, { outcome: 'unknown', code: 'answer_invalid' }],
  ['JSON that is nothing', { body: 'null' }, { outcome: 'unknown', code: 'answer_invalid' }],
  ['a fault of the server', { status: 503, body: '<html>' }, { outcome: 'unknown', code: 'http_503' }],
  ['another kind of yes', { status: 202, body: {} }, { outcome: 'unknown', code: 'http_202' }],
  ['a refusal of the server', { status: 403, body: '<html>' }, { outcome: 'failed', code: 'http_403' }],
  [
    'a redirect',
    { status: 302, headers: { location: '/' } },
    { outcome: 'failed', code: 'redirect_refused' },
  ],
  ['a cut', 'cut', { outcome: 'unknown', code: 'connection_lost' }],
  ['an answer that broke off', 'broken_off', { outcome: 'unknown', code: 'connection_lost' }],
  ['an answer without end', 'endless', { outcome: 'unknown', code: 'answer_too_large' }],
  ['no answer', 'hang', { outcome: 'unknown', code: 'timed_out' }],
])('%s', async (_what, behaviour, outcome) => {
  provider.answers(behaviour);
  const told = await slack().perform(sampleEffect({ input }), never);
  expect(actionOutcomeSchema.parse(told)).toEqual(outcome);
  expect(JSON.stringify(told)).not.toContain(TOKEN);
  expect(provider.requests).toHaveLength(1);
});

test('a Slack that cannot be reached is tried later', async () => {
  const origin = `http://127.0.0.1:${await closedPort()}`;
  const away = slack({ guard: provider.guard({ origin }), apiUrl: `${origin}/api/` });
  expect(await away.perform(sampleEffect({ input }), never)).toEqual({
    outcome: 'retry',
    code: 'connect_failed',
  });
});

test('a call that is called off is known as such', async () => {
  const stop = new AbortController();
  provider.behave = () => {
    stop.abort();
    return 'hang';
  };
  expect(await slack().perform(sampleEffect({ input }), stop.signal)).toEqual({
    outcome: 'unknown',
    code: 'stopped',
  });
});

test.each([
  { channel: '#general', text: 'a' },
  { channel: 'https://evil.example/', text: 'a' },
  { channel: 'C0123456789', text: ' ' },
  { channel: 'C0123456789', text: 'a'.repeat(40_001) },
  { channel: 'C0999999999', text: 'a' },
])('$channel is not written to', async (bad) => {
  const outcome = await slack({ channels: ['C0123456789'] }).perform(sampleEffect({ input: bad }), never);
  expect(outcome).toMatchObject({ outcome: 'failed', code: 'input_refused' });
  expect(provider.requests).toEqual([]);
});

describe('a message that is looked for', () => {
  const find = () => slack().find(sampleEffect({ input, firstBegunAt: NOW }), never);
  const mark = (key: string) => ({ event_type: 'countersign_action', event_payload: { key } });
  const at = (seconds: number) => String(NOW / 1_000 + seconds);

  test('is found pages later, and since a little before it may have been sent', async () => {
    channel.pageSize = 2;
    channel.messages.push(
      { ts: at(9), text: 'a', metadata: { event_type: 'other', event_payload: { key: KEY } } },
      { ts: at(8), text: 'b', metadata: mark('other') },
      { ts: at(7), text: 'c', metadata: mark(KEY) },
    );
    expect(await find()).toEqual({ found: 'yes', reference: `C0123456789:${at(7)}` });
    expect(Object.fromEntries(new URLSearchParams(provider.requests[0]?.body))).toMatchObject({
      channel: 'C0123456789',
      oldest: at(-300),
      include_all_metadata: 'true',
    });
  });

  test('is not there', async () => {
    channel.messages.push({ ts: at(1), text: 'other words', metadata: mark('other') });
    expect(await find()).toEqual({ found: 'no' });
  });

  test('is not known to be absent where the app does not see marks', async () => {
    channel.showsMetadata = false;
    channel.messages.push({ ts: at(1), text: 'Refund &lt;!channel&gt; &amp; co', metadata: mark(KEY) });
    expect(await find()).toEqual({ found: 'unknown', code: 'metadata_missing' });
  });

  test('is not looked for without end', async () => {
    channel.pageSize = 1;
    for (let count = 0; count < 10; count += 1) {
      channel.messages.push({ ts: at(count), text: 'x', metadata: mark('other') });
    }
    expect(await find()).toEqual({ found: 'unknown', code: 'history_too_long' });
    expect(provider.requests).toHaveLength(5);
  });

  test.each<ProviderBehaviour>([
    'cut',
    'hang',
    { status: 429 },
    { status: 500 },
    { body: 'x' },
    { body: { ok: true } },
    { body: { ok: true, messages: [], has_more: true } },
    says('missing_scope'),
    says('channel_not_found'),
  ])('is not known to be absent after %j', async (behaviour) => {
    provider.answers(behaviour);
    expect(await find()).toMatchObject({ found: 'unknown' });
  });
});
