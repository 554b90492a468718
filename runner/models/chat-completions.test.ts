import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closedPort, type ProviderBehaviour } from '../executors/fake-provider.ts';
import { never } from '../executors/sample-action.ts';
import { ServiceFault } from '../executors/service-fault.ts';
import { chatCompletion, chatRefusal, FAKE_MODEL_KEY, FAKE_MODEL_NAME, FakeModel } from './fake-model.ts';
import type { CompletionRequest } from './model-provider.ts';
import { modelsConfigSchema } from './models-config.ts';
import { openModelProvider } from './open-model-providers.ts';

const question: CompletionRequest = {
  model: FAKE_MODEL_NAME,
  messages: [
    { role: 'system', content: 'You write letters.' },
    { role: 'user', content: 'About invoice 4711, topsecret' },
  ],
};

let fake: FakeModel;
beforeAll(async () => {
  fake = await FakeModel.start();
});
beforeEach(() => fake.behave());
afterAll(() => fake.stop());

function open(change: object = {}, environment: NodeJS.ProcessEnv = { KEY: FAKE_MODEL_KEY }) {
  const { one } = modelsConfigSchema.parse({
    one: {
      base_url: fake.baseUrl,
      api_key: { env: 'KEY' },
      timeout_ms: 400,
      allow_private: true,
      ...change,
    },
  });
  if (one === undefined) throw new Error('there is no configuration');
  return openModelProvider(one, environment);
}

/** What is thrown, whose message and causes say nothing of question, answer or key. */
async function faultOf(asked: Promise<unknown>): Promise<object> {
  const fault: unknown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof ServiceFault)) throw new Error('there is no fault', { cause: fault });
  expect(`${fault.stack} ${fault.cause}`).not.toMatch(/topsecret|4711|letters|Dear customer|was asked/);
  const { code, outcome, retryAfterMs } = fault;
  return { code, outcome, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

const bodyOf = (index = 0): unknown => JSON.parse(fake.provider.requests[index]?.body ?? 'null');

describe('a completion', () => {
  test('is what the model said, by which model, and what it cost', async () => {
    expect(await open().complete(question, never)).toEqual({
      text: 'Dear customer',
      model: 'small-1-2026-01-01',
      finish_reason: 'stop',
      usage: { input_tokens: 19, output_tokens: 10 },
    });
    expect(fake.provider.requests).toHaveLength(1);
    expect(bodyOf()).toEqual(question);
  });

  test('is bounded and chosen as it was asked for, in the words of its provider', async () => {
    const asked = { ...question, max_output_tokens: 500, temperature: 0.2 };
    await open().complete(asked, never);
    await open({ output_limit: 'max_tokens' }).complete(asked, never);
    expect(bodyOf(0)).toEqual({ ...question, max_completion_tokens: 500, temperature: 0.2 });
    expect(bodyOf(1)).toEqual({ ...question, max_tokens: 500, temperature: 0.2 });
  });

  test('needs no key where the provider asks for none', async () => {
    fake.provider.answers({ body: chatCompletion() });
    const local = open({ api_key: undefined, base_url: `${fake.baseUrl}/` });
    expect(await local.complete(question, never)).toMatchObject({ text: 'Dear customer' });
    expect(fake.provider.requests[0]?.path).toBe('/v1/chat/completions');
    expect(fake.provider.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('has the key as it is by then', async () => {
    const environment: NodeJS.ProcessEnv = { KEY: '' };
    const provider = open({}, environment);
    expect(await faultOf(provider.complete(question, never))).toEqual({
      outcome: 'retry',
      code: 'secret_missing',
    });
    environment.KEY = FAKE_MODEL_KEY;
    expect(await provider.complete(question, never)).toMatchObject({ text: 'Dear customer' });
  });
});

const without = (key: 'model' | 'choices' | 'usage') => ({ body: chatCompletion({}, { [key]: undefined }) });
const invalid = { outcome: 'failed', code: 'answer_invalid' };

describe('there is none after', () => {
  test.each<[string, ProviderBehaviour, object]>([
    [
      'too many requests',
      chatRefusal(429, { type: 'requests', code: 'rate_limit_exceeded' }, { 'retry-after': '20' }),
      { outcome: 'retry', code: 'rate_limit_exceeded', retryAfterMs: 20_000 },
    ],
    ['too many requests, for nobody knows how long', { status: 429 }, { outcome: 'retry', code: 'http_429' }],
    [
      'a fault of theirs',
      chatRefusal(500, { type: 'server_error', code: null }),
      { outcome: 'retry', code: 'server_error' },
    ],
    [
      'a front without a model',
      { status: 503, body: '<html>', headers: { 'retry-after': '3' } },
      { outcome: 'retry', code: 'http_503', retryAfterMs: 3_000 },
    ],
    [
      'a fault that looks like an answer',
      { status: 502, body: chatCompletion() },
      { outcome: 'retry', code: 'http_502' },
    ],
    [
      'a question that is too long',
      chatRefusal(400, { type: 'invalid_request_error', code: 'context_length_exceeded' }),
      { outcome: 'failed', code: 'context_length_exceeded' },
    ],
    [
      'a key without the right',
      chatRefusal(403, { type: null, code: null }),
      { outcome: 'failed', code: 'credentials_refused' },
    ],
    [
      'a code that is a secret',
      chatRefusal(400, { type: 'about invoice 4711', code: FAKE_MODEL_KEY }),
      { outcome: 'failed', code: 'http_400' },
    ],
    [
      'a redirect to another host',
      { status: 308, headers: { location: 'https://elsewhere.example/v1/chat/completions' } },
      { outcome: 'failed', code: 'redirect_refused' },
    ],
    ['a connection that is cut', 'cut', { outcome: 'retry', code: 'connection_lost' }],
    ['half an answer', 'broken_off', { outcome: 'retry', code: 'connection_lost' }],
    ['no HTTP', 'garbage', { outcome: 'retry', code: 'connection_lost' }],
    ['an answer without end', 'endless', { outcome: 'failed', code: 'answer_too_large' }],
    ['no answer', 'hang', { outcome: 'retry', code: 'timed_out' }],
    ['an answer too late', { lateMs: 700, body: chatCompletion() }, { outcome: 'retry', code: 'timed_out' }],
    ['an answer that is no JSON', { body: '{"id": ' }, invalid],
    ['an answer that is nothing', { body: 'null' }, invalid],
    ['an error with a status that says yes', { body: { error: { code: 'overloaded' } } }, invalid],
    ['an answer without a choice', { body: chatCompletion({}, { choices: [] }) }, invalid],
    ['an answer without choices', without('choices'), invalid],
    ['an answer without a model', without('model'), invalid],
    ['an answer without its cost', without('usage'), invalid],
    [
      'an answer in parts',
      { body: chatCompletion({ message: { content: [{ type: 'text', text: 'Dear customer' }] } }) },
      invalid,
    ],
    ['an answer without words', { body: chatCompletion({ message: { content: null } }) }, invalid],
    [
      'a call of a tool that nobody offered',
      { body: chatCompletion({ finish_reason: 'tool_calls', message: { content: null } }) },
      invalid,
    ],
    ['a reason that nobody published', { body: chatCompletion({ finish_reason: 'tired' }) }, invalid],
    [
      'a refusal',
      { body: chatCompletion({ message: { content: null, refusal: 'I cannot help with invoice 4711.' } }) },
      { outcome: 'failed', code: 'refused' },
    ],
    [
      'a filter that stepped in',
      { body: chatCompletion({ finish_reason: 'content_filter' }) },
      { outcome: 'failed', code: 'content_filtered' },
    ],
    [
      'an answer that was cut off',
      { body: chatCompletion({ finish_reason: 'length' }) },
      { outcome: 'failed', code: 'cut_off' },
    ],
  ])('%s', async (_what, behaviour, fault) => {
    fake.provider.answers(behaviour);
    expect(await faultOf(open().complete(question, never))).toEqual(fault);
    // Whether to ask again is for others to say.
    expect(fake.provider.requests).toHaveLength(1);
  });

  test.each([
    ['a wrong key', question, { KEY: 'another' }, 'invalid_api_key'],
    ['a model that is not there', { ...question, model: 'large-1' }, undefined, 'model_not_found'],
    ['a question that nobody may ask', { ...question, temperature: 3 }, undefined, 'invalid_request_error'],
  ])('%s', async (_what, asked, environment, code) => {
    const fault = await faultOf(open({}, environment).complete(asked, never));
    expect(fault).toEqual({ outcome: 'failed', code });
  });

  test('nobody listened', async () => {
    const provider = open({ base_url: `http://127.0.0.1:${await closedPort()}/v1` });
    const fault = await faultOf(provider.complete(question, never));
    expect(fault).toEqual({ outcome: 'retry', code: 'connect_failed' });
  });

  test('the runner stopped', async () => {
    const stop = new AbortController();
    fake.provider.behave = () => {
      stop.abort();
      return 'hang';
    };
    const fault = await faultOf(open().complete(question, stop.signal));
    expect(fault).toEqual({ outcome: 'retry', code: 'stopped' });
  });

  test('its name led into a private network', async () => {
    const provider = open({ base_url: 'https://localhost/v1', allow_private: false });
    const fault = await faultOf(provider.complete(question, never));
    expect(fault).toEqual({ outcome: 'failed', code: 'address_refused' });
  });
});
