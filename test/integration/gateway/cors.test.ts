import { routes } from '@countersign/gateway/routes/all-routes';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { type Answer, send } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

const PAGE = 'https://app.example.com';
/** What a gateway has learnt it believes for ten seconds. */
const FORGOTTEN_MS = 20_000;

let plane: SharedPlane;
let tenant: TestTenant;
let other: TestTenant;

beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
  other = await plane.tenant();
  must(await tenant.olivia.post('/v1/cors-origins/allow', { origin: PAGE }));
}, 60_000);

function preflight(path: string, origin = PAGE): Promise<Answer> {
  return send(plane.origin, {
    method: 'OPTIONS',
    path,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });
}

const members = ({ project }: Pick<TestTenant, 'project'>) => `/v1/members?project_id=${project}`;
const from = (origin: string) => ({ headers: { origin } });
const allowOf = ({ headers }: Answer) => headers['access-control-allow-origin'];
const cors = ({ headers }: Answer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

describe('a page', () => {
  test('of an allowed origin is answered, by name and without cookies', async () => {
    const asked = await preflight(members(tenant));
    expect(asked.status).toBe(204);
    expect(cors(asked)).toEqual({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key, traceparent',
      'access-control-expose-headers': 'x-request-id, retry-after, content-disposition',
      'access-control-max-age': '600',
    });
    const read = must(await tenant.olivia.get('/v1/members', from(PAGE)));
    expect(allowOf(read)).toBe(PAGE);
    expect(read.headers.vary).toContain('Origin');
    expect(read.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('of an allowed origin may read refusals too', async () => {
    const path = members(tenant);
    const refused = await send(plane.origin, { method: 'GET', path, ...from(PAGE) });
    expectProblem(refused, 'token_missing');
    expect(allowOf(refused)).toBe(PAGE);
  });

  test.each([
    'https://app.example.com.evil.example',
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://APP.example.com',
    'null',
    '*',
    `https://${'a'.repeat(4_000)}.example`,
  ])('of another origin is not: %s', async (origin) => {
    const asked = await preflight(members(tenant), origin);
    expect(asked.status).toBe(204);
    expect(cors(asked)).toEqual({});
    expect(cors(must(await tenant.olivia.get('/v1/members', from(origin))))).toEqual({});
  });

  test('learns by asking beforehand nothing of which projects there are', async () => {
    const known = await preflight(members(other));
    const answers = [
      await preflight(members({ project: 'prj_nowhere' })),
      await preflight('/v1/members'),
      await preflight('/v1/nothing?project_id=prj_nowhere'),
      await preflight('/v1/control/projects/prj_nowhere/runner-tokens'),
      await preflight(`${members(tenant)}&project_id=${other.project}`),
      await preflight('/t/nobody-has-this/v1/members'),
    ];
    const shown = ({ headers, status, text }: Answer) => {
      const { date: _, ...rest } = headers;
      return { status, text, headers: rest };
    };
    for (const answer of answers) expect(shown(answer)).toEqual(shown(known));
    expect(cors(known)).toEqual({});
  });

  test('that one project allows does not read another, by its body or by its token', async () => {
    const path = members(tenant);
    const { token } = other.service;
    for (const body of [{}, { project_id: other.project }]) {
      const asked = {
        method: 'POST',
        path: `/v1/invitations?project_id=${tenant.project}`,
        body,
        ...from(PAGE),
      };
      expectProblem(await send(plane.origin, { ...asked, token }), 'wrong_project');
    }
    const named = await send(plane.origin, { method: 'GET', path, token, ...from(PAGE) });
    expectProblem(named, 'wrong_project');
  });

  test('is asked for its project in the path as well', async () => {
    const path = `/v1/control/projects/${tenant.project}/runner-tokens`;
    expect(allowOf(await preflight(path))).toBe(PAGE);
    expect(allowOf(await preflight(path.replace(tenant.project, other.project)))).toBeUndefined();
  });

  test('reads nothing about whose account it is, and makes no first run', async () => {
    for (const path of ['/v1/account/projects', '/v1/bootstrap/exchange', '/v1/bootstrap/service-account'])
      expect(cors(await preflight(`${path}?project_id=${tenant.project}`))).toEqual({});
  });
});

describe('the list', () => {
  test('is empty to begin with, keeps twenty, and says so', async () => {
    const { project, olivia } = await plane.tenant();
    expect(must(await olivia.get('/v1/cors-origins')).body.origins).toEqual([]);
    expect(cors(await preflight(members({ project })))).toEqual({});
    const origins = Array.from({ length: 20 }, (_, place) => `https://page-${place}.example`);
    for (const origin of origins) must(await olivia.post('/v1/cors-origins/allow', { origin }));
    expectProblem(await olivia.post('/v1/cors-origins/allow', { origin: PAGE }), 'cors_full');
    must(await olivia.post('/v1/cors-origins/allow', { origin: origins[0] }));
    must(await olivia.post('/v1/cors-origins/deny', { origin: origins[0] }));
    must(await olivia.post('/v1/cors-origins/deny', { origin: PAGE }));
    expect(must(await olivia.get('/v1/cors-origins')).body.origins).toEqual(origins.slice(1));
    const { entries } = must(await olivia.get('/v1/ledger?limit=500')).body;
    const changes = (entries ?? []).filter(({ type }) => type.startsWith('cors.'));
    expect(changes).toHaveLength(21);
  });

  test.each(['*', 'null', 'http://evil.example', 'https://app.example.com/', 'https://*.example.com'])(
    'takes no %s',
    async (origin) => {
      expectProblem(await tenant.olivia.post('/v1/cors-origins/allow', { origin }), 'validation_failed');
    },
  );

  test('is for owners and admins to change', async () => {
    const body = { origin: 'https://evil.example' };
    for (const who of ['otto', 'ada', 'audra', 'vera', 'agent', 'runner', 'service'] as const)
      for (const verb of ['allow', 'deny'])
        expectProblem(await tenant[who].post(`/v1/cors-origins/${verb}`, body), 'forbidden');
    must(await tenant.audra.get('/v1/cors-origins'));
    expectProblem(await tenant.agent.get('/v1/cors-origins'), 'forbidden');
  });

  test(
    'holds for pages within the time that the directory is believed',
    async () => {
      const own = await plane.tenant();
      must(await own.olivia.post('/v1/cors-origins/allow', { origin: PAGE }));
      expect(allowOf(await preflight(members(own)))).toBe(PAGE);
      must(await own.olivia.post('/v1/cors-origins/deny', { origin: PAGE }));
      await eventually(
        async () => allowOf(await preflight(members(own))),
        (allowed) => allowed === undefined,
        FORGOTTEN_MS,
      );
    },
    FORGOTTEN_MS + 10_000,
  );
});

test('an OPTIONS that no browser would send is no preflight', async () => {
  const [first] = routes;
  expectProblem(
    await send(plane.origin, { method: 'OPTIONS', path: first?.path ?? '' }),
    'method_not_allowed',
  );
});
