import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ApiError } from './api-error.ts';
import { createCallApi, path } from './call-api.ts';
import { type Connection, stream } from './http.ts';

let server: Server;
let connection: Connection;
let lines: string[];
let handle: (response: ServerResponse) => void;

beforeEach(async () => {
  lines = [];
  handle = (response) => response.end('{"ok":true}');
  server = createServer((request, response) => {
    lines.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`);
    handle(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  connection = { url: `http://127.0.0.1:${port}`, token: () => 't', userAgent: 'test/1' };
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`not an ApiError: ${error}`);
}

const problem = (status: number) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      ok: false,
      error_code: 'bound_exceeded',
      message: 'too much',
      next: 'at most 10',
      errors: [{ path: '$.args.a', code: 'bound_exceeded', message: 'at most 10' }],
      request_id: 'req_1',
    }),
  );

describe('a path', () => {
  test('keeps its parts apart, whatever is in them', () => {
    expect(path`/v1/members/${'a/../b?c'}/roles/${'ž'}`).toBe('/v1/members/a%2F..%2Fb%3Fc/roles/%C5%BE');
  });
});

describe('the project of a connection', () => {
  test('is named where the path does not name it, and the caller’s own goes before', async () => {
    const { get, post } = createCallApi({ ...connection, projectId: 'prj_1' });
    const anything = z.looseObject({});
    await get('/v1/thing', anything, {}, { limit: 1 });
    await post('/v1/thing', {}, anything);
    await get('/v1/control/projects/prj_1/agent-contracts', anything);
    await get('/v1/thing', anything, {}, { project_id: 'prj_2' });
    expect(lines).toEqual([
      'GET /v1/thing?project_id=prj_1&limit=1 Bearer t',
      'POST /v1/thing?project_id=prj_1 Bearer t',
      'GET /v1/control/projects/prj_1/agent-contracts Bearer t',
      'GET /v1/thing?project_id=prj_2 Bearer t',
    ]);
  });
});

describe('a refusal', () => {
  test('carries what would pass, and everything that is wrong', async () => {
    handle = problem(422);
    const error = await failureOf(createCallApi(connection).get('/v1/thing', z.looseObject({})));
    expect(error).toMatchObject({
      status: 422,
      code: 'bound_exceeded',
      next: 'at most 10',
      issues: [{ path: '$.args.a', code: 'bound_exceeded', message: 'at most 10' }],
    });
  });
});

describe('a stream', () => {
  const read = async (options: { signal?: AbortSignal; timeoutMs?: number } = {}) => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of stream(connection, { path: '/v1/ledger/export', ...options }))
      text += decoder.decode(piece, { stream: true });
    return text;
  };

  test('hands on what comes, as it comes', async () => {
    let rest: (() => void) | undefined;
    handle = (response) => {
      response.write('first\n');
      rest = () => response.end('second\n');
    };
    const pieces: string[] = [];
    for await (const piece of stream(connection, { path: '/v1/ledger/export' })) {
      pieces.push(Buffer.from(piece).toString());
      rest?.();
      rest = undefined;
    }
    expect(pieces).toEqual(['first\n', 'second\n']);
    expect(lines).toEqual(['GET /v1/ledger/export Bearer t']);
  });

  test('that is refused is an ApiError', async () => {
    handle = problem(403);
    expect(await failureOf(read())).toMatchObject({ status: 403, code: 'bound_exceeded', isRefusal: true });
  });

  test('that breaks off, never begins, or leads elsewhere is an ApiError', async () => {
    handle = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('first\n', () => response.destroy());
    };
    expect(await failureOf(read())).toMatchObject({ status: undefined, code: 'network_unavailable' });
    handle = () => undefined;
    expect(await failureOf(read({ timeoutMs: 30 }))).toMatchObject({ code: 'request_timeout' });
    handle = (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end('{}');
    expect(await failureOf(read())).toMatchObject({ status: 302 });
  });

  test('that is aborted rejects with the reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    handle = () => controller.abort(reason);
    await expect(read({ signal: controller.signal })).rejects.toBe(reason);
  });
});
