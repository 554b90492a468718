import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { insecureTenant, LOCAL_PERSON } from '@countersign/serve/first-tenant';
import { type Plane, startPlane } from '@countersign/serve/start-plane';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleOf } from '../../support/bundles.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { type Answer, send } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { runFolder } from '../../support/run-folder.ts';
import { freePort } from '../../support/server-binaries/guarded-process.ts';

const MAC_KEY = 'the key of a plane that asks nobody who they are';
const { tenant: PROJECT } = insecureTenant(undefined);

let plane: Plane;
let port: number;

beforeAll(async () => {
  port = await freePort();
  plane = await startPlane({
    code: await bundleOf('gateway'),
    port,
    persist: await mkdtemp(join(runFolder(), 'insecure-')),
    issuers: [],
    macKeys: [MAC_KEY],
    insecureLocalhost: { project: PROJECT, person: LOCAL_PERSON },
  });
  await plane.createTenant(insecureTenant(undefined));
}, 60_000);
afterAll(() => plane.stop());

interface Asked {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
const get = (path: string, asked: Asked = {}) => send(plane.url, { method: 'GET', path, ...asked });
const post = (path: string, body: object, asked: Asked = {}) =>
  send(plane.url, { method: 'POST', path, body, ...asked });

/** With a host that an HTTP client would not let us set. */
async function rawStatus(host: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET /v1/members HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const [line = ''] = (await text(socket)).split('\r\n');
  return line.split(' ')[1] ?? '';
}

describe('a plane that asks nobody who they are', () => {
  test('says so on every answer, and takes whoever asks for the owner', async () => {
    const health = must(await get('/health'));
    expect(health.body).toMatchObject({ ok: true, authentication: 'disabled' });
    const { body } = must(await get('/v1/control/sessions/self'));
    expect(body.context).toMatchObject({ kind: 'person', roles: ['owner'], project_id: PROJECT });
    const everything: readonly Answer[] = [
      health,
      await get('/v1/members'),
      await get('/v1/nothing'),
      await get('/v1/members?project_id=prj_nowhere'),
      await get('/v1/members', { token: 'nonsense' }),
      await get('/health', { headers: { origin: 'https://evil.example' } }),
      await send(plane.url, { method: 'DELETE', path: '/v1/members' }),
    ];
    for (const { headers } of everything)
      expect(headers['x-countersign-authentication']).toBe('disabled; insecure localhost');
  });

  test('makes a service account whose token is shown once and goes on as any other', async () => {
    const made = must(await post('/v1/bootstrap/service-account', { name: 'ci' }));
    expect(made.status).toBe(201);
    const token = String(made.body.token);
    const { context } = must(await get('/v1/control/sessions/self', { token })).body;
    expect(context).toMatchObject({ kind: 'service', name: 'ci' });
    expect((await get('/v1/control/api-keys')).text).not.toContain(token);
    expectProblem(await post('/v1/bootstrap/service-account', { name: 'ci' }), 'name_taken');
    expectProblem(await post('/v1/bootstrap/service-account', { name: 'other' }, { token }), 'forbidden');
    expectProblem(await get('/v1/members', { token: `${token}x` }), 'token_key_unknown');
    expectProblem(
      await post('/v1/bootstrap/service-account', { name: 'root', scopes: ['setup:manage'] }),
      'validation_failed',
    );
  });

  test('leads into no other project', async () => {
    const other = { ...insecureTenant(undefined), tenant: 'prj_theirs', label: 'theirs', members: [] };
    await plane.createTenant(other);
    expectProblem(await get('/v1/members?project_id=prj_theirs'), 'project_not_found');
  });
});

describe('a page in a browser of the machine', () => {
  test.each([
    ['of another origin', { origin: 'https://evil.example' }],
    ['without an origin to name', { origin: 'null' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['of the other name of the machine over TLS', { origin: 'https://localhost' }],
    ['that embeds it', { 'sec-fetch-site': 'cross-site' }],
    ['of another name below the same one', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused, and nothing is done', async (_what, headers) => {
    const made = await post('/v1/bootstrap/service-account', { name: 'stolen' }, { headers });
    expectProblem(made, 'origin_refused');
    expectProblem(await get('/v1/members', { headers }), 'origin_refused');
    expect((await get('/v1/control/api-keys')).text).not.toContain('stolen');
  });

  test('reads nothing after asking beforehand', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const asked = await send(plane.url, { method: 'OPTIONS', path: '/v1/members', headers });
    expectProblem(asked, 'origin_refused');
    expect(asked.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('whose name was made to lead here is refused by that name', async () => {
    expect(await rawStatus(`127.0.0.1:${port}`)).toBe('200');
    expect(await rawStatus(`localhost:${port}`)).toBe('200');
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `0.0.0.0:${port}`,
    ])
      expect([host, await rawStatus(host)]).toEqual([host, '403']);
  });

  test('that the plane itself serves is answered', async () => {
    const headers = { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' };
    must(await get('/v1/members', { headers }));
  });
});

test('no setting of a deployed gateway turns it on', async () => {
  const deployed = await startPlane({
    code: await bundleOf('gateway'),
    port: 0,
    persist: await mkdtemp(join(runFolder(), 'deployed-')),
    issuers: [],
    macKeys: [MAC_KEY],
    defaultProject: PROJECT,
  });
  try {
    await deployed.createTenant(insecureTenant(undefined));
    const asked = { method: 'GET', path: '/v1/members' };
    expectProblem(await send(deployed.url, asked), 'token_missing');
    const health = must(await send(deployed.url, { method: 'GET', path: '/health' }));
    expect(health.body).toEqual({ ok: true, status: 'ok' });
    expect(health.headers['x-countersign-authentication']).toBeUndefined();
  } finally {
    await deployed.stop();
  }
});
