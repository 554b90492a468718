import { runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import { servicePermissions } from '@countersign/protocol/service-scopes';
import { beforeAll, describe, expect, test } from 'vitest';
import { OTHER_SOURCE, SOURCE } from '../../support/change-set.ts';
import { ADJUST } from '../../support/contract.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, propose, RUNNER, request } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import { BINDINGS, type Client, machineNames, type TestTenant } from '../../support/tenant.ts';

let plane: SharedClockedPlane;
beforeAll(async () => {
  plane = await sharedClockedPlane();
});

const tokensOf = ({ project }: TestTenant) => `/v1/control/projects/${project}/runner-tokens`;
const DOCTOR = '/v1/writeback/runner/doctor';
const SELF = '/v1/control/sessions/self';

/** The three kinds as their routes have them; the id of an API key stands in the body. */
const kinds = {
  runner: {
    path: tokensOf,
    wanted: { name: 'Runner', source_ids: [SOURCE] },
    shown: 'token',
    id: 'token_id',
    secret: 'runner_token',
    list: 'runner_tokens',
    form: /^rnt_[0-9A-Z]{26}$/,
    secretForm: /^syn_run_/,
  },
  service: {
    path: () => '/v1/control/api-keys',
    wanted: { name: 'Service', scopes: ['project:read', 'proposals:read'] },
    shown: 'api_key',
    id: 'key_id',
    secret: 'token',
    list: 'api_keys',
    form: /^ak_[0-9A-Z]{26}$/,
    secretForm: /^syn_svc_/,
  },
  agent: {
    path: () => '/v1/agents',
    wanted: { name: 'Agent', bindings: BINDINGS, source_ids: [SOURCE] },
    shown: 'agent',
    id: 'agent_id',
    secret: 'agent_token',
    list: 'agents',
    form: /^agt_[0-9A-Z]{26}$/,
    secretForm: /^syn_agt_/,
  },
} as const;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];

interface Made {
  readonly id: string;
  readonly secret: string;
  readonly client: Client;
  readonly shown: Readonly<Record<string, unknown>>;
}

function madeIn(tenant: TestTenant, kind: Kind, answer: Answer): Made {
  const { shown: name, id, secret } = kinds[kind];
  const shown = Object(must(answer).body[name]);
  const text = String(answer.body[secret]);
  return { id: String(shown[id]), secret: text, client: tenant.bearing(text), shown };
}

async function create(tenant: TestTenant, kind: Kind, changes = {}, client = tenant.adam): Promise<Made> {
  const { path, wanted } = kinds[kind];
  return madeIn(tenant, kind, await client.post(path(tenant), { ...wanted, ...changes }));
}

function change(
  client: Client,
  tenant: TestTenant,
  kind: Kind,
  verb: 'rotate' | 'revoke',
  id: string,
  more = {},
  headers = {},
): Promise<Answer> {
  const path = kinds[kind].path(tenant);
  if (kind === 'service') return client.post(`${path}/${verb}`, { key_id: id, ...more }, { headers });
  return client.post(`${path}/${id}/${verb}`, more, { headers });
}

/** How it stands with a credential, as its list says. */
async function listed(
  tenant: TestTenant,
  kind: Kind,
  id: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { path, list, id: name } = kinds[kind];
  const all = must(await tenant.audra.get(`${path(tenant)}?limit=500`)).body[list];
  return Object((all as Record<string, unknown>[]).find((one) => one[name] === id));
}

const entryTypesOf = async (tenant: TestTenant) =>
  (must(await tenant.olivia.get('/v1/ledger?limit=500')).body.entries ?? []).map(({ type }) => type);

describe.each(kindNames)('a credential of kind %s', (kind) => {
  const { form, secretForm, secret, shown, path, wanted } = kinds[kind];

  test('works from the moment that it is shown, and is kept as a digest', async () => {
    const tenant = await plane.tenant();
    const made = await create(tenant, kind);
    expect(made.id).toMatch(form);
    expect(made.secret).toMatch(secretForm);
    const { context } = must(await made.client.get(SELF)).body;
    expect(context).toMatchObject({ kind, actor: made.id, project_id: tenant.project, status: 'active' });
    for (const table of ['ledger', 'credentials', 'idempotency']) {
      const rows = await plane.query(`SELECT * FROM ${table} WHERE tenant = ?1`, tenant.project);
      expect(JSON.stringify(rows)).not.toContain(made.secret);
    }
    const row = await listed(tenant, kind, made.id);
    expect(row).toMatchObject({ name: wanted.name, status: 'active', last_used_at: null });
    expect(JSON.stringify(row)).not.toContain('sha256');
  });

  test('is shown once: the same key again tells what was made, without the secret', async () => {
    const tenant = await plane.tenant();
    const headers = { 'idempotency-key': 'create-1' };
    const first = await tenant.adam.post(path(tenant), wanted, { headers });
    expect([first.status, first.body.secret_available]).toEqual([201, true]);
    const again = await tenant.adam.post(path(tenant), wanted, { headers });
    expect(again).toMatchObject({ status: 200, body: { secret_available: false, idempotent: true } });
    expect(again.body).not.toHaveProperty(secret);
    expect(again.body[shown]).toEqual(first.body[shown]);
    const other = await tenant.adam.post(path(tenant), { ...wanted, name: 'Other' }, { headers });
    expectProblem(other, 'idempotency_key_reused');
  });

  test('rotates to a new id and secret, and the old one ends at once', async () => {
    const tenant = await plane.tenant();
    const old = await create(tenant, kind);
    const headers = { 'idempotency-key': 'rotate-1' };
    const answer = await change(tenant.olivia, tenant, kind, 'rotate', old.id, {}, headers);
    const next = madeIn(tenant, kind, answer);
    expect(next.id).not.toBe(old.id);
    expectProblem(await old.client.get(SELF), 'token_revoked');
    must(await next.client.get(SELF));
    const again = await change(tenant.olivia, tenant, kind, 'rotate', old.id, {}, headers);
    expect(again).toMatchObject({ status: 200, body: { secret_available: false, idempotent: true } });
    expect(again.body).not.toHaveProperty(secret);
    expectProblem(await change(tenant.olivia, tenant, kind, 'rotate', old.id), 'credential_ended');
    expect((await entryTypesOf(tenant)).slice(-2)).toEqual(['credential.issued', 'credential.revoked']);
  });

  test('rotates once when two ask at once', async () => {
    const tenant = await plane.tenant();
    const old = await create(tenant, kind);
    const answers = await Promise.all(
      [tenant.adam, tenant.olivia].map((client) => change(client, tenant, kind, 'rotate', old.id)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  test('rotates with an overlap, in which both work', async () => {
    const tenant = await plane.tenant();
    const old = await create(tenant, kind);
    const rotated = await change(tenant.adam, tenant, kind, 'rotate', old.id, { overlap_seconds: 60 });
    const next = madeIn(tenant, kind, rotated);
    for (const { client } of [old, next]) must(await client.get(SELF));
    expect(await listed(tenant, kind, old.id)).toMatchObject({ status: 'retiring' });
    expectProblem(await change(tenant.adam, tenant, kind, 'rotate', old.id), 'credential_ended');
    await plane.advance(tenant, 60_000);
    expectProblem(await old.client.get(SELF), 'token_expired');
    must(await next.client.get(SELF));
    expect(await listed(tenant, kind, old.id)).toMatchObject({ status: 'expired' });
    const tooLong = await change(tenant.adam, tenant, kind, 'rotate', next.id, { overlap_seconds: 86_401 });
    expectProblem(tooLong, 'validation_failed');
  });

  test('ends at the next request when it is revoked, and again is no fault', async () => {
    const tenant = await plane.tenant();
    const made = await create(tenant, kind);
    must(await made.client.get(SELF));
    must(await change(tenant.adam, tenant, kind, 'revoke', made.id, { reason: 'leaked' }));
    expectProblem(await made.client.get(SELF), 'token_revoked');
    must(await change(tenant.adam, tenant, kind, 'revoke', made.id));
    expect(await listed(tenant, kind, made.id)).toMatchObject({ status: 'revoked' });
    const types = await entryTypesOf(tenant);
    expect(types.filter((type) => type === 'credential.revoked')).toHaveLength(1);
  });

  test('is none to the routes of the other kinds', async () => {
    const tenant = await plane.tenant();
    const made = await create(tenant, kind);
    for (const other of kindNames.filter((one) => one !== kind)) {
      for (const verb of ['rotate', 'revoke'] as const) {
        expectProblem(await change(tenant.olivia, tenant, other, verb, made.id), 'credential_not_found');
      }
      const read = await tenant.olivia.get(`${kinds[other].path(tenant)}/${made.id}`);
      expectProblem(read, 'credential_not_found');
      expect(await listed(tenant, other, made.id)).toEqual({});
    }
    must(await tenant.olivia.get(`${path(tenant)}/${made.id}`));
    must(await made.client.get(SELF));
  });

  test('of another project is none here', async () => {
    const [tenant, other] = [await plane.tenant(), await plane.tenant()];
    const made = await create(other, kind);
    expectProblem(await change(tenant.olivia, tenant, kind, 'revoke', made.id), 'credential_not_found');
    must(await made.client.get(SELF));
  });

  test.each(['otto', 'ada', 'audra', 'vera', ...machineNames] as const)(
    'is not for %s to make, rotate or revoke',
    async (who) => {
      const tenant = await plane.tenant();
      const made = await create(tenant, kind);
      const client = tenant[who];
      expectProblem(await client.post(path(tenant), wanted), 'forbidden');
      expectProblem(await change(client, tenant, kind, 'rotate', made.id), 'forbidden');
      expectProblem(await change(client, tenant, kind, 'revoke', made.id), 'forbidden');
      if (who !== 'audra') expectProblem(await client.get(path(tenant)), 'forbidden');
      must(await made.client.get(SELF));
    },
  );

  test.each([
    ['a name that reads backwards', { name: 'a\u202Eb' }],
    ['a name with an invisible character', { name: 'a\u200Bb' }],
    ['an empty name', { name: '' }],
    ['an overlong name', { name: 'x'.repeat(201) }],
    ['a name in another spelling', { name: 'e\u0301' }],
  ])('cannot have %s', async (_name, changes) => {
    const tenant = await plane.tenant();
    expectProblem(await tenant.adam.post(path(tenant), { ...wanted, ...changes }), 'validation_failed');
  });

  test('cannot have an id, a digest or a secret of its maker', async () => {
    const tenant = await plane.tenant();
    for (const field of ['credential_id', 'digest', secret, 'kind']) {
      const answer = await tenant.adam.post(path(tenant), { ...wanted, [field]: 'mine' });
      if (field !== 'token' || kind === 'service') expectProblem(answer, 'unknown_field');
    }
  });
});

describe('a runner token', () => {
  test('has all that a runner may, or what was asked for', async () => {
    const tenant = await plane.tenant();
    const all = await create(tenant, 'runner');
    expect(all.shown).toMatchObject({ permissions: [...runnerPermissions], source_ids: [SOURCE] });
    must(await all.client.get(DOCTOR));
    const some = await create(tenant, 'runner', { permissions: ['runner:doctor'] });
    must(await some.client.get(DOCTOR));
    expectProblem(await some.client.post('/v1/runner/heartbeat', { runner_id: RUNNER }), 'forbidden');
  });

  test.each([
    ['a permission of another kind', { permissions: ['contracts:activate'] }, 'validation_failed'],
    ['no permission', { permissions: [] }, 'validation_failed'],
    ['no source', { source_ids: [] }, 'validation_failed'],
    ['a source that there is not', { source_ids: ['src_none'] }, 'source_unknown'],
    ['a source twice', { source_ids: [SOURCE, SOURCE] }, 'validation_failed'],
  ] as const)('cannot have %s', async (_name, changes, code) => {
    const tenant = await plane.tenant();
    const wanted = { ...kinds.runner.wanted, ...changes };
    expectProblem(await tenant.adam.post(tokensOf(tenant), wanted), code);
  });

  test('covers its own sources only', async () => {
    const tenant = await plane.tenant();
    const { client } = await create(tenant, 'runner');
    const claim = { source_id: OTHER_SOURCE, runner_id: RUNNER };
    expectProblem(await client.post('/v1/writeback/jobs/claim', claim), 'source_not_permitted');
  });

  test.each(['revoke', 'rotate'] as const)(
    'gets nothing by a poll that it still holds after %s',
    async (verb) => {
      const tenant = await plane.tenant();
      const { id, client } = await create(tenant, 'runner');
      const proposalId = await propose(tenant.service);
      const claim = { source_id: SOURCE, runner_id: 'runner-held', wait_seconds: 5 };
      const held = client.post('/v1/writeback/jobs/claim', claim);
      await eventually(
        async () => Object(must(await tenant.vera.get('/v1/engine/health')).body.object).held_polls,
        (count) => count === 1,
      );
      must(await change(tenant.adam, tenant, 'runner', verb, id));
      await approve(tenant.ada, proposalId);
      expect((await held).body.jobs).toEqual([]);
      const rows = await plane.query<{ job_state: string }>(
        'SELECT job_state FROM proposals WHERE tenant = ?1',
        tenant.project,
      );
      expect(rows).toEqual([{ job_state: 'queued' }]);
    },
  );
});

describe('an API key', () => {
  test('says in one word what its scopes are', async () => {
    const tenant = await plane.tenant();
    const reading = await create(tenant, 'service');
    expect(reading.shown).toMatchObject({ role: 'readonly', scopes: ['project:read', 'proposals:read'] });
    const writing = await create(tenant, 'service', {
      name: 'writing',
      scopes: ['contracts:write'],
      role: 'developer',
    });
    expect(writing.shown).toMatchObject({ role: 'developer' });
    const { context } = must(await reading.client.get(SELF)).body;
    expect(context).toMatchObject({
      key_id: reading.id,
      scopes: ['project:read', 'proposals:read'],
      entitlements: { plan: 'self_hosted', entitlement_status: 'active' },
    });
  });

  test('may what its scopes say, and no more', async () => {
    const tenant = await plane.tenant();
    const { client } = await create(tenant, 'service', { scopes: ['runners:read'] });
    must(await client.get('/v1/runners'));
    for (const path of ['/v1/ledger', '/v1/proposals', '/v1/engine/health', '/v1/members']) {
      expectProblem(await client.get(path), 'forbidden');
    }
  });

  test.each([
    ['no scope', { scopes: [] }, 'validation_failed'],
    ['a scope that there is not', { scopes: ['proposals:approve'] }, 'validation_failed'],
    ['every scope at once by a star', { scopes: ['*'] }, 'validation_failed'],
    ['a scope of a runner', { scopes: ['writeback:claim'] }, 'validation_failed'],
    [
      'readonly and a scope that writes',
      { scopes: ['contracts:write'], role: 'readonly' },
      'validation_failed',
    ],
    ['another role', { role: 'owner' }, 'validation_failed'],
    ['an end that lies back', { expires_at: 1 }, 'validation_failed'],
    ['an end in milliseconds', { expires_at: 1_900_000_000_000 }, 'validation_failed'],
    ['to propose without a source', { scopes: ['proposals:write'] }, 'validation_failed'],
    ['sources without a use for them', { source_ids: [SOURCE] }, 'validation_failed'],
  ] as const)('cannot have %s', async (_name, changes, code) => {
    const tenant = await plane.tenant();
    const wanted = { ...kinds.service.wanted, ...changes };
    expectProblem(await tenant.adam.post('/v1/control/api-keys', wanted), code);
  });

  test('ends when it was said to, and its successor then too unless more is asked', async () => {
    const tenant = await plane.tenant();
    const self = must(await tenant.service.get('/v1/control/status')).body;
    const now = Math.floor(Date.parse(String(self.server_time)) / 1_000);
    const old = await create(tenant, 'service', { expires_at: now + 100 });
    const next = madeIn(tenant, 'service', await change(tenant.adam, tenant, 'service', 'rotate', old.id));
    expect(next.shown.expires_at).toBe(old.shown.expires_at);
    await plane.advance(tenant, 101_000);
    expectProblem(await next.client.get(SELF), 'token_expired');
    expect(await listed(tenant, 'service', next.id)).toMatchObject({ status: 'expired' });
    expectProblem(await change(tenant.adam, tenant, 'service', 'rotate', next.id), 'credential_ended');
  });

  test('with every scope makes no credential, member or decision', async () => {
    const tenant = await plane.tenant();
    const { client } = await create(tenant, 'service', {
      scopes: [...servicePermissions],
      source_ids: [SOURCE],
    });
    const id = await propose(client);
    expectProblem(await client.post(`/v1/proposals/${id}/approve`), 'forbidden');
    for (const kind of kindNames) {
      expectProblem(await client.post(kinds[kind].path(tenant), kinds[kind].wanted), 'forbidden');
    }
    expectProblem(await client.post('/v1/invitations', { name: 'x', roles: ['owner'] }), 'forbidden');
  });
});

describe('an agent', () => {
  test('acts for whom it was made, with what it may propose', async () => {
    const tenant = await plane.tenant();
    const { client, shown } = await create(tenant, 'agent', { capabilities: [ADJUST] });
    expect(shown).toMatchObject({ bindings: BINDINGS, capabilities: [ADJUST], source_ids: [SOURCE] });
    await request(client);
    const { capabilities } = must(await client.get('/v1/capabilities')).body;
    expect((capabilities as { name: string }[]).map(({ name }) => name)).toEqual([ADJUST]);
  });

  test.each([
    ['no principal', { bindings: { tenant_id: 'acme' } }, 'validation_failed'],
    ['no tenant', { bindings: { principal: 'x' } }, 'validation_failed'],
    ['an empty tenant', { bindings: { ...BINDINGS, tenant_id: '' } }, 'validation_failed'],
    ['an overlong principal', { bindings: { ...BINDINGS, principal: 'x'.repeat(201) } }, 'validation_failed'],
    ['a binding that is no text', { bindings: { ...BINDINGS, level: 7 } }, 'validation_failed'],
    ['a binding with a bad name', { bindings: { ...BINDINGS, 'a b': 'x' } }, 'validation_failed'],
    ['no source', { source_ids: [] }, 'validation_failed'],
    ['a capability that no contract has', { capabilities: ['billing.everything'] }, 'capability_unknown'],
    ['no capability at all', { capabilities: [] }, 'validation_failed'],
    ['permissions of its own', { permissions: ['proposals:approve'] }, 'unknown_field'],
  ] as const)('cannot have %s', async (_name, changes, code) => {
    const tenant = await plane.tenant();
    const wanted = { ...kinds.agent.wanted, ...changes };
    expectProblem(await tenant.adam.post('/v1/agents', wanted), code);
  });
});
