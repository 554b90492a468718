import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, propose } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';
import { type Client, machineNames, type PersonName, type TestTenant } from '../../support/tenant.ts';
import type { TestIssuer } from '../../support/test-issuer.ts';

let plane: TestPlane;
let members: TestIssuer;
let directory: TestIssuer;

beforeAll(async () => {
  plane = await startTestPlane({ issuers: ['directory'], rolesClaims: { directory: 'groups' } });
  members = plane.issuers.get('members');
  directory = plane.issuers.get('directory');
});
afterAll(() => plane?.stop());

const pathOf = (person: string) => `/v1/members/${encodeURIComponent(person)}`;
const of = (name: PersonName) => pathOf(members.personOf(name));

function setRoles(client: Client, name: PersonName, roles: readonly string[], approval_roles: string[] = []) {
  return client.post(`${of(name)}/roles`, { roles, approval_roles });
}

interface WireMember {
  readonly person: string;
  readonly roles: readonly string[];
  readonly approval_roles: readonly string[];
  readonly status: string;
}

async function listed(client: Client): Promise<readonly WireMember[]> {
  return must(await client.get('/v1/members')).body.members as WireMember[];
}

async function invited(client: Client, changes = {}): Promise<{ id: string; code: string }> {
  const wanted = { name: 'Newcomer', roles: ['approver'], approval_roles: ['billing_lead'], ...changes };
  const { body } = must(await client.post('/v1/invitations', wanted));
  return { id: String(body.invitation_id), code: String(body.code) };
}

/** Somebody whom the issuer knows and the project does not. */
async function newcomer(tenant: TestTenant, subject = `new-${Math.random()}`): Promise<Client> {
  return tenant.bearing(await members.sign(subject));
}

const accept = (client: Client, code: string) => client.post('/v1/invitations/accept', { code });
const entryTypesOf = async (tenant: TestTenant) =>
  (must(await tenant.olivia.get('/v1/ledger?limit=500')).body.entries ?? []).map(({ type }) => type);

describe('members', () => {
  test('are listed, a page at a time', async () => {
    const tenant = await plane.tenant();
    const first = must(await tenant.vera.get('/v1/members?limit=4')).body;
    expect(first.members).toHaveLength(4);
    const cursor = encodeURIComponent(String(first.next_cursor));
    const second = must(await tenant.vera.get(`/v1/members?limit=4&cursor=${cursor}`)).body;
    expect(second.members).toHaveLength(3);
    expect(second.next_cursor).toBeNull();
  });

  test('have their new roles at the next request', async () => {
    const tenant = await plane.tenant();
    const proposalId = await propose(tenant.service);
    expectProblem(await tenant.vera.post(`/v1/proposals/${proposalId}/approve`), 'forbidden');
    const { body } = must(await setRoles(tenant.adam, 'vera', ['viewer', 'approver']));
    expect(body.member).toMatchObject({ roles: ['approver', 'viewer'], status: 'active' });
    await approve(tenant.vera, proposalId);
    must(await setRoles(tenant.adam, 'vera', ['viewer']));
    expectProblem(await tenant.vera.get(`/v1/proposals/${proposalId}/replay`), 'forbidden');
    expect(await entryTypesOf(tenant)).toEqual(expect.arrayContaining(['member.roles_changed']));
  });

  test('the same roles again are an answer and no entry', async () => {
    const tenant = await plane.tenant();
    must(await setRoles(tenant.olivia, 'vera', ['viewer']));
    expect(await entryTypesOf(tenant)).not.toContain('member.roles_changed');
  });

  test.each<[string, PersonName, PersonName, readonly string[], string[]]>([
    ['an admin makes no owner', 'adam', 'vera', ['owner'], []],
    ['an admin does not make themselves owner', 'adam', 'adam', ['admin', 'owner'], []],
    ['an admin does not demote an owner', 'adam', 'olivia', ['viewer'], []],
    ['an admin gives themselves no approval role', 'adam', 'adam', ['admin'], ['billing_lead']],
    ['nor does an owner', 'olivia', 'olivia', ['owner'], ['billing_lead']],
    ['an operator changes nobody', 'otto', 'vera', ['operator'], []],
    ['an approver changes nobody', 'ada', 'ada', ['owner'], []],
    ['an auditor changes nobody', 'audra', 'audra', ['admin'], []],
    ['a viewer changes nobody', 'vera', 'vera', ['admin'], []],
  ])('%s', async (_name, actor, target, roles, approvalRoles) => {
    const tenant = await plane.tenant();
    const before = await listed(tenant.olivia);
    expectProblem(await setRoles(tenant[actor], target, roles, approvalRoles), 'forbidden');
    expect(await listed(tenant.olivia)).toEqual(before);
  });

  test('an owner makes owners, and the last one stays', async () => {
    const tenant = await plane.tenant();
    expectProblem(await setRoles(tenant.olivia, 'olivia', ['admin']), 'last_owner');
    expectProblem(await tenant.olivia.post(`${of('olivia')}/remove`), 'last_owner');
    must(await setRoles(tenant.olivia, 'adam', ['owner']));
    must(await tenant.olivia.post(`${of('olivia')}/remove`));
    expectProblem(await tenant.olivia.get('/v1/members'), 'project_not_found');
    expectProblem(await tenant.adam.post(`${of('adam')}/remove`), 'last_owner');
  });

  test('of two owners who remove each other at once, one stays', async () => {
    const tenant = await plane.tenant();
    must(await setRoles(tenant.olivia, 'adam', ['owner']));
    const answers = await Promise.all([
      tenant.olivia.post(`${of('adam')}/remove`),
      tenant.adam.post(`${of('olivia')}/remove`),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    const rows = await plane.query<{ roles: string }>(
      "SELECT roles FROM members WHERE tenant = ?1 AND status = 'active' AND roles LIKE '%owner%'",
      tenant.project,
    );
    expect(rows).toHaveLength(1);
  });

  test('who were removed learn nothing more, with a token that is still good', async () => {
    const tenant = await plane.tenant();
    const proposalId = await propose(tenant.service);
    must(await tenant.adam.post(`${of('ada')}/remove`, { reason: 'left' }));
    for (const answer of [
      await tenant.ada.get(`/v1/proposals/${proposalId}`),
      await tenant.ada.post(`/v1/proposals/${proposalId}/approve`),
      await tenant.ada.get('/v1/control/sessions/self'),
      await tenant.ada.get('/v1/control/projects'),
    ]) {
      expectProblem(answer, 'project_not_found');
    }
    expectProblem(await tenant.adam.post(`${of('ada')}/remove`), 'member_not_found');
    expectProblem(await setRoles(tenant.olivia, 'ada', ['approver']), 'member_not_found');
  });

  test.each([
    ['a role that there is not', { roles: ['superuser'] }],
    ['no role', { roles: [] }],
    ['a role twice', { roles: ['viewer', 'viewer'] }],
    ['an approval role that reads backwards', { roles: ['approver'], approval_roles: ['a\u202Eb'] }],
    ['an approval role in another spelling', { roles: ['approver'], approval_roles: ['e\u0301'] }],
    ['an approval role of blanks', { roles: ['approver'], approval_roles: ['  '] }],
    ['an overlong approval role', { roles: ['approver'], approval_roles: ['x'.repeat(201)] }],
  ])('cannot be given %s', async (_name, wanted) => {
    const tenant = await plane.tenant();
    expectProblem(await tenant.olivia.post(`${of('vera')}/roles`, wanted), 'validation_failed');
  });

  test.each([
    ['nobody', 'https://nowhere.example nobody', 'member_not_found'],
    ['what is no person', 'vera', 'validation_failed'],
    ['an overlong person', `https://a.example ${'x'.repeat(300)}`, 'validation_failed'],
  ] as const)('%s is nobody to change', async (_name, person, code) => {
    const tenant = await plane.tenant();
    expectProblem(await tenant.olivia.post(`${pathOf(person)}/roles`, { roles: ['viewer'] }), code);
  });
});

describe('an invitation', () => {
  test('makes whoever brings its code a member, once', async () => {
    const tenant = await plane.tenant();
    const { code } = await invited(tenant.adam);
    const [first, second] = [await newcomer(tenant), await newcomer(tenant)];
    expectProblem(await first.get('/v1/members'), 'project_not_found');
    const { body } = must(await accept(first, code));
    expect(body).toMatchObject({
      project_id: tenant.project,
      member: { name: 'Newcomer', roles: ['approver'], approval_roles: ['billing_lead'] },
    });
    expect(await listed(first)).toHaveLength(8);
    expectProblem(await accept(second, code), 'invitation_not_found');
    expectProblem(await accept(first, code), 'already_member');
    const types = await entryTypesOf(tenant);
    expect(types.slice(-2)).toEqual(['invitation.accepted', 'member.added']);
  });

  test('is accepted by one of two who bring its code at once', async () => {
    const tenant = await plane.tenant();
    const { code } = await invited(tenant.adam);
    const [first, second] = [await newcomer(tenant), await newcomer(tenant)];
    const answers = await Promise.all([accept(first, code), accept(second, code)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  });

  test('shows its code once and keeps it nowhere', async () => {
    const tenant = await plane.tenant();
    const wanted = { name: 'Newcomer', roles: ['viewer'] };
    const headers = { 'idempotency-key': 'invite-1' };
    const first = must(await tenant.adam.post('/v1/invitations', wanted, { headers }));
    expect(first.status).toBe(201);
    expect(first.body.code).toMatch(/^syn_inv_[A-Za-z0-9_-]{43}$/);
    const again = must(await tenant.adam.post('/v1/invitations', wanted, { headers }));
    expect(again).toMatchObject({ status: 200, body: { secret_available: false, idempotent: true } });
    expect(again.body.invitation_id).toBe(first.body.invitation_id);
    expect(again.body).not.toHaveProperty('code');
    const code = String(first.body.code);
    for (const table of ['ledger', 'invitations', 'idempotency', 'members']) {
      const rows = await plane.query(`SELECT * FROM ${table} WHERE tenant = ?1`, tenant.project);
      expect(JSON.stringify(rows)).not.toContain(code);
    }
    expect(JSON.stringify(must(await tenant.olivia.get('/v1/invitations')).body)).not.toContain('digest');
  });

  test('wrong, revoked, expired, of somebody who left, elsewhere: all are the same refusal', async () => {
    const tenant = await plane.tenant();
    const other = await plane.tenant();
    const revoked = await invited(tenant.adam);
    must(await tenant.olivia.post(`/v1/invitations/${revoked.id}/revoke`));
    const expired = await invited(tenant.adam);
    await plane.query('UPDATE invitations SET expires_at = 1 WHERE invitation_id = ?1', expired.id);
    const orphaned = await invited(tenant.adam);
    const elsewhere = await invited(other.adam);
    must(await tenant.olivia.post(`${of('adam')}/remove`));
    const answers: Answer[] = [];
    for (const code of [revoked, expired, orphaned, elsewhere]
      .map((one) => one.code)
      .concat('x', 'syn_inv_')) {
      const client = await newcomer(tenant);
      answers.push(await accept(client, code));
      const nowhere = tenant.bearing(client.token);
      answers.push(await nowhere.post('/v1/invitations/accept', { code, project_id: tenant.project }));
    }
    for (const answer of answers) expectProblem(answer, 'invitation_not_found');
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, request_id: '' }))).size).toBe(1);
  });

  test('tells nobody whether a project exists', async () => {
    const tenant = await plane.tenant();
    const token = await members.sign('curious');
    const there = await tenant.bearing(token).post('/v1/invitations/accept', { code: 'x' });
    const path = '/v1/invitations/accept?project_id=prj_nowhere';
    const response = await fetch(plane.origin + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'x' }),
    });
    const { request_id: _, ...elsewhere } = Object(await response.json());
    expect({ ...there.body, request_id: undefined }).toEqual({ ...elsewhere, request_id: undefined });
  });

  test('an owner who lost that leaves no way back as owner', async () => {
    const tenant = await plane.tenant();
    must(await setRoles(tenant.olivia, 'adam', ['owner']));
    const { code } = await invited(tenant.adam, { roles: ['owner'] });
    must(await setRoles(tenant.olivia, 'adam', ['admin']));
    expectProblem(await accept(await newcomer(tenant), code), 'invitation_not_found');
  });

  test('lets somebody in again who was removed', async () => {
    const tenant = await plane.tenant();
    must(await tenant.adam.post(`${of('vera')}/remove`));
    const { code } = await invited(tenant.adam, { roles: ['auditor'], approval_roles: [] });
    must(await accept(tenant.vera, code));
    must(await tenant.vera.get('/v1/ledger'));
  });

  test('as owner is for owners to offer', async () => {
    const tenant = await plane.tenant();
    const wanted = { name: 'Newcomer', roles: ['owner'] };
    expectProblem(await tenant.adam.post('/v1/invitations', wanted), 'forbidden');
    must(await tenant.olivia.post('/v1/invitations', wanted));
  });

  test.each(['otto', 'ada', 'aron', 'audra', 'vera'] as const)('%s invites nobody', async (who) => {
    const tenant = await plane.tenant();
    const wanted = { name: 'Newcomer', roles: ['viewer'] };
    expectProblem(await tenant[who].post('/v1/invitations', wanted), 'forbidden');
  });

  test('no machine can accept one', async () => {
    const tenant = await plane.tenant();
    const { code } = await invited(tenant.adam);
    for (const who of machineNames) expectProblem(await accept(tenant[who], code), 'forbidden');
    expectProblem(await accept(tenant.bearing(code), code), 'token_invalid');
  });

  test('cannot be taken back once it was accepted', async () => {
    const tenant = await plane.tenant();
    const { id, code } = await invited(tenant.adam);
    must(await accept(await newcomer(tenant), code));
    expectProblem(await tenant.adam.post(`/v1/invitations/${id}/revoke`), 'invitation_not_found');
  });
});

describe('claims of an identity provider', () => {
  const mapping = (value: string, roles: readonly string[], approval_roles: readonly string[] = []) => ({
    issuer: directory.issuer,
    value,
    roles,
    approval_roles,
  });
  const bearer = async (tenant: TestTenant, subject: string, groups: unknown) =>
    tenant.bearing(await directory.sign(subject, { claims: { groups } }));
  const save = (client: Client, mappings: readonly unknown[]) =>
    client.post('/v1/control/claims-mapping', { mappings });

  test('make members where the project says so, for as long as both say so', async () => {
    const tenant = await plane.tenant();
    const dora = await bearer(tenant, 'dora', ['staff', 'finance']);
    expectProblem(await dora.get('/v1/members'), 'project_not_found');
    must(await save(tenant.olivia, [mapping('finance', ['approver'], ['billing_lead'])]));
    const { context } = must(await dora.get('/v1/control/sessions/self')).body;
    expect(context).toMatchObject({ kind: 'person', roles: ['approver'], approval_roles: ['billing_lead'] });
    await approve(dora, await propose(tenant.service));
    expectProblem(await (await bearer(tenant, 'dora', ['staff'])).get('/v1/members'), 'project_not_found');
    must(await save(tenant.olivia, []));
    expectProblem(await dora.get('/v1/members'), 'project_not_found');
  });

  test.each([
    [
      'another issuer',
      async (tenant: TestTenant) =>
        tenant.bearing(await members.sign('eve', { claims: { groups: ['finance'] } })),
    ],
    ['a value inside an object', (tenant: TestTenant) => bearer(tenant, 'eve', { finance: true })],
    ['a value in a list in a list', (tenant: TestTenant) => bearer(tenant, 'eve', [['finance']])],
    ['a longer value', (tenant: TestTenant) => bearer(tenant, 'eve', 'finance2')],
    ['no claim', (tenant: TestTenant) => bearer(tenant, 'eve', undefined)],
  ])('%s gives nothing', async (_name, who) => {
    const tenant = await plane.tenant();
    must(await save(tenant.olivia, [mapping('finance', ['admin'])]));
    expectProblem(await (await who(tenant)).get('/v1/members'), 'project_not_found');
  });

  test('stand behind what the project says by name: a role, and a removal', async () => {
    const tenant = await plane.tenant();
    must(await save(tenant.olivia, [mapping('finance', ['admin'])]));
    const dora = await bearer(tenant, 'dora', ['finance']);
    const { code } = await invited(tenant.adam, { roles: ['viewer'], approval_roles: [] });
    must(await accept(dora, code));
    expectProblem(await dora.get('/v1/invitations'), 'forbidden');
    const dan = await bearer(tenant, 'dan', ['finance']);
    must(await dan.get('/v1/invitations'));
    must(await tenant.adam.post(`${pathOf(directory.personOf('dan'))}/remove`));
    expectProblem(await dan.get('/v1/members'), 'project_not_found');
  });

  test('are mapped by owners alone, and make no owner', async () => {
    const tenant = await plane.tenant();
    expectProblem(await save(tenant.adam, [mapping('finance', ['viewer'])]), 'forbidden');
    expectProblem(await save(tenant.olivia, [mapping('finance', ['owner'])]), 'validation_failed');
    expectProblem(await save(tenant.olivia, [mapping('finance', ['king'])]), 'validation_failed');
  });
});

describe('a subject', () => {
  test.each([
    ['that ends like a member before a NUL', 'olivia\u0000x'],
    ['with a tab', 'olivia\t'],
    ['with a blank that does not break', 'olivia\u00A0'],
    ['of half a character', 'olivia\uD800'],
    ['that is empty', ''],
  ])('%s is nobody', async (_name, subject) => {
    const tenant = await plane.tenant();
    const client = tenant.bearing(await members.sign(subject));
    expectProblem(await client.get('/v1/members'), 'token_invalid');
    expectProblem(await client.post('/v1/invitations/accept', { code: 'x' }), 'token_invalid');
  });
});

describe('a session', () => {
  test('says who the caller is', async () => {
    const tenant = await plane.tenant();
    const person = must(await tenant.ada.get('/v1/control/sessions/self')).body.context;
    expect(person).toMatchObject({
      kind: 'person',
      actor: members.personOf('ada'),
      project_id: tenant.project,
      roles: ['approver'],
    });
    expect(Date.parse(String(Object(person).expires_at))).toBeGreaterThan(Date.now());
    for (const who of machineNames) {
      const { context } = must(await tenant[who].get('/v1/control/sessions/self')).body;
      expect(context).toMatchObject({ actor: `crd_${who}`, project_id: tenant.project, status: 'active' });
    }
  });

  test('says what the caller may ask, which is what the others are refused', async () => {
    const tenant = await plane.tenant();
    const may = async (who: 'ada' | 'agent' | 'vera') =>
      Object(must(await tenant[who].get('/v1/control/sessions/self')).body.context).may;
    expect(await may('ada')).toEqual(expect.arrayContaining(['decide', 'read-payloads']));
    expect(await may('vera')).toEqual(expect.not.arrayContaining(['decide', 'read-payloads']));
    expect(await may('agent')).toEqual(expect.not.arrayContaining(['decide', 'sweep']));
    must(
      await tenant.olivia.post('/v1/permission-rules', {
        rules: [{ name: 'closed', asks: ['decide'], effect: 'deny', when: 'true' }],
      }),
    );
    must(await tenant.olivia.post('/v1/permission-rules/enforcement', { on: true, reason: 'closed' }));
    expect(await may('ada')).toEqual(expect.not.arrayContaining(['decide']));
  });

  test('that was ended is refused here from then on; another of the same person is not', async () => {
    const tenant = await plane.tenant();
    const other = await plane.tenant();
    const token = await members.sign('ada', { claims: { jti: 'ended' } });
    const [here, there] = [tenant.bearing(token), other.bearing(token)];
    must(await here.get('/v1/members'));
    must(await here.post('/v1/control/sessions/revoke'));
    expectProblem(await here.get('/v1/members'), 'token_revoked');
    expectProblem(await here.post('/v1/invitations/accept', { code: 'x' }), 'token_revoked');
    must(await there.get('/v1/members'));
    must(await tenant.ada.get('/v1/members'));
    for (const who of machineNames) {
      expectProblem(await tenant[who].post('/v1/control/sessions/revoke'), 'forbidden');
    }
  });

  test('has a project, its sources, a plan and a status', async () => {
    const tenant = await plane.tenant();
    const base = `/v1/control/projects/${tenant.project}`;
    for (const client of [tenant.vera, tenant.service]) {
      expect(must(await client.get('/v1/control/status')).body).toMatchObject({ ok: true, status: 'ok' });
      expect(must(await client.get(`${base}/entitlements`)).body).toMatchObject({ plan: 'self_hosted' });
      expect(must(await client.get(base)).body.project).toMatchObject({ project_id: tenant.project });
      expect(must(await client.get('/v1/control/projects')).body.projects).toHaveLength(1);
      expect(must(await client.get('/v1/control/external-sources')).body.sources).toHaveLength(2);
      must(await client.get('/v1/control/external-sources/src_billing'));
      expectProblem(await client.get('/v1/control/external-sources/src_none'), 'source_not_found');
    }
    for (const who of ['agent', 'runner'] as const) {
      expectProblem(await tenant[who].get(base), 'forbidden');
      expectProblem(await tenant[who].get('/v1/control/external-sources'), 'forbidden');
    }
  });
});
