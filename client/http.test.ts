import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ApiError } from './api-error.ts';
import { type Call, type Connection, call } from './http.ts';
import { createProposalsApi } from './proposals-api.ts';
import { createRunnerApi } from './runner-api.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let server: Server;
let connection: Connection;
let handle: Handler;
let requests: { line: string; headers: IncomingMessage['headers']; body: string }[];

beforeEach(async () => {
  requests = [];
  handle = (_request, response) => answer(response, 200, { ok: true });
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    handle(request, response, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = { url: urlOf(server), token: () => 'syn_run_secret', userAgent: 'test/1' };
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function urlOf(listening: Server): string {
  const address = listening.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

const okSchema = z.looseObject({ ok: z.literal(true) });
const get = (extra: Partial<Call<typeof okSchema>> = {}) =>
  call(connection, { method: 'GET', path: '/v1/thing', answer: okSchema, ...extra });

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`not an ApiError: ${error}`);
}

describe('a request', () => {
  test('carries what it is given, and nothing that it is not', async () => {
    await call(connection, {
      method: 'POST',
      path: '/v1/thing',
      query: { limit: 5, cursor: 'a b', none: undefined },
      body: { text: 'ž' },
      idempotencyKey: 'key-1',
      traceparent: '00-1-2-01',
      answer: okSchema,
    });
    await call(
      { url: connection.url, userAgent: 'test/1' },
      { method: 'GET', path: '/health', answer: okSchema },
    );
    expect(requests[0]).toMatchObject({
      line: 'POST /v1/thing?limit=5&cursor=a+b',
      body: '{"text":"ž"}',
      headers: {
        authorization: 'Bearer syn_run_secret',
        'content-type': 'application/json',
        'idempotency-key': 'key-1',
        traceparent: '00-1-2-01',
        'user-agent': 'test/1',
      },
    });
    for (const name of ['authorization', 'content-type', 'idempotency-key', 'traceparent']) {
      expect(requests[1]?.headers[name]).toBeUndefined();
    }
  });

  test('reads the token anew each time', async () => {
    const tokens = ['first', 'second'];
    connection = { ...connection, token: () => tokens.shift() ?? '' };
    await get();
    await get();
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  test('does not follow a redirect, which would take the token elsewhere', async () => {
    handle = (_request, response) => answer(response, 307, '{}', { location: `${connection.url}/elsewhere` });
    expect(await failureOf(get())).toMatchObject({ status: 307, retryable: false });
    expect(requests).toHaveLength(1);
  });
});

describe('an answer', () => {
  test('is tolerated with fields that are not known', async () => {
    handle = (_request, response) => answer(response, 200, { ok: true, new_field: 1 });
    expect(await get()).toEqual({ ok: true, new_field: 1 });
  });

  test('that is a problem becomes an ApiError with all that it says', async () => {
    const problem = {
      ok: false,
      error: 'overloaded',
      error_code: 'overloaded',
      message: 'busy',
      retryable: true,
      retry_after_ms: 1_500,
      request_id: 'req_1',
    };
    handle = (_request, response) => answer(response, 503, problem);
    const error = await failureOf(get());
    expect(error).toMatchObject({
      status: 503,
      code: 'overloaded',
      message: 'busy',
      retryable: true,
      retryAfterMs: 1_500,
      requestId: 'req_1',
      isRefusal: false,
    });
  });

  test('with little in it still becomes an ApiError', async () => {
    handle = (_request, response) =>
      answer(response, 409, { error: 'lease_lost' }, { 'retry-after': '2', 'x-request-id': 'req_2' });
    expect(await failureOf(get())).toMatchObject({
      status: 409,
      code: 'lease_lost',
      retryable: false,
      retryAfterMs: 2_000,
      requestId: 'req_2',
      isRefusal: true,
    });
    handle = (_request, response) =>
      answer(response, 418, {}, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect(await failureOf(get())).toMatchObject({ code: 'http_418', retryAfterMs: undefined });
  });

  test('of 200 that says ok: false is an error', async () => {
    handle = (_request, response) => answer(response, 200, { ok: false, error: 'odd' });
    expect(await failureOf(get())).toMatchObject({ status: 200, code: 'odd' });
  });

  test.each([
    ['a page of a proxy', 404, '<html>not found</html>'],
    ['cut off', 200, '{"ok": tr'],
    ['a list', 200, '[]'],
    ['of another form', 200, '{"ok": "yes"}'],
  ])('that is %s says nothing about the request', async (_name, status, body) => {
    handle = (_request, response) => answer(response, status, body);
    expect(await failureOf(get())).toMatchObject({
      status: undefined,
      code: 'answer_malformed',
      retryable: true,
      isRefusal: false,
    });
  });

  test('that does not come in time is a timeout, also when only its end is missing', async () => {
    handle = () => undefined;
    expect(await failureOf(get({ timeoutMs: 30 }))).toMatchObject({
      code: 'request_timeout',
      retryable: true,
    });
    handle = (_request, response) => response.writeHead(200).write('{"ok":');
    expect(await failureOf(get({ timeoutMs: 30 }))).toMatchObject({
      code: 'request_timeout',
      retryable: true,
    });
  });

  test('that never begins is a network failure', async () => {
    handle = (request) => request.socket.destroy();
    expect(await failureOf(get())).toMatchObject({
      status: undefined,
      code: 'network_unavailable',
      retryable: true,
    });
  });
});

describe('an abort', () => {
  test('rejects with its reason, and leaves no listener behind', async () => {
    handle = () => undefined;
    const controller = new AbortController();
    const reason = new Error('draining');
    const request = get({ signal: controller.signal });
    while (requests.length === 0) await new Promise(setImmediate);
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
    await expect(get({ signal: controller.signal })).rejects.toBe(reason);
    expect(requests).toHaveLength(1);
  });
});

test('an address that nothing listens on can be tried again', async () => {
  const silent = { ...connection, url: 'http://127.0.0.1:1' };
  const error = await failureOf(call(silent, { method: 'GET', path: '/', answer: okSchema }));
  expect(error).toMatchObject({ status: undefined, code: 'network_unavailable' });
});

describe('the runner API', () => {
  test('asks where the wire says', async () => {
    const lease = { lease_id: 'lse_1', attempt: 1, expires_at: '2026-11-20T12:00:30Z' };
    const server_time = '2026-11-20T12:00:00Z';
    const job_id = 'wbj_a/b';
    handle = (_request, response) =>
      answer(response, 200, {
        ok: true,
        job_id,
        lease,
        write_by: server_time,
        server_time,
        jobs: [{ odd: 1 }, null],
      });
    const api = createRunnerApi(connection);
    await api.doctor();
    await api.heartbeat({ runner_id: 'r', status: 'online' });
    const claim = { source_id: 's', runner_id: 'r', limit: 8, lease_seconds: 30, wait_seconds: 0 };
    expect(await api.claim(claim)).toEqual({ jobs: [{ odd: 1 }, null], server_time });
    await api.renew(job_id, { runner_id: 'r', lease_id: 'lse_1', lease_seconds: 30 });
    await api.release(job_id, { runner_id: 'r', lease_id: 'lse_1', reason: 'busy' });
    await api.result({
      protocol_version: '1.0',
      job_id,
      runner_id: 'r',
      lease_id: 'lse_1',
      status: 'applied',
    });
    expect(requests.map(({ line }) => line)).toEqual([
      'GET /v1/writeback/runner/doctor',
      'POST /v1/runner/heartbeat',
      'POST /v1/writeback/jobs/claim',
      'POST /v1/writeback/jobs/wbj_a%2Fb/heartbeat',
      'POST /v1/writeback/jobs/wbj_a%2Fb/release',
      'POST /v1/writeback/jobs/wbj_a%2Fb/result',
    ]);
  });

  test('asks for rehearsals where the wire says, and leaves each unparsed', async () => {
    const server_time = '2026-11-20T12:00:00.000Z';
    handle = (_request, response) =>
      answer(response, 200, { ok: true, server_time, rehearsals: [{ odd: 1 }, null] });
    const api = createRunnerApi(connection);
    const claim = { source_id: 's', runner_id: 'r', limit: 1, wait_seconds: 25 };
    expect(await api.claimRehearsals(claim)).toEqual({ rehearsals: [{ odd: 1 }, null], server_time });
    await api.rehearsalResult({
      rehearsal_id: 'rhs:1',
      runner_id: 'r',
      lease_id: 'lse_1',
      status: 'row_not_found',
      rehearsed_at: server_time,
    });
    expect(requests.map(({ line }) => line)).toEqual([
      'POST /v1/rehearsals/claim',
      'POST /v1/rehearsals/rhs%3A1/result',
    ]);
    expect(requests[0]).toMatchObject({ body: JSON.stringify(claim) });
    handle = (_request, response) => answer(response, 200, { ok: true, server_time });
    expect((await api.claimRehearsals(claim)).rehearsals).toEqual([]);
    handle = (_request, response) => answer(response, 200, { ok: true, rehearsals: [] });
    expect(await failureOf(api.claimRehearsals(claim))).toMatchObject({ code: 'answer_malformed' });
  });

  test('takes an empty claim, and refuses one without a time', async () => {
    const api = createRunnerApi(connection);
    const claim = { source_id: 's', runner_id: 'r', limit: 1, lease_seconds: 30, wait_seconds: 0 };
    handle = (_request, response) => answer(response, 200, { ok: true, server_time: '2026-11-20T12:00:00Z' });
    expect((await api.claim(claim)).jobs).toEqual([]);
    handle = (_request, response) => answer(response, 200, { ok: true, jobs: [] });
    expect(await failureOf(api.claim(claim))).toMatchObject({ code: 'answer_malformed' });
  });
});

test('the proposals API asks where the wire says', async () => {
  handle = (_request, response) =>
    answer(response, 200, { ok: true, proposal_id: 'wrp_1', status: 'approved', proposals: [], entries: [] });
  const api = createProposalsApi(connection);
  await api.list({ status: 'pending_review', limit: 2 });
  expect(await api.read('wrp_1', { waitSeconds: 5, after: 9 })).toMatchObject({ status: 'approved' });
  await api.read('wrp_1');
  await api.approve('wrp_1', { reason: 'fine' }, { idempotencyKey: 'k' });
  await api.reject('wrp_1');
  await api.cancel('wrp_1');
  await api.replay('wrp_1');
  await api.requeue('wbj_wrp_1');
  await api.discard('wbj_wrp_1');
  await api.ledger({ cursor: '17', limit: 3 });
  await api.engineHealth();
  expect(requests.map(({ line }) => line)).toEqual([
    'GET /v1/proposals?status=pending_review&limit=2',
    'GET /v1/proposals/wrp_1?wait_seconds=5&after=9',
    'GET /v1/proposals/wrp_1',
    'POST /v1/proposals/wrp_1/approve',
    'POST /v1/proposals/wrp_1/reject',
    'POST /v1/proposals/wrp_1/cancel',
    'GET /v1/proposals/wrp_1/replay',
    'POST /v1/jobs/wbj_wrp_1/requeue',
    'POST /v1/jobs/wbj_wrp_1/discard',
    'GET /v1/ledger?cursor=17&limit=3',
    'GET /v1/engine/health',
  ]);
  expect(requests[3]).toMatchObject({ body: '{"reason":"fine"}', headers: { 'idempotency-key': 'k' } });
});
