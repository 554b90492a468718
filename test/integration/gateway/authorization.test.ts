import {
  agentPermissions,
  runnerPermissions,
  SET_UP,
} from '@countersign/durable-objects/tenant/access/permissions';
import { routes } from '@countersign/gateway/routes/all-routes';
import type { Route } from '@countersign/gateway/routes/route';
import { roles } from '@countersign/protocol/roles';
import { servicePermissions } from '@countersign/protocol/service-scopes';
import { mintToken, type TokenMark, tokenDigest } from '@countersign/protocol/token';
import { beforeAll, describe, expect, test } from 'vitest';
import { intend, letAct, readAction, refund } from '../../support/action-flow.ts';
import { SOURCE } from '../../support/change-set.ts';
import { type DocumentedAsk, documentedAuthorization } from '../../support/documented-authorization.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { propose, read } from '../../support/flow.ts';
import { type Answer, send } from '../../support/http.ts';
import { MAC_KEY } from '../../support/plane.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { recordOf, type Snapshot } from '../../support/snapshot.ts';
import { BINDINGS, type PersonName, people, type TestTenant } from '../../support/tenant.ts';

/** Who sends a request, and in which cell of the table it stands whether they may. */
interface Sender {
  readonly name: string;
  readonly token: string | undefined;
  readonly column: string;
  /** The one scope that the token holds. */
  readonly scope?: string;
}

const scopes = {
  service: [...servicePermissions, SET_UP],
  agent: agentPermissions,
  runner: runnerPermissions,
} as const;
type Kind = keyof typeof scopes;
const marks: Readonly<Record<Kind, TokenMark>> = { service: 'svc', agent: 'agt', runner: 'run' };
const kinds = Object.keys(scopes) as Kind[];

let plane: SharedPlane;
let tenant: TestTenant;
let senders: readonly Sender[];

beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
  const elsewhere = await plane.tenant();
  const mallory = await plane.issuers.get('members').sign('mallory');
  senders = [
    ...roles.map((role) => ({ name: role, token: tokenWithRole(role), column: role })),
    ...(await machinesWithOneScope()),
    { name: 'nobody', token: undefined, column: 'no credential' },
    ...kinds.map((kind) => ({
      name: `another tenant's ${kind}`,
      token: elsewhere[kind].token,
      column: "another tenant's token",
    })),
    { name: 'a stranger', token: mallory, column: 'no member' },
  ];
}, 60_000);

function tokenWithRole(role: string): string {
  const name = (Object.keys(people) as PersonName[]).find((one) => people[one].roles[0] === role);
  if (name === undefined) throw new TypeError(`nobody is ${role}`);
  return tenant[name].token;
}

/** A token of every kind for each scope that it can hold: that one and no other. */
async function machinesWithOneScope(): Promise<Sender[]> {
  const all = kinds.flatMap((kind) => scopes[kind].map((scope) => ({ kind, scope })));
  const made = all.map(({ kind, scope }) => {
    const id = `crd_only_${kind}_${scope.replaceAll(':', '_')}`;
    return { kind, scope, id, token: mintToken(marks[kind], tenant.project, id, MAC_KEY) };
  });
  for (const { kind, scope, id, token } of made) {
    await plane.query(
      `INSERT INTO credentials (tenant, credential_id, kind, name, digest, sources, permissions, status, bindings)
       VALUES (?1, ?2, ?3, ?2, ?4, ?5, ?6, 'active', ?7)`,
      ...[tenant.project, id, kind, tokenDigest(token)],
      ...[[SOURCE], [scope], BINDINGS].map((value) => JSON.stringify(value)),
    );
  }
  return made.map(({ kind, scope, token }) => ({
    name: `${kind} with ${scope}`,
    token,
    column: kind,
    scope,
  }));
}

/** What the table says that this sender gets: a status, or to be let through. */
function expected({ cells }: DocumentedAsk, { column, scope }: Sender): number | 'let through' {
  const cell = cells[column];
  if (cell === undefined) throw new TypeError(`the table has no column ${column}`);
  if (cell === 'yes' || cell === 'any' || (scope !== undefined && cell === scope)) return 'let through';
  return /^4\d\d$/.test(cell) ? Number(cell) : 403;
}

const denials = new Set(['forbidden', 'denied_by_rule', 'wrong_project', 'project_not_found']);

function outcomeOf({ status, body }: Answer): number | 'let through' {
  return status === 401 || denials.has(String(body.error_code)) ? status : 'let through';
}

const nameOf = ({ method, path }: Route) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

function routeOf({ request }: DocumentedAsk): Route {
  const route = routes.find((one) => nameOf(one) === request);
  if (route === undefined) throw new TypeError(`${request} is not served`);
  return route;
}

/** About nothing that there is; its body is none that the route takes, so that whoever may ask changes nothing. */
function ask({ token }: Pick<Sender, 'token'>, line: DocumentedAsk): Promise<Answer> {
  const { method, path } = routeOf(line);
  const about = path.replace(':project_id', tenant.project).replace(/:\w+/g, 'nothing');
  const body = method === 'GET' ? {} : { body: bodyOf(line) };
  return send(plane.origin, { method, path: `${about}?project_id=${tenant.project}`, token, ...body });
}

function bodyOf({ asks }: DocumentedAsk): unknown {
  return asks === 'request' ? { capability: 7 } : { surprise: 1 };
}

const table = documentedAuthorization();

describe('the table of who may do what', () => {
  let before: Snapshot;
  const asked = new Set<DocumentedAsk>();
  beforeAll(async () => {
    before = await recordOf(plane, tenant.project);
  });

  test('has a line for each route, and for each form of one that takes several', () => {
    const served = routes.flatMap((route) =>
      [...new Set([route.asks, route.asksFor?.({}) ?? route.asks])].map((asks) => `${nameOf(route)} ${asks}`),
    );
    expect(table.map(({ request, asks }) => `${request} ${asks}`).sort()).toEqual(served.sort());
    expect(table.length).toBeGreaterThan(50);
  });

  test.each(table.map((line) => ({ line, name: `${line.request} (${line.asks})` })))(
    'is what the server does: $name',
    async ({ line }) => {
      asked.add(line);
      const answers = await Promise.all(
        senders.map(async (sender) => [sender, await ask(sender, line)] as const),
      );
      expect(Object.fromEntries(answers.map(([{ name }, answer]) => [name, outcomeOf(answer)]))).toEqual(
        Object.fromEntries(answers.map(([sender]) => [sender.name, expected(line, sender)])),
      );
      for (const [{ name }, { status, text }] of answers) expect([name, status, text]).not.toContain(500);
    },
  );

  test('and none of that changed anything', async () => {
    expect(asked.size, 'this is about all of the requests above').toBe(table.length);
    expect(await recordOf(plane, tenant.project)).toEqual(before);
  });
});

describe('what a model can reach', () => {
  /** Said here once more in words, so that a slip in the table of permissions is seen. */
  const agentsMay = [
    'add-steps',
    'cancel',
    'cancel-action',
    'cancel-run',
    'cancel-task',
    'explain-run',
    'finish-run',
    'list-actions',
    'list-capabilities',
    'list-proposals',
    'list-runs',
    'read-action',
    'read-proposal',
    'read-run',
    'read-session',
    'request',
    'request-action',
    'revise',
    'search',
    'submit-command',
  ];

  test('is to propose, to answer, to withdraw, to begin runs, and to read what is its own', () => {
    const reachable = table.filter(({ cells }) => cells.agent !== '-').map(({ asks }) => asks);
    expect([...new Set(reachable)].sort()).toEqual(agentsMay);
  });

  test.each(table.map((line) => ({ line, name: `${line.request} (${line.asks})` })))(
    'never decides, claims or confirms, with every scope at once: $name',
    async ({ line }) => {
      const own = await ask(tenant.agent, line);
      if (agentsMay.includes(line.asks)) expect(outcomeOf(own)).toBe('let through');
      else expectProblem(own, 'forbidden');
    },
  );

  test('never lets a real action go, claims or confirms it, whatever permissions its credential claims to hold', async () => {
    const own = await letAct(await plane.tenant());
    const id = await intend(own.agent, refund());
    const { effect_digest } = await readAction(own.ada, id);
    const everything = [...Object.values(scopes).flat(), 'decide', 'actions:approve', '*'];
    await plane.query(
      'UPDATE credentials SET permissions = ?2 WHERE tenant = ?1',
      own.project,
      JSON.stringify(everything),
    );
    const claim = { runner_id: 'r', claim_id: 'clm_1' };
    for (const who of ['agent', 'otherAgent', 'service'] as const) {
      for (const [path, body] of [
        [`/v1/actions/${id}/approve`, { effect_digest }],
        [`/v1/actions/${id}/settle`, { outcome: 'succeeded', reason: 'r' }],
        [`/v1/actions/${id}/confirm`, { ...claim, result: { outcome: 'failed' } }],
        [`/v1/actions/${id}/begin`, claim],
        ['/v1/actions/claim', { runner_id: 'r', targets: ['payments'] }],
      ] as const) {
        expectProblem(await own[who].post(path, body), 'forbidden');
      }
    }
    expectProblem(await own.runner.post(`/v1/actions/${id}/approve`, { effect_digest }), 'forbidden');
  });

  test('never decides about a real proposal, whatever permissions its credential claims to hold', async () => {
    const own = await plane.tenant();
    const id = await propose(own.service);
    const { effect_digest } = await read(own.ada, id);
    const everything = [...Object.values(scopes).flat(), 'decide', 'proposals:approve', '*'];
    await plane.query(
      'UPDATE credentials SET permissions = ?2 WHERE tenant = ?1',
      own.project,
      JSON.stringify(everything),
    );
    for (const who of ['agent', 'otherAgent', 'runner', 'service'] as const) {
      for (const base of ['/v1/proposals', '/v1/control/external-writebacks/proposals']) {
        for (const verb of ['approve', 'reject']) {
          expectProblem(await own[who].post(`${base}/${id}/${verb}`, { effect_digest }), 'forbidden');
        }
      }
    }
    expect((await own.ada.post(`/v1/proposals/${id}/approve`, { effect_digest })).status).toBe(200);
  });
});
