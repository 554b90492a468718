import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ListenError, OperatingServer } from './operating-server.ts';
import type { ReadinessReport } from './readiness.ts';

const report: ReadinessReport = {
  ready: true,
  draining: false,
  frozen: false,
  control_plane: 'ok',
  databases: { src_shop: 'ok' },
};
const told = {
  isTurning: true,
  report: () => Promise.resolve(report),
  metricsText: () => 'jobs_total 1\n',
};

let logged: string[];
let server: OperatingServer;

function listen(port: number, changes: Partial<typeof told> = {}): Promise<OperatingServer> {
  const log = (_level: string, event: string, fields = {}) =>
    logged.push(`${event} ${JSON.stringify(fields)}`);
  return OperatingServer.listen({ host: '127.0.0.1', port }, { ...told, ...changes }, log);
}

async function ask(path: string, method = 'GET') {
  const asked = request({ host: '127.0.0.1', port: server.port, path, method, agent: false }).end();
  const [response] = await once(asked, 'response');
  let body = '';
  for await (const piece of response) body += piece;
  return { status: response.statusCode, headers: response.headers, body };
}

beforeEach(async () => {
  logged = [];
  server = await listen(0);
});
afterEach(() => server.close());

async function relisten(changes: Partial<typeof told>) {
  await server.close();
  server = await listen(0, changes);
}

test('tells of its health, its readiness and its numbers', async () => {
  expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
  const ready = await ask('/readyz?verbose');
  expect([ready.status, JSON.parse(ready.body)]).toEqual([200, report]);
  expect(ready.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  expect(await ask('/metrics')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: 'jobs_total 1\n',
  });
  expect(logged).toEqual([`http_listening ${JSON.stringify({ port: server.port })}`]);
});

test('says 503 for loops that have stopped, and for what is not ready', async () => {
  await relisten({ isTurning: false, report: async () => ({ ...report, ready: false }) });
  expect(await ask('/healthz')).toMatchObject({ status: 503, body: 'stalled\n' });
  expect((await ask('/readyz')).status).toBe(503);
});

test('answers HEAD as GET, without a body', async () => {
  const [get, head] = [await ask('/metrics'), await ask('/metrics', 'HEAD')];
  expect([head.status, head.body]).toEqual([200, '']);
  expect(head.headers['content-length']).toBe(get.headers['content-length']);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
  expect(await ask('/metrics', method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test.each(['/', '/healthz/', '/metrics/../etc', '/favicon.ico', '//healthz'])(
  'knows nothing at %s',
  async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, body: 'not found\n' });
  },
);

test('a fault is an answer without its words, and the server stays', async () => {
  await relisten({ report: () => Promise.reject(new TypeError('topsecret')) });
  expect(await ask('/readyz')).toMatchObject({ status: 500, body: 'fault\n' });
  expect(logged.at(-1)).toBe('http_fault {"fault":"TypeError"}');
  expect((await ask('/healthz')).status).toBe(200);
});

test('headers beyond 8 KiB are refused', async () => {
  const socket = connect({ host: '127.0.0.1', port: server.port ?? 0 });
  socket.write(`GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(9_000)}\r\n\r\n`);
  const [data] = await once(socket, 'data');
  expect(String(data)).toMatch(/^HTTP\/1\.1 431 /);
  socket.destroy();
});

test('a port in use has its own code', async () => {
  const failure = await listen(server.port ?? 0).catch((error: ListenError) => error);
  expect(failure).toMatchObject({ name: 'ListenError', code: 'http_port_in_use' });
});

test('closes although somebody has connected and says nothing', async () => {
  const silent = connect({ host: '127.0.0.1', port: server.port ?? 0 });
  await once(silent, 'connect');
  await ask('/healthz');
  const closed = once(silent, 'close');
  silent.resume();
  await server.close();
  await closed;
  server = await listen(0);
});

test('lets an answer under way go out before it is closed', async () => {
  let answer: (value: ReadinessReport) => void = () => undefined;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  await relisten({
    report: () => {
      begin();
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
  const asked = ask('/readyz');
  await begun;
  const closed = server.close();
  answer(report);
  expect((await asked).status).toBe(200);
  await closed;
  server = await listen(0);
});
