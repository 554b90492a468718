import { accountRoutes } from '@countersign/gateway/routes/account-routes';
import { routes } from '@countersign/gateway/routes/all-routes';
import { bootstrapRoutes } from '@countersign/gateway/routes/bootstrap-routes';
import { deviceLoginRoutes } from '@countersign/gateway/routes/device-login-routes';
import { liveRoute } from '@countersign/gateway/routes/live-routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proposal } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { send } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type DeployedPlane, startTestPlane } from '../../support/plane.ts';

const everyRoute = [...routes, ...accountRoutes];

let plane: DeployedPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

const ask = (method: string, path: string) => send(plane.origin, { method, path });
const concrete = (path: string) => path.replace(/:\w+/g, 'some_id');
const paths = [...new Set(routes.map(({ path }) => path))];
const open = ['/health', '/v1/runner/protocol', '/v1/sign-in', '/v1/openapi.json'];

describe('what is open to anybody', () => {
  test('that the gateway is there', async () => {
    const answer = must(await ask('GET', '/health'));
    expect(answer.body).toEqual({ ok: true, status: 'ok' });
    expect(answer.headers['x-request-id']).toMatch(/^req_/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('which protocol it speaks', async () => {
    const answer = must(await ask('GET', '/v1/runner/protocol'));
    expect(answer.body).toEqual({ ok: true, protocol_version: 'synapsor.runner-control.v1' });
  });

  test('where people sign in: here nowhere, since no issuer says how', async () => {
    const answer = must(await ask('GET', '/v1/sign-in'));
    expect(answer.body).toEqual({
      ok: true,
      issuers: [],
      default_project: null,
      is_sign_up_open: false,
      warning: null,
    });
  });

  test('its description, of exactly the routes that there are', async () => {
    const document = JSON.parse(must(await ask('GET', '/v1/openapi.json')).text);
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = [...everyRoute, ...bootstrapRoutes, ...deviceLoginRoutes, liveRoute].map(
      ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(described.sort()).toEqual(served.sort());
  });
});

describe('every other route', () => {
  test.each(everyRoute.map(({ method, path }) => [method, path] as const))(
    '%s %s wants a token',
    async (method, path) => {
      expectProblem(await ask(method, concrete(path)), 'token_missing');
    },
  );
});

describe('the first run', () => {
  test.each(bootstrapRoutes.map(({ path }) => path))(
    '%s is closed where nothing was set, whatever comes',
    async (path) => {
      const tenant = await plane.tenant();
      for (const token of [
        undefined,
        'a-token-for-the-first-run',
        tenant.service.token,
        tenant.olivia.token,
      ]) {
        const asked = { path: `${path}?project_id=${tenant.project}`, token, body: {} };
        expectProblem(await send(plane.origin, { method: 'POST', ...asked }), 'bootstrap_closed');
      }
    },
  );
});

describe('what is not served', () => {
  test.each([
    '/',
    '/v1',
    '/v1/',
    '/v2/proposals',
    '/v1/proposals/',
    '/v1/proposals/a/b/c',
    '/V1/proposals',
    '//v1/proposals',
    '/v1/control/nothing',
    '/.env',
  ])('%s is nothing', async (path) => {
    expectProblem(await ask('GET', path), 'not_found');
    expectProblem(await ask('POST', path), 'not_found');
  });

  test.each([...paths, ...open])('%s takes its own methods only, and says which', async (path) => {
    const allowed = routes.filter((route) => route.path === path).map(({ method }) => method);
    for (const method of [
      'DELETE',
      'PUT',
      'PATCH',
      'OPTIONS',
      ...(allowed.includes('POST') ? [] : ['POST']),
    ]) {
      const answer = await ask(method, concrete(path));
      expectProblem(answer, 'method_not_allowed');
      expect(answer.headers.allow).toBe(allowed.length === 0 ? 'GET' : allowed.join(', '));
    }
  });
});

describe('trouble on our side', () => {
  test('that we do not understand is an opaque 500: nothing of it gets out', async () => {
    const tenant = await plane.tenant();
    await plane.query('ALTER TABLE runners RENAME TO runners_away');
    const answer = await tenant.olivia.get('/v1/runners');
    await plane.query('ALTER TABLE runners_away RENAME TO runners');
    expectProblem(answer, 'internal_error');
    expect(answer.text).not.toMatch(/sqlite|table|SELECT|stack|\.ts|runners_away/i);
    expect(plane.logs.join()).toContain('no such table');
  });

  test('that passes is a 503 that says so', async () => {
    const tenant = await plane.unheardTenant();
    await plane.query('ALTER TABLE tenants RENAME TO tenants_away');
    const answer = await tenant.service.post('/v1/proposals', proposal());
    await plane.query('ALTER TABLE tenants_away RENAME TO tenants');
    expectProblem(answer, 'unavailable');
    must(await tenant.service.get('/v1/proposals'));
  });

  test('secrets are not in the logs', async () => {
    const tenant = await plane.tenant();
    await tenant.bearing(`${tenant.agent.token}x`).get('/v1/proposals');
    await tenant.agent.get('/v1/ledger');
    const logged = plane.logs.join('\n');
    expect(logged).toContain('denied');
    for (const { token } of [tenant.agent, tenant.ada]) expect(logged).not.toContain(token.slice(0, 40));
  });
});

test('a tenant that is suspended is as if it were not there', async () => {
  const tenant = await plane.unheardTenant();
  await plane.query("UPDATE tenants SET status = 'suspended' WHERE tenant = ?1", tenant.project);
  expectProblem(await tenant.service.post('/v1/proposals', proposal()), 'project_not_found');
  expectProblem(await tenant.olivia.get('/v1/runners'), 'project_not_found');
});

describe('a person who names no project', () => {
  test('is told of themselves, and of the projects that they asked for', async () => {
    const { olivia, project } = await plane.tenant();
    const person = plane.issuers.get('members').personOf('olivia');
    await plane.query('UPDATE tenants SET owner = ?2 WHERE tenant = ?1', project, person);
    const get = async (path: string) =>
      must(await send(plane.origin, { method: 'GET', path, token: olivia.token })).body;
    expect(await get('/v1/control/sessions/self')).toMatchObject({
      context: { kind: 'person', actor: person, project_id: null, may: [] },
    });
    expect(await get('/v1/control/status')).toMatchObject({ status: 'ok', project_id: null });
    expect(await get('/v1/control/projects')).toMatchObject({
      projects: [{ project_id: project, name: project, plan: 'self_hosted', status: 'active' }],
    });
    expect(await get('/v1/control/accounts')).toMatchObject({
      accounts: [{ account_id: project, name: project, status: 'active' }],
    });
  });

  test('of whatever is a matter of a project is told to name one', async () => {
    const { olivia } = await plane.tenant();
    for (const path of ['/v1/control/external-sources', '/v1/proposals', '/v1/runners'])
      expectProblem(
        await send(plane.origin, { method: 'GET', path, token: olivia.token }),
        'project_required',
      );
    const wrong = { method: 'GET', path: '/v1/control/accounts?surprise=1', token: olivia.token };
    expectProblem(await send(plane.origin, wrong), 'unknown_field');
  });
});
