import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closedPort, FakeProvider } from './fake-provider.ts';
import { guardedFetch, type HttpGuard } from './guarded-fetch.ts';
import { HttpFault } from './http-fault.ts';
import { retryAfterMs } from './read-answer.ts';
import { never } from './sample-action.ts';
import { selfSigned } from './self-signed.ts';

let provider: FakeProvider;
beforeAll(async () => {
  provider = await FakeProvider.start();
});
beforeEach(() => {
  provider.requests.length = 0;
  provider.answers({ body: { ok: true } });
});
afterAll(() => provider.stop());

async function faultOf(asked: Promise<unknown>): Promise<object> {
  const fault: unknown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof HttpFault)) throw new Error('there is no fault', { cause: fault });
  const { code, status, wasSent } = fault;
  return { code, wasSent, ...(status !== undefined && { status }) };
}

const post = { method: 'POST', body: '{}' };
const ask = (guard: HttpGuard, url: string | URL = guard.origin) => guardedFetch(guard, never)(url, post);

describe('a request', () => {
  test('arrives once, and its answer is whole', async () => {
    const answer = await guardedFetch(provider.guard(), never)(`${provider.origin}/path?query=1`, {
      ...post,
      headers: { 'X-Own': 'one' },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
    expect(provider.requests).toMatchObject([
      {
        method: 'POST',
        path: '/path?query=1',
        body: '{}',
        headers: { 'x-own': 'one', 'accept-encoding': 'identity' },
      },
    ]);
  });

  test('keeps no header of the answer that nobody looks at', async () => {
    provider.answers({ headers: { 'stripe-notice': 'buy this', 'retry-after': '7' } });
    const { headers } = await ask(provider.guard());
    expect(Object.fromEntries(headers)).toEqual({ 'content-type': 'application/json', 'retry-after': '7' });
  });

  test.each([204, 205])('may be answered with %d and nothing', async (status) => {
    provider.answers({ status });
    expect((await ask(provider.guard())).status).toBe(status);
  });
});

describe('a request that nobody could have had', () => {
  const unsent = (code: string) => ({ code, wasSent: false });

  test('finds nobody listening', async () => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    expect(await faultOf(ask(provider.guard({ origin })))).toEqual(unsent('connect_failed'));
  });

  test('finds no TLS where it must be', async () => {
    const origin = `https://127.0.0.1:${provider.port}`;
    expect(await faultOf(ask(provider.guard({ origin })))).toMatchObject({ wasSent: false });
    expect(provider.requests).toEqual([]);
  });

  test('has a name that is not known', async () => {
    const guard = provider.guard({ origin: 'https://nobody.invalid' });
    expect(await faultOf(ask({ ...guard, resolve: async () => [] }))).toEqual(unsent('name_not_resolved'));
    const failing = { ...guard, resolve: () => Promise.reject(new Error('ENOTFOUND')) };
    expect(await faultOf(ask(failing))).toEqual(unsent('name_not_resolved'));
  });

  test('has a name whose lookup takes too long', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const guard = provider.guard({ origin: 'https://slow.invalid', resolve, timeoutMs: 50 });
    expect(await faultOf(ask(guard))).toEqual(unsent('timed_out'));
  });

  test('was called off before', async () => {
    const fetch = guardedFetch(provider.guard(), AbortSignal.abort());
    expect(await faultOf(fetch(provider.origin, post))).toEqual(unsent('stopped'));
    expect(provider.requests).toEqual([]);
  });
});

describe('a request that was sent', () => {
  const sent = (code: string) => ({ code, wasSent: true });

  test('and cut off when it had arrived is lost', async () => {
    provider.answers('cut');
    expect(await faultOf(ask(provider.guard()))).toEqual(sent('connection_lost'));
    expect(provider.requests).toHaveLength(1);
  });

  test('and not answered is ended by its time', async () => {
    provider.answers('hang');
    expect(await faultOf(ask(provider.guard({ timeoutMs: 100 })))).toEqual(sent('timed_out'));
  });

  test('and called off is known as such', async () => {
    const stop = new AbortController();
    provider.behave = () => {
      stop.abort();
      return 'hang';
    };
    const asked = guardedFetch(provider.guard(), stop.signal)(provider.origin, post);
    expect(await faultOf(asked)).toEqual(sent('stopped'));
  });

  test('and answered with something else than HTTP is lost', async () => {
    provider.answers('garbage');
    expect(await faultOf(ask(provider.guard()))).toEqual(sent('connection_lost'));
    provider.answers('upgrade');
    expect(await faultOf(ask(provider.guard()))).toMatchObject({ wasSent: true });
  });

  test('keeps the status of an answer that broke off', async () => {
    provider.answers('broken_off');
    expect(await faultOf(ask(provider.guard()))).toEqual({ ...sent('connection_lost'), status: 200 });
  });

  test('is not read without end', async () => {
    provider.answers('endless');
    expect(await faultOf(ask(provider.guard()))).toEqual({ ...sent('answer_too_large'), status: 200 });
  });

  test.each([301, 302, 303, 307, 308])('is not sent elsewhere by %d', async (status) => {
    const other = await FakeProvider.start();
    provider.answers({ status, headers: { location: other.origin } });
    expect(await faultOf(ask(provider.guard()))).toEqual({ ...sent('redirect_refused'), status });
    expect([provider.requests.length, other.requests.length]).toEqual([1, 0]);
    await other.stop();
  });
});

describe('a URL that is not of the configured origin', () => {
  test.each([
    'https://other.example/',
    'http://hooks.example/',
    'https://hooks.example:8443/',
    'https://hooks.example./',
    'https://hooks.example@evil.example/',
    'https://user@hooks.example/',
    'https://:password@hooks.example/',
    'https://evil.example/https://hooks.example/',
    'https://hooks.example.evil.example/',
    'file:///etc/passwd',
    '//hooks.example/',
    'not a url',
  ])('is refused: %s', async (url) => {
    const resolve = () => Promise.reject(new Error('asked'));
    const guard = provider.guard({ origin: 'https://hooks.example', resolve });
    expect(await faultOf(ask(guard, url))).toEqual({ code: 'url_refused', wasSent: false });
  });

  test('is refused without TLS, unless private addresses are allowed', async () => {
    expect(await faultOf(ask(provider.guard({ allowPrivate: false })))).toEqual({
      code: 'url_refused',
      wasSent: false,
    });
  });
});

describe('an address that is not public is refused', () => {
  const refused = { code: 'address_refused', wasSent: false };
  const answering = (...addresses: string[]) => ({
    allowPrivate: false,
    resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  });
  const named = (name: string, more: Partial<HttpGuard>) =>
    provider.guard({ origin: `https://${name}:${provider.port}`, ...more });

  test.each([
    ['as itself', '127.0.0.1'],
    ['in decimal', '2130706433'],
    ['in octal', '0177.0.0.1'],
    ['in hex', '0x7f000001'],
    ['in hex parts', '0x7f.0.0.1'],
    ['cut short', '127.1'],
    ['as all', '0'],
    ['in full width', '１２７.０.０.１'],
    ['as IPv6', '[::1]'],
    ['mapped', '[::ffff:127.0.0.1]'],
    ['mapped in hex', '[::ffff:7f00:1]'],
    ['behind NAT64', '[64:ff9b::7f00:1]'],
    ['behind 6to4', '[2002:7f00:1::]'],
    ['as metadata', '169.254.169.254'],
  ])('%s: %s', async (_way, host) => {
    expect(await faultOf(ask(named(host, { allowPrivate: false })))).toEqual(refused);
    expect(provider.requests).toEqual([]);
  });

  test.each(['localhost', 'localhost.', 'LOCALHOST'])('by the name %s', async (host) => {
    expect(await faultOf(ask(named(host, { allowPrivate: false })))).toEqual(refused);
  });

  test('by a name that leads there', async () => {
    expect(await faultOf(ask(named('inner.example', answering('127.0.0.1'))))).toEqual(refused);
  });

  test('by a name that leads there as well', async () => {
    const both = named('both.example', answering('93.184.215.14', '127.0.0.1'));
    expect(await faultOf(ask(both))).toEqual(refused);
    const mapped = named('both.example', answering('93.184.215.14', '::ffff:10.0.0.1'));
    expect(await faultOf(ask(mapped))).toEqual(refused);
  });

  test('by a name that leads to no address at all', async () => {
    expect(await faultOf(ask(named('odd.example', answering('not an address'))))).toEqual(refused);
  });

  test('without TLS also where private ones are allowed, unless it is this machine', async () => {
    const resolve = async () => [{ address: '10.0.0.1', family: 4 }];
    const guard = provider.guard({ origin: 'http://inner.example', resolve });
    expect(await faultOf(ask(guard))).toEqual(refused);
  });
});

test('a name is looked up once, and the address that was looked at is the one that is reached', async () => {
  let lookups = 0;
  const resolve = async () => {
    lookups += 1;
    return [{ address: lookups === 1 ? '127.0.0.1' : '10.9.9.9', family: 4 }];
  };
  const origin = `http://rebinding.example:${provider.port}`;
  const answer = await ask(provider.guard({ origin, resolve }));
  expect([answer.status, lookups]).toEqual([200, 1]);
  expect(provider.requests[0]?.headers.host).toBe(`rebinding.example:${provider.port}`);
});

test('a name with several addresses is reached by one that answers', async () => {
  const resolve = async () => [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const origin = `http://several.example:${provider.port}`;
  expect((await ask(provider.guard({ origin, resolve }))).status).toBe(200);
});

test('what Retry-After says is taken as seconds and as a date', () => {
  const now = Date.parse('2030-01-01T00:00:00Z');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs('Tue, 01 Jan 2030 00:00:30 GMT', now)).toBe(30_000);
  expect(retryAfterMs('Mon, 31 Dec 2029 00:00:00 GMT', now)).toBe(0);
  for (const text of [null, undefined, '', ' ', 'soon', '-5x'])
    expect(retryAfterMs(text, now)).toBeUndefined();
});

describe('over TLS', () => {
  const { cert, key } = selfSigned();
  let server: Server;
  let origin: string;
  let requests = 0;
  beforeAll(async () => {
    server = createServer({ cert, key }, (_request, response) => {
      requests += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  test('a server is reached by the name of its certificate', async () => {
    expect((await ask(provider.guard({ origin, ca: cert }))).status).toBe(200);
  });

  test('one that nobody vouches for is sent nothing', async () => {
    requests = 0;
    expect(await faultOf(ask(provider.guard({ origin })))).toEqual({ code: 'tls_failed', wasSent: false });
    const other = origin.replace('localhost', 'other.example');
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(await faultOf(ask(provider.guard({ origin: other, ca: cert, resolve })))).toEqual({
      code: 'tls_failed',
      wasSent: false,
    });
    expect(requests).toBe(0);
  });
});
