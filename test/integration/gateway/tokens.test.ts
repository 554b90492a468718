import { createHmac } from 'node:crypto';
import type { ErrorCode } from '@countersign/protocol/error-codes';
import { mintToken } from '@countersign/protocol/token';
import { base64url, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import {
  approve,
  claimOne,
  leaseJob,
  propose,
  queueJob,
  read,
  release,
  renew,
  report,
} from '../../support/flow.ts';
import { send } from '../../support/http.ts';
import { MAC_KEY, startTestPlane, type TestPlane } from '../../support/plane.ts';
import { type Snapshot, snapshot } from '../../support/snapshot.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { TestIssuer } from '../../support/test-issuer.ts';

let plane: TestPlane;
let members: TestIssuer;
let tenant: TestTenant;
let other: TestTenant;
let pending: string;
let before: Snapshot;

beforeAll(async () => {
  plane = await startTestPlane({ issuers: ['second', 'strict'], algorithms: { strict: ['EdDSA'] } });
  members = plane.issuers.get('members');
  [tenant, other] = [await plane.tenant(), await plane.tenant()];
  pending = String((await tenant.service.post('/v1/proposals', proposal())).body.proposal_id);
});
afterAll(() => plane.stop());
beforeEach(async () => {
  before = await snapshot(plane, tenant.project);
});
afterEach(async () => {
  expect(await snapshot(plane, tenant.project), 'nothing has changed').toEqual(before);
});

/** Each tries to approve, which the true ada may. */
async function expectRefused(token: string, code: ErrorCode): Promise<void> {
  expectProblem(await tenant.bearing(token).post(`/v1/proposals/${pending}/approve`), code);
}

const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow;

/** A token that says of itself what it likes. */
function forged(header: object, payload: object, signature = ''): string {
  return `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(payload))}.${signature}`;
}

function claims(changes: object = {}): object {
  return { iss: members.issuer, aud: members.audience, sub: 'ada', exp: seconds(600), ...changes };
}

describe('a person’s token', () => {
  test.each<[string, object, ErrorCode]>([
    ['that has expired', { exp: seconds(-60) }, 'token_expired'],
    ['that is not valid yet', { nbf: seconds(60) }, 'token_invalid'],
    ['for somebody else to read', { aud: 'another-app' }, 'token_invalid'],
    ['for a list of others', { aud: ['a', 'b'] }, 'token_invalid'],
    ['of an issuer that nobody trusts', { iss: 'https://issuer.example' }, 'token_invalid'],
    ['of an issuer that is no text', { iss: 5 }, 'token_invalid'],
    ['with an expiry that is no time', { exp: 'soon' }, 'token_invalid'],
    ['with an empty subject', { sub: '' }, 'token_invalid'],
    ['with a subject that holds a blank', { sub: 'x ada' }, 'token_invalid'],
    ['with a subject that is too long', { sub: 'a'.repeat(256) }, 'token_invalid'],
    ['of somebody who is no member', { sub: 'mallory' }, 'project_not_found'],
  ])('%s is refused', async (_, changes, code) => {
    await expectRefused(await members.sign('ada', { claims: { ...changes } }), code);
  });

  test.each(['exp', 'aud', 'iss', 'sub'])('without %s is refused', async (name) => {
    await expectRefused(await members.sign('ada', { without: [name] }), 'token_invalid');
  });

  test('with a key that nobody published is refused', async () => {
    await expectRefused(await members.sign('ada', { kid: 'unheard-of' }), 'token_invalid');
  });

  test('signed by another key under a known name is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const kid = members.publicKey.kid ?? '';
    const token = await new SignJWT({ ...claims() })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(privateKey);
    await expectRefused(token, 'token_invalid');
  });

  test('of one trusted issuer does not pass as another’s', async () => {
    const second = plane.issuers.get('second');
    await expectRefused(await second.sign('ada', { claims: { iss: members.issuer } }), 'token_invalid');
    await expectRefused(await second.sign('ada'), 'project_not_found');
  });

  test.each(['none', 'None', 'NONE', 'nOnE'])('with the algorithm %s is refused', async (alg) => {
    await expectRefused(forged({ alg }, claims()), 'token_invalid');
    await expectRefused(forged({ alg, kid: members.publicKey.kid }, claims(), 'AA'), 'token_invalid');
  });

  test('signed with an algorithm that its issuer does not use is refused, whatever keys that publishes', async () => {
    await expectRefused(await plane.issuers.get('strict').sign('ada'), 'token_invalid');
    await expectRefused(await plane.issuers.get('second').sign('ada'), 'project_not_found');
  });

  test('signed with the public key as if it were a secret is refused', async () => {
    const { publicKey } = members;
    const key = await importJWK(publicKey, 'ES256', { extractable: true });
    const secrets = [
      ...(key instanceof Uint8Array ? [] : [await exportSPKI(key)]),
      JSON.stringify(publicKey),
      String(publicKey.x),
    ];
    expect(secrets).toHaveLength(3);
    for (const secret of secrets) {
      const unsigned = forged({ alg: 'HS256', kid: publicKey.kid }, claims()).slice(0, -1);
      const signature = createHmac('sha256', secret).update(unsigned).digest('base64url');
      await expectRefused(`${unsigned}.${signature}`, 'token_invalid');
    }
  });

  test('with a key of its own in the header is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const header = { alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x: String(jwk.x), y: String(jwk.y) } };
    await expectRefused(
      await new SignJWT({ ...claims() }).setProtectedHeader(header).sign(privateKey),
      'token_invalid',
    );
  });

  test('with an extension that must be understood is refused', async () => {
    const [, payload, signature] = tenant.ada.token.split('.');
    const header = { alg: 'ES256', kid: members.publicKey.kid, crit: ['exp'], b64: false };
    await expectRefused(
      `${base64url.encode(JSON.stringify(header))}.${payload}.${signature}`,
      'token_invalid',
    );
  });

  test('that was changed after it was signed is refused', async () => {
    const [header, , signature] = tenant.vera.token.split('.');
    await expectRefused(
      `${header}.${base64url.encode(JSON.stringify(claims()))}.${signature}`,
      'token_invalid',
    );
    const { token } = tenant.ada;
    await expectRefused(`${token.slice(0, -6)}AAAAAA`, 'token_invalid');
    await expectRefused(token.slice(0, token.lastIndexOf('.') + 1), 'token_invalid');
  });

  test.each(['x', 'a.b', 'a.b.c', '...', 'e30.e30.', 'eyJhbGciOiJFUzI1NiJ9.bm8.AA', '{}'])(
    'that is %s is refused',
    async (token) => {
      await expectRefused(token, 'token_invalid');
    },
  );

  test('that is good, and soon over, is taken', async () => {
    const token = await members.sign('vera', { claims: { exp: seconds(30), nbf: seconds(2) } });
    expect((await tenant.bearing(token).get('/v1/engine/health')).status).toBe(200);
  });
});

describe('the authorization header', () => {
  const read = (headers: Record<string, string>) =>
    send(plane.origin, { method: 'GET', path: `/v1/engine/health?project_id=${tenant.project}`, headers });

  test('must be there', async () => {
    expectProblem(await read({}), 'token_missing');
  });

  test.each(['Bearer', 'Bearer  ', 'Basic YTpi', 'Bearer a b', `Bearer ${'x'.repeat(8_193)}`, 'Token abc'])(
    '%j is none',
    async (authorization) => {
      expectProblem(await read({ authorization }), 'token_invalid');
    },
  );

  test('is read as the standard says: the scheme in any case', async () => {
    expect((await read({ authorization: `bearer ${tenant.vera.token}` })).status).toBe(200);
  });

  test('is the only place: a token in the query is a field that nobody knows', async () => {
    const path = `/v1/engine/health?project_id=${tenant.project}&access_token=${tenant.vera.token}`;
    expectProblem(await send(plane.origin, { method: 'GET', path }), 'token_missing');
    expectProblem(await tenant.vera.get(`/v1/engine/health?access_token=x`), 'unknown_field');
  });

  test('decides, not the kind that the request says of itself', async () => {
    const headers = { 'x-synapsor-credential-kind': 'human' };
    expectProblem(await tenant.agent.post(`/v1/proposals/${pending}/approve`, {}, { headers }), 'forbidden');
  });
});

describe('a token of ours', () => {
  const claim = (token: string) =>
    tenant.bearing(token).post('/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: 'r1' });

  test('that was forged is refused before any tenant is asked', async () => {
    const { token } = tenant.runner;
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const forgery of [
      flipped,
      mintToken('run', tenant.project, 'crd_runner', 'another key, as long as it must be'),
      token.replace('syn_run_', 'syn_svc_'),
      `syn_run_${'A'.repeat(100)}`,
    ]) {
      expectProblem(await claim(forgery), 'token_key_unknown');
    }
    for (const forgery of ['syn_run_', 'syn_wbr_abcdefghijklmnopqrstuvwxyz'])
      expectProblem(await claim(forgery), 'token_invalid');
  });

  test('that the tenant never gave out is refused, also when its mark is right', async () => {
    expectProblem(await claim(mintToken('run', tenant.project, 'crd_nobody', MAC_KEY)), 'token_invalid');
    expectProblem(await claim(mintToken('run', tenant.project, 'crd_runner', MAC_KEY)), 'token_invalid');
    expectProblem(await claim(mintToken('run', tenant.project, 'crd_agent', MAC_KEY)), 'token_invalid');
    expectProblem(await claim(mintToken('run', 'prj_none', 'crd_runner', MAC_KEY)), 'wrong_project');
  });

  test('of a project that is not there gets nothing', async () => {
    const token = mintToken('run', 'prj_none', 'crd_runner', MAC_KEY);
    const answer = await send(plane.origin, { method: 'GET', path: '/v1/writeback/runner/doctor', token });
    expectProblem(answer, 'project_not_found');
  });

  test('of another tenant opens nothing here', async () => {
    expectProblem(await claim(other.runner.token), 'wrong_project');
    expectProblem(await tenant.bearing(other.agent.token).post('/v1/proposals', proposal()), 'wrong_project');
    const body = { ...proposal(), project_id: tenant.project };
    const path = '/v1/proposals';
    expectProblem(
      await send(plane.origin, { method: 'POST', path, token: other.agent.token, body }),
      'wrong_project',
    );
  });
});

describe('a token that stops counting', () => {
  const doctor = (of: TestTenant) => of.runner.get('/v1/writeback/runner/doctor');
  const change = (of: TestTenant, sets: string) =>
    plane.query(
      `UPDATE credentials SET ${sets} WHERE tenant = ?1 AND credential_id = 'crd_runner'`,
      of.project,
    );

  test('revoked: at the next request, for every route, also before the body is looked at', async () => {
    const revoked = await plane.tenant();
    expect((await doctor(revoked)).status).toBe(200);
    await leaseJob(revoked);
    await queueJob(revoked);
    await change(revoked, "status = 'revoked'");
    expectProblem(await doctor(revoked), 'token_revoked');
    for (const path of [
      'runner/register',
      'runner/heartbeat',
      'runner/proposals',
      'runner/activity',
      'writeback/jobs/claim',
      'writeback/jobs/x/heartbeat',
      'writeback/jobs/x/release',
      'writeback/jobs/x/result',
    ]) {
      expectProblem(await revoked.runner.post(`/v1/${path}`, {}), 'token_revoked');
    }
  });

  test('revoked while the tenant works with it and remembers it: at the next request all the same', async () => {
    const busy = await plane.tenant();
    const revoke = (table: string, sets: string, who: string) =>
      plane.query(`UPDATE ${table} SET ${sets} WHERE tenant = ?1 AND ${who}`, busy.project);
    const [first, second] = [await propose(busy.service), await propose(busy.service)];
    await revoke('credentials', "status = 'revoked'", "credential_id = 'crd_service'");
    expectProblem(await busy.service.post('/v1/proposals', proposal()), 'token_revoked');
    await approve(busy.ada, first);
    await revoke('members', "status = 'removed'", `person = '${members.personOf('ada')}'`);
    expectProblem(await busy.ada.post(`/v1/proposals/${second}/approve`), 'project_not_found');
    const job = await claimOne(busy.runner);
    await revoke('credentials', "status = 'revoked'", "credential_id = 'crd_runner'");
    for (const late of [renew, release, report]) expectProblem(await late(busy.runner, job), 'token_revoked');
    expect((await read(busy.olivia, first)).job).toMatchObject({ status: 'leased' });
  });

  test('expired', async () => {
    const expired = await plane.tenant();
    await change(expired, `expires_at = ${Date.now() - 1}`);
    expectProblem(await doctor(expired), 'token_expired');
    await change(expired, `expires_at = ${Date.now() + 60_000}`);
    expect((await doctor(expired)).status).toBe(200);
  });

  test('without the permission that it needs', async () => {
    const narrow = await plane.tenant();
    await change(narrow, `permissions = '["runner:doctor"]'`);
    expect((await doctor(narrow)).status).toBe(200);
    const answer = await narrow.runner.post('/v1/writeback/jobs/claim', {
      source_id: SOURCE,
      runner_id: 'r1',
    });
    expectProblem(answer, 'forbidden');
    expect(answer.body.next).toContain('writeback:claim');
  });

  test('a member who was removed is told no more than a stranger', async () => {
    const left = await plane.tenant();
    expect((await left.vera.get('/v1/runners')).status).toBe(200);
    const vera = members.personOf('vera');
    await plane.query(
      `UPDATE members SET status = 'removed' WHERE tenant = ?1 AND person = '${vera}'`,
      left.project,
    );
    const removed = await left.vera.get('/v1/runners');
    const stranger = await left.bearing(await members.sign('mallory')).get('/v1/runners');
    expectProblem(removed, 'project_not_found');
    expect({ ...removed.body, request_id: '' }).toEqual({ ...stranger.body, request_id: '' });
  });
});

test('a stranger who asks amiss is told what every stranger is told', async () => {
  const stranger = tenant.bearing(await members.sign('mallory'));
  for (const path of ['/v1/proposals?cursor=yesterday', '/v1/ledger?cursor=-', '/v1/search?q=x&cursor=-']) {
    expectProblem(await stranger.get(path), 'project_not_found');
  }
  expectProblem(await tenant.olivia.get('/v1/proposals?cursor=yesterday'), 'invalid_request');
});

describe('a person must say which project', () => {
  test('and is told so', async () => {
    const { token } = tenant.olivia;
    expectProblem(
      await send(plane.origin, { method: 'GET', path: '/v1/runners', token }),
      'project_required',
    );
    expectProblem(
      await send(plane.origin, { method: 'GET', path: '/v1/runners?project_id=prj_none', token }),
      'project_not_found',
    );
  });

  test('in the query or in the body', async () => {
    const body = { project_id: tenant.project };
    const path = '/v1/control/external-writebacks/proposals/wrp_none/approve';
    expectProblem(
      await send(plane.origin, { method: 'POST', path, token: tenant.olivia.token, body }),
      'proposal_not_found',
    );
  });
});
