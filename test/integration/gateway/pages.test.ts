import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from '@countersign/serve/dashboard-files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../../support/expect-problem.ts';
import { send } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';
import { runFolder } from '../../support/run-folder.ts';

const PAGE = '<!doctype html><title>the one page</title>';

let plane: TestPlane;
beforeAll(async () => {
  const folder = await mkdtemp(join(runFolder(), 'pages-'));
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'favicon.svg'), '<svg/>');
  await writeFile(join(folder, 'notes.txt'), 'not of a kind that pages have');
  plane = await startTestPlane({
    domain: 'example.com',
    dashboard: filesOf(folder),
    dashboardClient: {
      client_id: 'countersign-dashboard',
      origins: ['https://tokens.example.com'],
      parameters: { audience: 'countersign' },
    },
  });
});
afterAll(() => plane.stop());

const asBrowser = { accept: 'text/html,application/xhtml+xml' };
const open = (path: string, headers: Record<string, string> = asBrowser) =>
  send(plane.origin, { method: 'GET', path, headers });

describe('an address that is opened in a browser', () => {
  test.each(['/', '/signed-in?code=1', '/t/acme/inbox', '/t/prj_1/proposals/wrp_1', '/anything'])(
    '%s is the one page',
    async (path) => {
      const answer = must(await open(path));
      expect(answer.text).toBe(PAGE);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    },
  );

  test('may run our files, ask us and the issuer, and nothing else', async () => {
    const { headers } = must(await open('/'));
    const { issuer } = plane.issuers.get('members').settings;
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${new URL(issuer).origin} https://tokens.example.com`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  test('at the host of one project leads to where people sign in', async () => {
    const answer = await open('/inbox', { ...asBrowser, host: 'acme.example.com' });
    expect([answer.status, answer.headers.location]).toEqual([302, 'http://example.com/t/acme/inbox']);
  });
});

describe('the API is no page', () => {
  test.each([
    '/v1',
    '/v1/nothing',
    '/v2/proposals',
    '/.env',
    '/notes.txt',
    '/assets/none.js',
    '/..%2fnotes.txt',
  ])('%s is nothing', async (path) => {
    expectProblem(await open(path, { accept: 'application/json' }), 'not_found');
  });

  test.each(['/v1/proposals', '/t/acme/v1/proposals'])(
    '%s stays what it is, also in a browser',
    async (path) => {
      expect((await open(path)).headers['content-type']).toBe('application/problem+json');
    },
  );

  test('and nothing is posted to a page', async () => {
    expectProblem(await send(plane.origin, { method: 'POST', path: '/', headers: asBrowser }), 'not_found');
  });
});

test('a file is itself, with its kind', async () => {
  const answer = must(await open('/favicon.svg'));
  expect(answer).toMatchObject({ text: '<svg/>', headers: { 'content-type': 'image/svg+xml' } });
});

test('anybody may know where people sign in, and how the dashboard is known there', async () => {
  const { issuer } = plane.issuers.get('members').settings;
  expect(must(await open('/v1/sign-in')).body.issuers).toEqual([
    {
      issuer,
      name: new URL(issuer).host,
      client_id: 'countersign-dashboard',
      scope: 'openid email profile offline_access',
      parameters: { audience: 'countersign' },
    },
  ]);
});
