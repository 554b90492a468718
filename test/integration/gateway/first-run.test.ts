import { tokenDigest } from '@countersign/protocol/token';
import { startPlane } from '@countersign/serve/start-plane';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reopenBootstrap } from '../../../scripts/maintenance/unlock.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { FirstRun, TOKEN } from '../../support/first-run.ts';
import { must } from '../../support/must.ts';

let run: FirstRun;
beforeAll(async () => {
  run = await FirstRun.start();
}, 60_000);
afterAll(() => run.stop());

const WORD = { operator: "the plane's own people", reason: 'its answer was lost' };

describe('the exchange', () => {
  test('gives a service account once, and whatever comes later changes nothing', async () => {
    const project = await run.emptyProject();
    const first = must(await run.exchange(project));
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      secret_available: true,
      api_key: { project_id: project, name: 'first-run', status: 'active' },
    });
    const before = await run.ledgerOf(project);
    for (const body of [{}, { name: 'another' }])
      expectProblem(await run.exchange(project, { body }), 'already_bootstrapped');
    expect(await run.ledgerOf(project)).toEqual(before);
    expect(before.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['credential.issued', 'bootstrap.exchanged']),
    );
    must(await run.as(project, String(first.body.token)).get('/v1/control/sessions/self'));
  });

  test('is won by one of many at once', async () => {
    const project = await run.emptyProject();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, place) => run.exchange(project, { body: { name: `tool-${place}` } })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, 'already_bootstrapped');
    const rows = await run.query('SELECT credential_id FROM credentials WHERE tenant = ?1', project);
    expect(rows).toHaveLength(1);
  });

  test('said again with its key tells what was made and not the token', async () => {
    const project = await run.emptyProject();
    const headers = { 'idempotency-key': 'the-first-run' };
    const first = must(await run.exchange(project, { headers }));
    const again = must(await run.exchange(project, { headers }));
    expect(again.body).toMatchObject({ api_key: first.body.api_key, secret_available: false });
    expect(again.text).not.toContain(String(first.body.token));
  });

  test.each([
    ['another token', 'another-token-for-the-first-run'],
    ['the beginning of it', TOKEN.slice(0, -1)],
    ['more than it', `${TOKEN}x`],
    ['one that is not ASCII', `${TOKEN.slice(0, -1)}\u00e9`],
    ['one that is huge', 'x'.repeat(8_000)],
    ['a token of ours', 'syn_svc_AAAA'],
  ])('refuses %s, and the account is still to be had', async (_what, token) => {
    const project = await run.emptyProject();
    expectProblem(await run.exchange(project, { token }), 'token_invalid');
    must(await run.exchange(project));
  });

  test('refuses who brings no token, a credential of anybody, and what is malformed', async () => {
    const project = await run.emptyProject();
    const tenant = await run.tenant();
    expectProblem(await run.exchange(project, { token: undefined }), 'token_missing');
    for (const who of ['olivia', 'service', 'agent', 'runner'] as const)
      expectProblem(await run.exchange(project, { token: tenant[who].token }), 'token_invalid');
    expectProblem(await run.exchange(project, { body: { scopes: ['fleet:write'] } }), 'unknown_field');
    expectProblem(await run.exchange(project, { body: { expires_at: 1 } }), 'validation_failed');
    expectProblem(await run.exchange('prj_nowhere'), 'project_not_found');
    expectProblem(await run.exchange(undefined), 'project_required');
    expect((await run.ledgerOf(project)).map(({ type }) => type)).not.toContain('bootstrap.exchanged');
  });

  test('is no credential anywhere else', async () => {
    const tenant = await run.tenant();
    expectProblem(await tenant.bearing(TOKEN).get('/v1/members'), 'token_invalid');
  });

  test('of a project that somebody signed up for is closed', async () => {
    const project = await run.emptyProject();
    await run.query("UPDATE tenants SET owner = 'https://login.example.com ann' WHERE tenant = ?1", project);
    expectProblem(await run.exchange(project), 'bootstrap_closed');
  });

  test('leaves neither token in the logs nor in the record', async () => {
    const project = await run.emptyProject();
    await run.exchange(project, { token: 'a-wrong-one-that-somebody-tried' });
    const token = String(must(await run.exchange(project)).body.token);
    const record = JSON.stringify(await run.ledgerOf(project)) + run.logs.join('\n');
    expect(run.logs.join('\n')).toContain('denied');
    for (const secret of [TOKEN, token, 'a-wrong-one-that-somebody-tried'])
      expect(record).not.toContain(secret);
    expect(record).toContain(tokenDigest(token));
  });
});

describe('the first account', () => {
  test('sets the project up until it has an owner, and then no more', async () => {
    const project = await run.emptyProject();
    const account = run.as(project, String(must(await run.exchange(project)).body.token));
    const invited = must(await account.post('/v1/invitations', { name: 'Olivia', roles: ['owner'] })).body;
    const left = must(await account.post('/v1/invitations', { name: 'Mallory', roles: ['owner'] })).body;
    must(await account.post('/v1/control/api-keys', { name: 'ci', scopes: ['contracts:read'] }));
    expectProblem(
      await account.post('/v1/control/api-keys', { name: 'again', scopes: ['setup:manage'] }),
      'validation_failed',
    );

    const olivia = await run.person(project, 'olivia');
    must(await olivia.post('/v1/invitations/accept', { code: invited.code }));
    expectProblem(
      await account.post('/v1/invitations', { name: 'Mallory', roles: ['viewer'] }),
      'set_up_over',
    );
    for (const [path, body] of [
      ['/v1/control/api-keys', { name: 'late', scopes: ['contracts:read'] }],
      ['/v1/control/api-keys/revoke', { key_id: 'ak_none' }],
    ] as const)
      expectProblem(await account.post(path, body), 'set_up_over');
    const mallory = await run.person(project, 'mallory');
    expectProblem(await mallory.post('/v1/invitations/accept', { code: left.code }), 'invitation_not_found');
    must(await account.get('/v1/control/projects'));
    const { members } = must(await olivia.get('/v1/members')).body;
    expect(members).toEqual([expect.objectContaining({ name: 'Olivia', roles: ['owner'] })]);
  });

  test('leaves no invitation behind when it ends', async () => {
    const project = await run.emptyProject();
    const first = must(await run.exchange(project)).body;
    const account = run.as(project, String(first.token));
    const { code } = must(await account.post('/v1/invitations', { name: 'Olivia', roles: ['owner'] })).body;
    must(await account.post('/v1/control/api-keys/revoke', { key_id: keyOf(first) }));
    const olivia = await run.person(project, 'olivia');
    expectProblem(await olivia.post('/v1/invitations/accept', { code }), 'invitation_not_found');
  });

  test('of a project with an owner only drafts', async () => {
    const tenant = await run.tenant();
    const { api_key, token } = must(await run.exchange(tenant.project)).body;
    expect(JSON.stringify(api_key)).not.toMatch(/activate|setup|fleet|proposals|exports/);
    const account = tenant.bearing(String(token));
    expectProblem(await account.post('/v1/invitations', { name: 'M', roles: ['viewer'] }), 'forbidden');
    expectProblem(await account.post('/v1/stop', { reason: 'why' }), 'forbidden');
    must(await account.get('/v1/policies'));
  });
});

describe('the fact that it was done', () => {
  test('outlives another deploy, another token, and the end of the account', async () => {
    const project = await run.emptyProject();
    const first = must(await run.exchange(project)).body;
    must(
      await run
        .as(project, String(first.token))
        .post('/v1/control/api-keys/revoke', { key_id: keyOf(first) }),
    );
    await run.deployWith('quite-another-token-for-the-first-run');
    expectProblem(await run.exchange(project, { token: TOKEN }), 'token_invalid');
    expectProblem(
      await run.exchange(project, { token: 'quite-another-token-for-the-first-run' }),
      'already_bootstrapped',
    );
    expectProblem(await run.as(project, String(first.token)).get('/v1/policies'), 'token_revoked');
    await run.deployWith(TOKEN);
  });

  test('is undone by whoever has the database alone, which ends the account that was lost', async () => {
    const project = await run.emptyProject();
    const lost = String(must(await run.exchange(project)).body.token);
    expect(await reopenBootstrap(run.record(), project, WORD)).toContain('once more');
    expectProblem(await run.as(project, lost).get('/v1/policies'), 'token_revoked');
    const again = must(await run.exchange(project)).body;
    must(await run.as(project, String(again.token)).get('/v1/policies'));
    expectProblem(await run.exchange(project), 'already_bootstrapped');
    expect(await run.ledgerOf(project)).toContainEqual(
      expect.objectContaining({
        type: 'bootstrap.reopened',
        actor: { kind: 'system', id: 'offline-unlock' },
      }),
    );
    const fresh = await run.emptyProject();
    expect(await reopenBootstrap(run.record(), fresh, WORD)).toContain('still counts');
  });

  test('is a fold over the ledger, with the names that are taken and the origins that are allowed', async () => {
    const tenant = await run.tenant();
    must(await run.exchange(tenant.project));
    await reopenBootstrap(run.record(), tenant.project, WORD);
    must(await run.exchange(tenant.project));
    for (const origin of ['https://a.example', 'https://b.example'])
      must(await tenant.olivia.post('/v1/cors-origins/allow', { origin }));
    must(await tenant.olivia.post('/v1/cors-origins/deny', { origin: 'https://a.example' }));
    const { body } = must(
      await tenant.olivia.post('/v1/control/api-keys', { name: 'ci', scopes: ['project:read'] }),
    );
    must(
      await tenant.olivia.post('/v1/control/api-keys/rotate', { key_id: keyOf(body), overlap_seconds: 60 }),
    );
    const rebuilt = must(await tenant.olivia.post('/v1/maintenance/rebuild')).body;
    expect(rebuilt).toMatchObject({ ok: true, matches: true });
  });
});

describe('a service account', () => {
  test('has its name to itself while it counts', async () => {
    const { olivia } = await run.tenant();
    const wanted = { name: 'ci', scopes: ['project:read'] };
    const { body } = must(await olivia.post('/v1/control/api-keys', wanted));
    expectProblem(await olivia.post('/v1/control/api-keys', wanted), 'name_taken');
    const rotated = must(await olivia.post('/v1/control/api-keys/rotate', { key_id: keyOf(body) })).body;
    expectProblem(await olivia.post('/v1/control/api-keys', wanted), 'name_taken');
    must(await olivia.post('/v1/control/api-keys/revoke', { key_id: keyOf(rotated) }));
    must(await olivia.post('/v1/control/api-keys', wanted));
  });
});

describe('a token that cannot be one', () => {
  test.each(['short', 'with a space in the middle of it', 'x'.repeat(257), ''])(
    'opens nothing, locks nobody out, and is told without being shown: %j',
    async (token) => {
      const tenant = await run.tenant();
      await run.deployWith(token);
      const project = await run.emptyProject();
      for (const sent of [token || 'x', TOKEN, undefined])
        expectProblem(await run.exchange(project, { token: sent }), 'bootstrap_closed');
      must(await tenant.olivia.get('/v1/members'));
      must(await tenant.service.get('/v1/policies'));
      const warned = run.logs.filter((line) => line.includes('bootstrap_token_malformed'));
      expect(warned).toHaveLength(1);
      if (token !== '') expect(run.logs.join('\n')).not.toContain(token);
      await run.deployWith(TOKEN);
    },
  );
});

test('a plane that asks nobody who they are cannot be started where others reach it', async () => {
  const options = { code: '', persist: undefined, issuers: [], macKeys: [] };
  const insecureLocalhost = { project: 'prj_a', person: 'nobody' };
  await expect(startPlane({ ...options, host: '0.0.0.0', port: 1, insecureLocalhost })).rejects.toThrow(
    RangeError,
  );
  await expect(startPlane({ ...options, port: 0, insecureLocalhost })).rejects.toThrow(RangeError);
});

function keyOf({ api_key }: Readonly<Record<string, unknown>>): string {
  const isKey = typeof api_key === 'object' && api_key !== null && 'key_id' in api_key;
  if (!isKey) throw new TypeError('there is no service account in this answer');
  return String(api_key.key_id);
}
