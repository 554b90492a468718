import { createHash, randomBytes } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import type { ObjectStore } from '../../scripts/local/object-store.ts';
// biome-ignore lint/plugin: as above
import { useObjectStore } from '../../test/support/object-store.ts';
import { closedPort, FakeProvider, type ProviderBehaviour } from '../executors/fake-provider.ts';
import { never } from '../executors/sample-action.ts';
import { ServiceFault } from '../executors/service-fault.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { type ArtifactsConfig, artifactsConfigSchema } from './artifacts-config.ts';
import { openArtifactStore } from './open-artifact-store.ts';
import { MOST_ARTIFACT_BYTES, S3ArtifactStore } from './s3-artifact-store.ts';

const SECRET = 'topsecret0123456789';
const letter = Buffer.from('Dear customer');
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What is thrown, whose message and causes say nothing of what was sent. */
async function faultOf(asked: Promise<unknown>): Promise<object> {
  const fault: unknown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof ServiceFault)) throw new Error('there is no fault', { cause: fault });
  expect(`${fault.stack} ${fault.cause}`).not.toMatch(/topsecret|Dear customer/);
  const { code, outcome, retryAfterMs } = fault;
  return { code, outcome, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

describe('in a store with the S3 API', () => {
  let server: ObjectStore;
  useObjectStore('letters', (store) => {
    server = store;
  });

  function configOf(change: object = {}): ArtifactsConfig {
    return artifactsConfigSchema.parse({
      endpoint: server.url,
      region: 'auto',
      bucket: server.bucket,
      prefix: 'acme/',
      access_key_id: { env: 'KEY_ID' },
      secret_access_key: { env: 'SECRET' },
      allow_private: true,
      ...change,
    });
  }

  function open(change: object = {}, environment: NodeJS.ProcessEnv = {}): Promise<ArtifactStore> {
    const { accessKeyId, secretAccessKey } = server;
    return openArtifactStore(configOf(change), {
      KEY_ID: accessKeyId,
      SECRET: secretAccessKey,
      ...environment,
    });
  }

  /** Another client of the same bucket. */
  function byHand(location: string, request: RequestInit = {}): Promise<Response> {
    const { accessKeyId, secretAccessKey, url } = server;
    const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'auto' });
    return client.fetch(`${url}/${location.slice('s3://'.length)}`, request);
  }

  test('an artifact is kept as it was given', async () => {
    const store = await open();
    const sha256 = digestOf(letter);
    const stored = await store.put('case-7/letter.md', letter, 'text/markdown', never);
    expect(stored).toEqual({
      location: `s3://letters/acme/case-7/letter.md/sha256-${sha256}`,
      digest: `sha256:${sha256}`,
      size: letter.length,
    });
    expect(Buffer.from(await store.get(stored.location, never))).toEqual(letter);
    const answer = await byHand(stored.location);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/markdown',
      'Dear customer',
    ]);
  });

  test('an artifact may be any bytes, or none', async () => {
    const store = await open();
    for (const bytes of [
      randomBytes(300_000),
      new Uint8Array([0xef, 0xbb, 0xbf, 0, 0xff]),
      new Uint8Array(),
    ]) {
      const { location, size } = await store.put('bytes', bytes, 'application/octet-stream', never);
      expect(size).toBe(bytes.length);
      expect(digestOf(await store.get(location, never))).toBe(digestOf(bytes));
    }
  });

  test('the same content twice is one artifact, and another content another one', async () => {
    const store = await open();
    const first = await store.put('twice', letter, 'text/plain', never);
    expect(await store.put('twice', letter, 'text/plain', never)).toEqual(first);
    const second = await store.put('twice', Buffer.from('Dear all'), 'text/plain', never);
    expect(second.location).not.toBe(first.location);
    expect(Buffer.from(await store.get(first.location, never))).toEqual(letter);
  });

  test('what somebody changed by hand is not taken for the artifact, which a repeated put mends', async () => {
    const store = await open();
    const { location } = await store.put('changed', letter, 'text/plain', never);
    expect((await byHand(location, { method: 'PUT', body: 'Dear cuckoo' })).status).toBe(200);
    expect(await faultOf(store.get(location, never))).toEqual({ outcome: 'failed', code: 'digest_differs' });
    await store.put('changed', letter, 'text/plain', never);
    expect(Buffer.from(await store.get(location, never))).toEqual(letter);
  });

  test.each([
    ['a wrong secret', {}, { SECRET }, 'SignatureDoesNotMatch'],
    ['an id that is not known', {}, { KEY_ID: 'nobody' }, 'Unauthorized'],
    ['a bucket that is not there', { bucket: 'others' }, {}, 'NoSuchBucket'],
  ])('%s is a failure', async (_what, change, environment, code) => {
    const store = await open(change, environment);
    const location = `s3://${configOf(change).bucket}/acme/key/sha256-${digestOf(letter)}`;
    expect(await faultOf(store.put('key', letter, 'text/plain', never))).toEqual({ outcome: 'failed', code });
    expect(await faultOf(store.get(location, never))).toEqual({ outcome: 'failed', code });
  });

  test('an artifact that is not there is a failure', async () => {
    const location = `s3://letters/acme/nothing/sha256-${digestOf(letter)}`;
    const fault = await faultOf((await open()).get(location, never));
    expect(fault).toEqual({ outcome: 'failed', code: 'NoSuchKey' });
  });

  test('credentials can be replaced while the store is open', async () => {
    const environment: NodeJS.ProcessEnv = { KEY_ID: server.accessKeyId, SECRET };
    const store = await openArtifactStore(configOf(), environment);
    const put = () => store.put('key', letter, 'text/plain', never);
    environment.SECRET = '';
    expect(await faultOf(put())).toEqual({ outcome: 'retry', code: 'secret_missing' });
    environment.SECRET = server.secretAccessKey;
    expect(await put()).toMatchObject({ size: letter.length });
  });
});

describe('a store that misbehaves', () => {
  let provider: FakeProvider;
  beforeAll(async () => {
    provider = await FakeProvider.start();
  });
  beforeEach(() => {
    provider.requests.length = 0;
  });
  afterAll(() => provider.stop());

  const storeAt = (origin = provider.origin, allowPrivate = true) =>
    new S3ArtifactStore({
      guard: provider.guard({ origin, allowPrivate, timeoutMs: 400 }),
      place: { bucket: 'letters', prefix: '' },
      bucketUrl: `${origin}/letters/`,
      region: 'eu-central-1',
      accessKeyId: async () => 'AKIDEXAMPLE',
      secretAccessKey: async () => SECRET,
    });
  const location = `s3://letters/key/sha256-${digestOf(letter)}`;
  const put = (store = storeAt(), signal = never) => store.put('key', letter, 'text/plain', signal);
  const errorOf = (status: number, code: string, headers = {}): ProviderBehaviour => ({
    status,
    headers,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${SECRET}</Message></Error>`,
  });

  const cases: [string, ProviderBehaviour, object][] = [
    ['a store that is busy', errorOf(503, 'SlowDown'), { outcome: 'retry', code: 'SlowDown' }],
    [
      'too many requests',
      errorOf(429, 'TooManyRequests', { 'retry-after': '7' }),
      { outcome: 'retry', code: 'TooManyRequests', retryAfterMs: 7_000 },
    ],
    [
      'somebody at the same thing',
      errorOf(409, 'OperationAborted'),
      { outcome: 'retry', code: 'OperationAborted' },
    ],
    [
      'a body that came too slowly',
      errorOf(400, 'RequestTimeout'),
      { outcome: 'retry', code: 'RequestTimeout' },
    ],
    ['a fault of theirs', { status: 500 }, { outcome: 'retry', code: 'http_500' }],
    ['a front without a store', { status: 502, body: '<html>' }, { outcome: 'retry', code: 'http_502' }],
    ['a bad request', errorOf(400, 'InvalidArgument'), { outcome: 'failed', code: 'InvalidArgument' }],
    [
      'a word with digits',
      errorOf(400, 'XAmzContentSHA256Mismatch'),
      { outcome: 'failed', code: 'http_400' },
    ],
    ['a refusal', errorOf(403, 'AccessDenied'), { outcome: 'failed', code: 'AccessDenied' }],
    ['a refusal without a word', { status: 403 }, { outcome: 'failed', code: 'credentials_refused' }],
    ['a code that is a secret', errorOf(401, SECRET), { outcome: 'failed', code: 'credentials_refused' }],
    [
      'a redirect',
      { status: 307, headers: { location: 'https://elsewhere.example/' } },
      { outcome: 'failed', code: 'redirect_refused' },
    ],
    ['a connection that is cut', 'cut', { outcome: 'retry', code: 'connection_lost' }],
    ['half an answer', 'broken_off', { outcome: 'retry', code: 'connection_lost' }],
    ['no HTTP', 'garbage', { outcome: 'retry', code: 'connection_lost' }],
    ['an answer without end', 'endless', { outcome: 'failed', code: 'answer_too_large' }],
    ['no answer', 'hang', { outcome: 'retry', code: 'timed_out' }],
    ['an answer too late', { lateMs: 700 }, { outcome: 'retry', code: 'timed_out' }],
  ];

  test.each(cases)('%s', async (_what, behaviour, fault) => {
    provider.answers(behaviour);
    expect(await faultOf(put())).toEqual(fault);
    expect(await faultOf(storeAt().get(location, never))).toEqual(fault);
    expect(provider.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
  });

  test('what it reads back differs from what it was given', async () => {
    provider.answers({}, { body: 'Dear cuckoo' });
    expect(await faultOf(put())).toEqual({ outcome: 'retry', code: 'digest_differs' });
  });

  test('says yes and then has nothing', async () => {
    provider.answers({}, errorOf(404, 'NoSuchKey'));
    expect(await faultOf(put())).toEqual({ outcome: 'retry', code: 'not_stored' });
  });

  test('is asked to look at what it receives', async () => {
    provider.answers({}, { body: letter.toString() });
    await put();
    expect(provider.requests[0]).toMatchObject({
      method: 'PUT',
      path: `/letters/key/sha256-${digestOf(letter)}`,
      headers: { 'x-amz-content-sha256': digestOf(letter), 'content-type': 'text/plain' },
      body: 'Dear customer',
    });
    expect(provider.requests[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, /,
    );
  });

  test('is not there', async () => {
    const store = storeAt(`http://127.0.0.1:${await closedPort()}`);
    expect(await faultOf(put(store))).toEqual({ outcome: 'retry', code: 'connect_failed' });
  });

  test('is at an address that nobody allowed', async () => {
    const store = storeAt(`https://127.0.0.1:${provider.port}`, false);
    expect(await faultOf(put(store))).toEqual({ outcome: 'failed', code: 'address_refused' });
  });

  test('is left when the runner stops', async () => {
    const stop = new AbortController();
    provider.behave = () => {
      stop.abort();
      return 'hang';
    };
    expect(await faultOf(put(storeAt(), stop.signal))).toEqual({ outcome: 'retry', code: 'stopped' });
  });

  test.each([
    ['key_invalid', () => storeAt().put('../key', letter, 'text/plain', never)],
    [
      'artifact_too_large',
      () => storeAt().put('key', new Uint8Array(MOST_ARTIFACT_BYTES + 1), 'text/plain', never),
    ],
    ['location_refused', () => storeAt().get(location.replace('letters', 'others'), never)],
    ['location_refused', () => storeAt().get('s3://letters/key', never)],
  ])('is not asked at all: %s', async (code, asked) => {
    expect(await faultOf(asked())).toEqual({ outcome: 'failed', code });
    expect(provider.requests).toEqual([]);
  });
});
