import { doctorReportSchema } from '@countersign/protocol/doctor-report';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import { releaseOfSchema } from '@countersign/protocol/schema-release';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { proposal } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, propose, read } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type DeployedPlane, startTestPlane } from '../../support/plane.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: DeployedPlane;
beforeAll(async () => {
  plane = await startTestPlane({ issuers: ['elsewhere'], algorithms: { elsewhere: ['PS256'] } });
});
afterAll(() => plane.stop());

const NEWEST = knownMigrations.at(-1) ?? '';
const FUTURE = '9999_future.sql';
const NEXT = `9999_r${releaseOfSchema(knownMigrations) + 1}_next.sql`;
const noteNext = () => plane.query('INSERT INTO d1_migrations (name) VALUES (?1)', NEXT);
const forgetNewest = () => plane.query('DELETE FROM d1_migrations WHERE name = ?1', NEWEST);
const noteNewest = () => plane.query('INSERT OR IGNORE INTO d1_migrations (name) VALUES (?1)', NEWEST);
const noteFuture = () => plane.query('INSERT INTO d1_migrations (name) VALUES (?1)', FUTURE);
const forgetFuture = () => plane.query('DELETE FROM d1_migrations WHERE name = ?1', FUTURE);
afterEach(async () => {
  await forgetFuture();
  await plane.query('DELETE FROM d1_migrations WHERE name = ?1', NEXT);
  await noteNewest();
});

const findingsOf = async (tenant: TestTenant) =>
  doctorReportSchema.strip().parse(must(await tenant.otto.get('/v1/engine/doctor')).body).findings;

describe('the doctor', () => {
  test('finds what is well, of every part', async () => {
    const findings = await findingsOf(await plane.tenant());
    const codes = new Map(findings.map(({ code, where }) => [where, code]));
    expect(Object.fromEntries(codes)).toMatchObject({
      gateway: 'bindings_present',
      'directory DB': 'migrations_current',
      [`issuer ${plane.issuers.get('members').settings.issuer}`]: 'issuer_reachable',
      'database DB, clock': 'clock_agrees',
      'database DB': 'storage_has_room',
      'object storage': 'storage_has_room',
      'clock of the tenant object': 'clock_agrees',
    });
    expect(findings.filter(({ code }) => code === 'migrations_current')).toHaveLength(2);
  });

  test('finds an issuer without a key that may be used, and says what to do', async () => {
    const findings = await findingsOf(await plane.tenant());
    expect(findings.filter(({ outcome }) => outcome !== 'ok')).toEqual([
      {
        code: 'issuer_keys_unusable',
        outcome: 'failed',
        where: `issuer ${plane.issuers.get('elsewhere').settings.issuer}`,
        message: expect.stringContaining('PS256'),
        fix: expect.any(String),
      },
    ]);
  });

  test.each([
    ['migrations_missing', forgetNewest, NEWEST],
    ['schema_newer', noteFuture, FUTURE],
    ['schema_of_next_release', noteNext, NEXT],
    ['migrations_unrecorded', () => plane.query('DELETE FROM d1_migrations WHERE 1'), 'nobody noted'],
  ])('finds %s, by name, in the directory and in the tenant', async (code, break_, named) => {
    const tenant = await plane.tenant();
    const before = await plane.query<{ name: string }>('SELECT name FROM d1_migrations ORDER BY id');
    await break_();
    const found = (await findingsOf(tenant)).filter((finding) => finding.code === code);
    await plane.query('DELETE FROM d1_migrations WHERE 1');
    for (const { name } of before) await plane.query('INSERT INTO d1_migrations (name) VALUES (?1)', name);
    expect(found.map(({ where }) => where)).toEqual(['directory DB', 'database DB']);
    for (const { fix, message } of found) {
      expect(message).toContain(named);
      expect(fix).toEqual(expect.any(String));
    }
  });

  test('is for owners, admins and operators', async () => {
    const tenant = await plane.tenant();
    for (const who of ['ada', 'audra', 'vera', 'agent', 'runner', 'service'] as const)
      expectProblem(await tenant[who].get('/v1/engine/doctor'), 'forbidden');
  });

  test('tells no secret', async () => {
    const { text } = must(await (await plane.tenant()).otto.get('/v1/engine/doctor'));
    expect(text).not.toMatch(/syn_|"(n|x|y|kid)":|the key that signs/);
  });
});

describe('on a schema that is not that of the build', () => {
  test.each([
    ['lacks a migration', forgetNewest, noteNewest, /apply/],
    ['has had a newer one', noteFuture, forgetFuture, /deploy/],
  ])(
    'that %s, nothing is written, reads go on, and all is well once it fits',
    async (_what, break_, mend, next) => {
      const tenant = await plane.unheardTenant();
      await break_();
      const before = await plane.query('SELECT * FROM heads WHERE tenant = ?1', tenant.project);
      const refused = await tenant.otto.post('/v1/policies', {
        policy: { name: 'a', applies_to: ['*'], when: 'true', effect: 'ask', requires: { approvals: 1 } },
      });
      expectProblem(refused, 'schema_mismatch');
      expect(refused.body.next).toMatch(next);
      expect(refused.text).not.toMatch(/\.sql/);
      must(await tenant.vera.get('/v1/proposals'));
      must(await tenant.vera.get('/v1/engine/health'));
      expect(await plane.query('SELECT * FROM heads WHERE tenant = ?1', tenant.project)).toEqual(before);
      await mend();
      must(
        await tenant.otto.post('/v1/policies', {
          policy: { name: 'a', applies_to: ['*'], when: 'true', effect: 'ask', requires: { approvals: 1 } },
        }),
      );
    },
  );

  test('that is of the next release, as after a roll-back, everything goes on', async () => {
    const tenant = await plane.unheardTenant();
    await noteNext();
    must(
      await tenant.otto.post('/v1/policies', {
        policy: { name: 'a', applies_to: ['*'], when: 'true', effect: 'ask', requires: { approvals: 1 } },
      }),
    );
  });

  test('an object that was already at work goes on, until it meets what it does not know', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    await noteFuture();
    await approve(tenant.ada, id);
    await plane.query('ALTER TABLE proposals RENAME COLUMN tied TO tied_away');
    await plane.query("UPDATE heads SET nonce = 'moved' WHERE tenant = ?1", tenant.project);
    const answers = [
      await tenant.service.post('/v1/proposals', proposal()),
      await tenant.ada.get(`/v1/proposals/${id}`),
    ];
    await plane.query('ALTER TABLE proposals RENAME COLUMN tied_away TO tied');
    for (const answer of answers) expectProblem(answer, 'schema_mismatch');
    expectProblem(await tenant.service.post('/v1/proposals', proposal()), 'schema_mismatch');
    must(await tenant.ada.get(`/v1/proposals/${id}`));
    await forgetFuture();
    const after = await read(tenant.olivia, await propose(tenant.service));
    expect(after.status).toBe('pending_review');
  });

  test('a fault of the schema that fits is a fault of ours, as before', async () => {
    const tenant = await plane.tenant();
    await plane.query('ALTER TABLE runners RENAME TO runners_away');
    const answer = await tenant.olivia.get('/v1/runners');
    await plane.query('ALTER TABLE runners_away RENAME TO runners');
    expectProblem(answer, 'internal_error');
  });
});
