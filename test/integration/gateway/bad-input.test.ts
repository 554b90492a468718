import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@countersign/protocol/error-codes';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeSet, INVOICE, OTHER_SOURCE, proposal, SOURCE } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import type { Sending } from '../../support/http.ts';
import { send } from '../../support/http.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { type Snapshot, snapshot } from '../../support/snapshot.ts';
import { submission } from '../../support/submission.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
let tenant: TestTenant;
let before: Snapshot;

beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
  const pending = await tenant.service.post('/v1/proposals', proposal());
  expect(pending.status).toBe(201);
});

beforeEach(async () => {
  before = await snapshot(plane, tenant.project);
});
afterEach(async () => {
  expect(await snapshot(plane, tenant.project), 'nothing has changed').toEqual(before);
});

const guards = changeSet().guards;
const source = changeSet().source;
type Fields = Readonly<Record<string, unknown>>;

const badChangeSets: readonly (readonly [string, Fields, ErrorCode])[] = [
  ['an unknown field', { colour: 'red' }, 'unknown_field'],
  ['a wrong type', { patch: 'late_fee_cents = 0' }, 'validation_failed'],
  [
    'a column outside the allow-list',
    { patch: { total_cents: 1 }, after: { late_fee_cents: INVOICE.lateFee, total_cents: 1 } },
    'column_not_allowed',
  ],
  ['a protected column', { patch: { tenant_id: 'x' }, after: { tenant_id: 'x' } }, 'protected_column'],
  [
    'a protected column in the allow-list',
    { guards: { ...guards, allowed_columns: ['late_fee_cents', 'invoice_id'] } },
    'protected_column',
  ],
  ['an identifier with a double quote', { source: { ...source, table: 'invoices"' } }, 'invalid_identifier'],
  ['an identifier with a single quote', { source: { ...source, schema: "pub'lic" } }, 'invalid_identifier'],
  ['an identifier with a back quote', { source: { ...source, table: 'a`b' } }, 'invalid_identifier'],
  ['a column with a quote', { patch: { 'late_fee_cents" = 0 --': 1 } }, 'invalid_identifier'],
  ['a missing tenant guard', { guards: { ...guards, tenant: undefined } }, 'tenant_guard_missing'],
  ['a number that cannot be carried', { patch: { late_fee_cents: 2 ** 60 } }, 'unsafe_number'],
  ['a form that is not served', { schema_version: 'synapsor.change-set.v9' }, 'change_set_unsupported'],
  ['a text with NUL', { action: 'waive\0fee' }, 'unstorable_text'],
  ['half of a surrogate pair', { after: { late_fee_cents: '\ud83d' } }, 'unstorable_text'],
  ['a key that would vanish', JSON.parse('{"evidence":{"__proto__":1}}'), 'unstorable_text'],
];

describe('a bad change set changes nothing and says why', () => {
  test.each(badChangeSets)('%s, from a service', async (_, changes, code) => {
    expectProblem(await tenant.service.post('/v1/proposals', proposal(changes)), code);
  });

  test.each(badChangeSets)('%s, from a runner', async (_, changes, code) => {
    const request = submission(`wrp_${randomUUID().replaceAll('-', '').slice(0, 20)}`, changes);
    expectProblem(await tenant.runner.post('/v1/runner/proposals', request), code);
  });

  test('a source that is not there, or not the token’s', async () => {
    expectProblem(
      await tenant.service.post('/v1/proposals', proposal({}, { source_id: 'src_none' })),
      'source_not_permitted',
    );
    expectProblem(
      await tenant.olivia.post('/v1/proposals', proposal({}, { source_id: 'src_none' })),
      'source_unknown',
    );
    expectProblem(
      await tenant.runner.post('/v1/runner/proposals', {
        ...submission(`wrp_${'5e'.repeat(10)}`),
        source_id: OTHER_SOURCE,
      }),
      'source_not_permitted',
    );
  });

  test('an engine that is not the source’s', async () => {
    const changes = { source: { ...source, kind: 'external_mysql' } };
    expectProblem(await tenant.service.post('/v1/proposals', proposal(changes)), 'validation_failed');
  });

  test('an id of the form that is made here', async () => {
    const changes = { proposal_id: 'wrp_01M7XR35JZ00000006FJD757J6' };
    const made = await tenant.service.post('/v1/proposals', proposal());
    const taken = String(made.body.proposal_id);
    const forged = `${taken.slice(0, 17)}Z${taken.slice(18)}`;
    before = await snapshot(plane, tenant.project);
    expectProblem(
      await tenant.service.post('/v1/proposals', proposal({ proposal_id: forged })),
      'validation_failed',
    );
    expectProblem(
      await tenant.service.post('/v1/proposals', proposal({ proposal_id: taken, action: 'billing.other' })),
      'proposal_hash_mismatch',
    );
    expect(changes.proposal_id).not.toBe(taken);
  });
});

/** A whole request that no route takes: as a service that may propose, to `/v1/proposals` unless it says otherwise. */
type Whole = Omit<Sending, 'method' | 'path'> & Partial<Sending>;
const good = JSON.stringify(proposal());
const tenMegabytes = Buffer.alloc(10 * 1024 * 1024, 0x20);
tenMegabytes.write('{"a":"');

const badBodies: readonly (readonly [string, Whole, ErrorCode])[] = [
  ['broken JSON', { body: '{"source_id": ' }, 'invalid_json'],
  ['JSON with something behind it', { body: `${good}x` }, 'invalid_json'],
  ['NaN', { body: '{"a":NaN}' }, 'invalid_json'],
  ['invalid UTF-8', { body: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }, 'invalid_json'],
  ['UTF-16', { body: Buffer.from(good, 'utf16le') }, 'invalid_json'],
  ['a body of 10 MB', { body: tenMegabytes }, 'body_too_large'],
  ['a body of 10 MB that does not say so', { body: tenMegabytes, isChunked: true }, 'body_too_large'],
  ['a body one byte too long', { body: good.padEnd(262_145) }, 'body_too_large'],
  ['a body nested without end', { body: '['.repeat(100_000) + ']'.repeat(100_000) }, 'unstorable_text'],
  [
    'an object nested without end',
    { body: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}` },
    'unstorable_text',
  ],
  ['a NUL that is escaped', { body: '{"source_id":"a\\u0000b"}' }, 'unstorable_text'],
  ['a lone surrogate that is escaped', { body: '{"\\udc00":1}' }, 'unstorable_text'],
  [
    'another content type',
    { body: good, headers: { 'content-type': 'text/plain' } },
    'unsupported_media_type',
  ],
  [
    'a form',
    { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    'unsupported_media_type',
  ],
  ['an encoded body', { body: good, headers: { 'content-encoding': 'gzip' } }, 'unsupported_media_type'],
  ['no body', {}, 'validation_failed'],
  ['a body that is null', { body: 'null' }, 'validation_failed'],
  ['a body that is a list', { body: '[]' }, 'validation_failed'],
  ['a body that is a text', { body: '"x"' }, 'validation_failed'],
  ['a query that is not known', { body: good, path: '/v1/proposals?force=1' }, 'unknown_field'],
];

describe('a bad body changes nothing and says why', () => {
  test.each(badBodies)('%s', async (_, request, code) => {
    const answer = await send(plane.origin, {
      method: 'POST',
      path: '/v1/proposals',
      token: tenant.service.token,
      ...request,
    });
    expectProblem(answer, code);
  });

  test.each(badBodies)('%s, from somebody who may not propose: that alone is said', async (_, request) => {
    const answer = await send(plane.origin, {
      method: 'POST',
      path: '/v1/proposals',
      token: tenant.runner.token,
      ...request,
    });
    expectProblem(answer, 'forbidden');
  });

  test('whoever sends too much hears it every time, and is not cut off', async () => {
    for (let time = 0; time < 20; time += 1) {
      const answer = await fetch(`${plane.origin}/v1/proposals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tenant.service.token}`, 'content-type': 'application/json' },
        body: tenMegabytes,
      });
      expect(answer.status).toBe(413);
    }
  });

  test('the largest body that is taken is refused for what it says only', async () => {
    const request = { ...proposal(), query_audit: { text: 'x'.repeat(250_000) }, surprise: 1 };
    expectProblem(await tenant.service.post('/v1/proposals', request), 'unknown_field');
  });

  test('a byte order mark and a charset are taken for what they are', async () => {
    const body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"surprise":1}')]);
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expectProblem(await tenant.service.post('/v1/proposals', body, { headers }), 'unknown_field');
  });
});

describe('bad queries and ids', () => {
  test.each([
    ['/v1/proposals?limit=0', 'validation_failed'],
    ['/v1/proposals?limit=ten', 'validation_failed'],
    ['/v1/proposals?status=open', 'validation_failed'],
    ['/v1/proposals?colour=red', 'unknown_field'],
    ['/v1/proposals?cursor=yesterday', 'invalid_request'],
    ['/v1/proposals?cursor=1.2', 'invalid_request'],
    ['/v1/ledger?cursor=-', 'invalid_request'],
    ['/v1/proposals/wrp_none', 'proposal_not_found'],
    ["/v1/proposals/'%20OR%201=1", 'proposal_not_found'],
    ['/v1/proposals/%00', 'proposal_not_found'],
    ['/v1/proposals/wrp_none?wait_seconds=26', 'validation_failed'],
    ['/v1/proposals/wrp_none?wait_seconds=1', 'proposal_not_found'],
    ['/v1/proposals/wrp_none/replay', 'proposal_not_found'],
  ] as const)('GET %s is %s', async (path, code) => {
    expectProblem(await tenant.olivia.get(path), code);
  });

  test.each([
    ['a decision on no proposal', '/v1/proposals/wrp_none/approve', {}, 'proposal_not_found'],
    ['a decision that is no word', '/v1/proposals/wrp_none/approve', { verdict: 'yes' }, 'unknown_field'],
    ['a withdrawal of no proposal', '/v1/proposals/wrp_none/cancel', {}, 'proposal_not_found'],
    ['a requeue of no job', '/v1/jobs/wbj_wrp_none/requeue', {}, 'job_not_found'],
    ['a discard of what is no job', '/v1/jobs/none/discard', {}, 'job_not_found'],
  ] as const)('%s', async (_, path, body, code) => {
    expectProblem(await tenant.olivia.post(path, body), code);
  });

  test('an idempotency key that is none', async () => {
    for (const key of ['', ' ', 'x'.repeat(256), 'a b']) {
      const options = { headers: { 'idempotency-key': key } };
      expectProblem(await tenant.service.post('/v1/proposals', proposal(), options), 'invalid_request');
    }
  });
});

describe('bad requests of runners', () => {
  test.each([
    [
      'a claim for a foreign source',
      'jobs/claim',
      { source_id: OTHER_SOURCE, runner_id: 'r1' },
      'source_not_permitted',
    ],
    [
      'a claim for no source',
      'jobs/claim',
      { source_id: 'src_none', runner_id: 'r1' },
      'source_not_permitted',
    ],
    [
      'a claim of too much',
      'jobs/claim',
      { source_id: SOURCE, runner_id: 'r1', limit: 51 },
      'validation_failed',
    ],
    [
      'a claim that waits too long',
      'jobs/claim',
      { source_id: SOURCE, runner_id: 'r1', wait_seconds: 26 },
      'validation_failed',
    ],
    [
      'a held claim for a foreign source',
      'jobs/claim',
      { source_id: OTHER_SOURCE, runner_id: 'r1', wait_seconds: 5 },
      'source_not_permitted',
    ],
    [
      'a renewal of no job',
      'jobs/wbj_none/heartbeat',
      { runner_id: 'r1', lease_id: 'lse_1' },
      'job_not_found',
    ],
    [
      'a release of no job',
      'jobs/wbj_none/release',
      { runner_id: 'r1', lease_id: 'lse_1', reason: 'busy' },
      'job_not_found',
    ],
    [
      'a result for no job',
      'jobs/wbj_none/result',
      { protocol_version: '1.0', job_id: 'wbj_none', runner_id: 'r1', lease_id: 'lse_1', status: 'applied' },
      'job_not_found',
    ],
    ['an empty result', 'jobs/wbj_none/result', {}, 'validation_failed'],
  ] as const)('%s', async (_, path, body, code) => {
    expectProblem(await tenant.runner.post(`/v1/writeback/${path}`, body), code);
  });

  test.each([
    ['a heartbeat of a runner that nobody knows', 'heartbeat', { runner_id: 'r-none' }, 'runner_not_found'],
    [
      'a registration for a foreign source',
      'register',
      { ...registration(), scope: { project_id: 'token_scope', source_ids: [OTHER_SOURCE] } },
      'source_not_permitted',
    ],
    [
      'a registration for another project',
      'register',
      { ...registration(), scope: { project_id: 'prj_other', source_ids: [SOURCE] } },
      'wrong_project',
    ],
    [
      'an event about a foreign source',
      'activity',
      {
        schema_version: 'synapsor.runner-activity.v1',
        event_id: 'e1',
        event_type: 'worker.diagnostic',
        runner_id: 'r1',
        source_id: OTHER_SOURCE,
      },
      'source_not_permitted',
    ],
  ] as const)('%s', async (_, path, body, code) => {
    expectProblem(await tenant.runner.post(`/v1/runner/${path}`, body), code);
  });
});

function registration() {
  return {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id: 'r1',
    runner_version: '1.0.0',
    engines: ['postgres'],
    capabilities: ['writeback:claim'],
    scope: { project_id: 'token_scope', source_ids: [SOURCE] },
    registered_at: '2026-01-01T00:00:00Z',
  };
}
