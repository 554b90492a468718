import { roles } from '@countersign/durable-objects/tenant/access/identity';
import { runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import type { AskType } from '@countersign/durable-objects/tenant/turn/command';
import { routes } from '@countersign/gateway/routes/all-routes';
import type { Route } from '@countersign/gateway/routes/route';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proposal } from '../../support/change-set.ts';
import { documentedRoutes } from '../../support/documented-routes.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { leaseJob, requestAndRehearse } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';
import { type About, sampleRequest } from '../../support/sample-requests.ts';
import { snapshot } from '../../support/snapshot.ts';
import {
  everybody,
  type MachineName,
  machines,
  type PersonName,
  people,
  type TestTenant,
  type Who,
} from '../../support/tenant.ts';

let plane: TestPlane;
let tenant: TestTenant;
/** Ids of the right form that nothing has. */
let nothing: About;

beforeAll(async () => {
  plane = await startTestPlane();
  tenant = await plane.tenant();
  const elsewhere = await plane.tenant();
  const job = await leaseJob(elsewhere);
  nothing = {
    proposalId: job.proposal_id,
    leaseId: job.lease_id,
    runnerId: 'runner-1',
    contractId: 'ctr_none',
    versionId: 'ctv_none',
    policyName: 'none',
  };
});
afterAll(() => plane.stop());

const documented = new Map(documentedRoutes().map((row) => [row.request, row]));
const nameOf = ({ method, path }: Route) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

/** Whether the table in the documentation lets this caller send a request. */
function mayAsk(who: Who, route: Route): boolean {
  const row = documented.get(nameOf(route));
  if (row === undefined) throw new TypeError(`${nameOf(route)} is not documented`);
  if (who in people) return people[who as PersonName].roles.some((role) => row.person.includes(role));
  const { kind, permissions: held } = machines[who as MachineName];
  return held.some((permission) => permission === row[kind]);
}

/** Sends the sample of a route, with these members besides. */
function ask(who: Who, route: Route, more: object = {}): Promise<Answer> {
  const { path, body } = sampleRequest(route, nothing, { who, project: tenant.project });
  const whole = Object.assign({}, body, more);
  return route.method === 'GET' ? tenant[who].get(path) : tenant[who].post(path, whole);
}

const walks = routes.flatMap((route) =>
  everybody.map((who) => ({ route, who, name: `${who}: ${route.method} ${route.path}` })),
);

describe('every route, by everybody', () => {
  test('the documentation has exactly the routes that there are', () => {
    expect([...documented.keys()].sort()).toEqual(routes.map(nameOf).sort());
  });

  test('there is somebody of every role and every kind of credential', () => {
    expect(new Set(Object.values(people).flatMap((person) => person.roles))).toEqual(new Set(roles));
    expect(new Set(Object.values(machines).map(({ kind }) => kind))).toEqual(
      new Set(['agent', 'runner', 'service']),
    );
  });

  test.each(walks)('$name', async ({ route, who }) => {
    const answers = [await ask(who, route)];
    if (route.method === 'POST') answers.push(await ask(who, route, { surprise: 1 }));
    for (const answer of answers) {
      if (mayAsk(who, route)) expect([401, 403, 500], answer.text).not.toContain(answer.status);
      else expectProblem(answer, 'forbidden');
    }
  });

  test('and whoever may not, changes nothing', async () => {
    const before = await snapshot(plane, tenant.project);
    const denied = walks.filter(({ route, who }) => route.method === 'POST' && !mayAsk(who, route));
    expect(denied.length).toBeGreaterThan(100);
    await Promise.all(denied.map(({ route, who }) => ask(who, route)));
    expect(await snapshot(plane, tenant.project)).toEqual(before);
  });
});

describe('what a model can reach', () => {
  /** Said here once more in words, so that a slip in the table of permissions is seen. */
  const agentsMay = new Set<AskType>([
    'request',
    'revise',
    'cancel',
    'read-proposal',
    'list-proposals',
    'list-capabilities',
  ]);
  const deciding = new Set<AskType>([
    'decide',
    'send-back',
    'look',
    'claim',
    'renew',
    'release',
    'report',
    'claim-rehearsals',
    'report-rehearsal',
    'requeue',
    'discard',
    'propose',
    'submit',
    'push-contract',
    'activate-contract',
    'save-policy',
    'activate-policy',
    'retire-policy',
    'save-permission-rules',
    'enforce-permission-rules',
  ]);

  test.each(routes.map((route) => ({ route, name: `${route.method} ${route.path}` })))(
    'never decides, claims or confirms: $name',
    async ({ route }) => {
      const answer = await ask('agent', route);
      if (!agentsMay.has(route.asks)) expectProblem(answer, 'forbidden');
      if (deciding.has(route.asks)) expect(agentsMay.has(route.asks)).toBe(false);
    },
  );

  test('proposes no complete change set: a reviewer would believe what it says of the row', async () => {
    const before = await snapshot(plane, tenant.project);
    for (const who of ['agent', 'otherAgent'] as const) {
      expectProblem(await tenant[who].post('/v1/proposals', proposal()), 'forbidden');
    }
    expect(await snapshot(plane, tenant.project)).toEqual(before);
  });

  test('no machine decides, about a real proposal, whatever permissions its credential claims to hold', async () => {
    const own = await plane.tenant();
    const id = await requestAndRehearse(own);
    const everything = JSON.stringify([
      ...runnerPermissions,
      'decide',
      'proposals:write',
      'proposals:approve',
      '*',
    ]);
    await plane.query(`UPDATE credentials SET permissions = '${everything}' WHERE tenant = ?1`, own.project);
    for (const who of ['agent', 'otherAgent', 'runner', 'service'] as const) {
      for (const base of ['/v1/proposals', '/v1/control/external-writebacks/proposals']) {
        for (const verb of ['approve', 'reject']) {
          expectProblem(await own[who].post(`${base}/${id}/${verb}`), 'forbidden');
        }
      }
    }
    expect((await own.ada.post(`/v1/proposals/${id}/approve`)).status).toBe(200);
  });
});
