import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { HOSTING_TOKEN, ORGANIZATION } from '../support/fly-samples.ts';
import { FlyServer } from '../support/fly-server.ts';
import { type Answer, send } from '../support/http.ts';
import { must } from '../support/must.ts';
import { startTestPlane, type TestPlane } from '../support/plane.ts';
import { type SharedPlane, sharedPlane } from '../support/shared-planes.ts';
import type { TestTenant } from '../support/tenant.ts';

const DOMAIN = 'countersign.example';

let plane: TestPlane;
let closed: SharedPlane;
let tenant: TestTenant;
let fly: FlyServer;
beforeAll(async () => {
  fly = await FlyServer.start(HOSTING_TOKEN);
  plane = await startTestPlane({
    provisioner: { TENANTS_PER_OWNER: '2', ...hosting(fly.url) },
    domain: DOMAIN,
  });
  closed = await sharedPlane();
  tenant = await plane.tenant();
}, 60_000);
afterAll(() => Promise.all([plane?.stop(), fly?.stop()]));

const PROJECTS = '/v1/account/projects';
const sources = [{ source_id: 'src_billing', name: 'Billing', engine: 'postgres' }];

async function personOf(name: string): Promise<Person> {
  const token = await plane.issuers.get('members').sign(name);
  return {
    get: (path, headers = {}) => send(plane.origin, { method: 'GET', path, token, headers }),
    post: (path, body) => send(plane.origin, { method: 'POST', path, token, body }),
  };
}
interface Person {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
}

function hosting(base_url: string): Readonly<Record<string, string>> {
  const settings = {
    base_url,
    organization: ORGANIZATION,
    image: 'registry.example/countersign-runner@sha256:1',
    control_plane_url: 'https://plane.example',
    usual_region: 'ams',
  };
  return {
    HOSTING: JSON.stringify(settings),
    HOSTING_TOKEN,
    HOSTED_TOKEN_SEED: 'what the tokens of hosted runners are made of',
  };
}

/** Asks for a project and waits until it is there. */
async function provisioned(person: Person, label: string, more = {}): Promise<string> {
  let progress = must(await person.post(PROJECTS, { label, sources, ...more })).body;
  while (progress.state === 'going') {
    const { revision } = progress;
    progress = must(await person.get(`${PROJECTS}/${label}/progress?wait_seconds=10&after=${revision}`)).body;
  }
  expect(progress).toMatchObject({ state: 'done', failure: null, label });
  return String(progress.project_id);
}

describe('whoever signs in', () => {
  test('has a project of their own a moment later, and hands out the token that starts a runner', async () => {
    const nina = await personOf('nina');
    const project = await provisioned(nina, 'ninas-shop');
    expect(must(await nina.get(PROJECTS)).body.projects).toMatchObject([
      { project_id: project, label: 'ninas-shop', status: 'active' },
    ]);
    expect(must(await nina.get(`/v1/members?project_id=${project}`)).body.members).toMatchObject([
      { roles: ['owner'] },
    ]);
    const made = must(
      await nina.post(`/v1/control/projects/${project}/runner-tokens`, {
        name: 'first runner',
        source_ids: ['src_billing'],
      }),
    ).body;
    const token = String(made.runner_token);
    const doctor = await send(plane.origin, { method: 'GET', path: '/v1/writeback/runner/doctor', token });
    expect(must(doctor).body).toMatchObject({ project_id: project, source_id: 'src_billing' });
    const rebuilt = must(await nina.post(`/v1/maintenance/rebuild?project_id=${project}`, {})).body;
    expect(rebuilt).toMatchObject({ matches: true, differences: [] });
  });

  test('gets the same project however often they ask, and no more than their share', async () => {
    const paul = await personOf('paul');
    const [first, again] = await Promise.all([provisioned(paul, 'paul-one'), provisioned(paul, 'paul-one')]);
    expect(again).toBe(first);
    await provisioned(paul, 'paul-two');
    expectProblem(await paul.post(PROJECTS, { label: 'paul-three', sources }), 'tenant_limit');
    expect(must(await paul.get(PROJECTS)).body.projects).toHaveLength(2);
  });

  test('learns nothing of a label that is somebody else’s but that it is taken', async () => {
    const [rosa, mallory] = [await personOf('rosa'), await personOf('mallory')];
    const project = await provisioned(rosa, 'rosas-shop');
    expectProblem(await mallory.post(PROJECTS, { label: 'rosas-shop', sources }), 'label_taken');
    expectProblem(await mallory.get(`${PROJECTS}/rosas-shop/progress`), 'provisioning_not_found');
    expectProblem(await mallory.get(`${PROJECTS}/nobodys-shop/progress`), 'provisioning_not_found');
    expectProblem(await mallory.get(`/v1/members?project_id=${project}`), 'project_not_found');
    expect(must(await mallory.get(PROJECTS)).body.projects).toEqual([]);
  });

  test.each(['ab', 'Shop', 'a--b', 'xn--shop', '-shop', 'shop-', 'www', 'api', '1shop', 'shop.eu'])(
    'cannot have the label %s',
    async (label) => {
      const sam = await personOf('sam');
      expectProblem(await sam.post(PROJECTS, { label, sources }), 'validation_failed');
    },
  );

  test('must be a person: a token of a project makes none', async () => {
    for (const who of [tenant.service, tenant.runner, tenant.agent])
      expectProblem(await who.post(PROJECTS, { label: 'machines', sources }), 'forbidden');
    const nobody = { method: 'POST', path: PROJECTS, body: { label: 'nobodys', sources } } as const;
    expectProblem(await send(plane.origin, nobody), 'token_missing');
  });

  test('may not sign up where nobody said that they may', async () => {
    const token = await closed.issuers.get('members').sign('tina');
    const request = { method: 'POST', path: PROJECTS, token, body: { label: 'tinas', sources } } as const;
    expectProblem(await send(closed.origin, request), 'provisioning_closed');
  });
});

describe('a hosted runner', () => {
  const hosted = { hosted_runner: { targets: [], handlers: ['model'] } };

  test('is made at the provider, with a token that nobody else has seen', async () => {
    const vic = await personOf('vic');
    const project = await provisioned(vic, 'vics-shop', hosted);
    const [app, ...others] = fly.world.apps.values();
    expect(others).toEqual([]);
    expect([...(app?.machines.values() ?? [])]).toHaveLength(1);
    const token = app?.secrets.get('COUNTERSIGN_RUNNER_TOKEN') ?? '';
    const doctor = await send(plane.origin, { method: 'GET', path: '/v1/writeback/runner/doctor', token });
    expect(must(doctor).body).toMatchObject({ project_id: project, source_ids: [] });
    expect(plane.logs.join()).not.toContain(token);
    expect(JSON.stringify(must(await vic.get(`${PROJECTS}/vics-shop/progress`)).body)).not.toContain(token);
  });

  test('that the provider refuses takes the whole project back, and frees its label', async () => {
    const wes = await personOf('wes');
    const refusal = { status: 403, body: { error: 'unauthorized' } };
    fly.misbehave('make-machine', ...Array.from({ length: 9 }, () => ({ isDone: false, answer: refusal })));
    let progress = must(await wes.post(PROJECTS, { label: 'wes-shop', sources, ...hosted })).body;
    while (progress.state === 'going' || progress.state === 'undoing') {
      const query = `wait_seconds=10&after=${progress.revision}`;
      progress = must(await wes.get(`${PROJECTS}/wes-shop/progress?${query}`)).body;
    }
    fly.behave();
    expect(progress).toMatchObject({
      state: 'undone',
      failure: { step: 'host_machine', trouble: 'hosting_not_allowed' },
    });
    expect(fly.world.apps.size).toBe(1);
    const project = String(progress.project_id);
    for (const table of ['tenants', 'heads', 'ledger', 'members', 'credentials'])
      expect(await plane.query(`SELECT * FROM ${table} WHERE tenant = ?1`, project), table).toEqual([]);
    await provisioned(wes, 'wes-shop');
  });
});

describe('a project', () => {
  test('is reached at its label, in the path and by its host name', async () => {
    const una = await personOf('una');
    const project = await provisioned(una, 'unas-shop');
    const session = must(await una.get('/t/unas-shop/v1/members')).body;
    expect(session.members).toHaveLength(1);
    const byHost = await una.get('/v1/members', { host: `unas-shop.${DOMAIN}` });
    expect(must(byHost).body.members).toHaveLength(1);
    expectProblem(await una.get('/t/nobodys-shop/v1/members'), 'project_not_found');
    expectProblem(await una.get(`/t/unas-shop/v1/members?project_id=${tenant.project}`), 'wrong_project');
    expectProblem(await tenant.olivia.get('/t/unas-shop/v1/members'), 'wrong_project');
    const foreign = await send(plane.origin, {
      method: 'GET',
      path: '/t/unas-shop/v1/runners',
      token: tenant.service.token,
    });
    expectProblem(foreign, 'wrong_project');
    expect(project).toMatch(/^prj_/);
  });
});
