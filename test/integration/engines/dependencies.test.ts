import { digest } from '@countersign/protocol/canonical-json';
import { sampleDelete, sampleUpdate } from '@countersign/protocol/change-set/sample-change-sets';
import { sampleJob } from '@countersign/runner/verify/sample-job';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import {
  carryOut,
  changeSetOf,
  claimedOf,
  databaseOf,
  parcels,
  parcelsIn,
  parcelsSql,
  UNTOUCHED,
  verifiedBy,
} from './support/parcels.ts';
import { jobOf } from './support/shop-runner.ts';
import { always, type Shop, useShop } from './support/use-shop.ts';

const engineOf = (shop: Shop) => shop.server.engine;

/** A row that must be as it was, by key and version. */
type Other = readonly [key: string, version: number];

/** The authority over these parcels of the job's own tenant. */
function authorityOf(shop: Shop, others: readonly Other[], table = 'parcels') {
  const [schema = '', name = ''] = shop.table(table).split('.');
  const dependencies = others.map(([value, version], index) => {
    const dependency = {
      id: `other_${index}`,
      capability: 'shipping.read_parcel',
      source_id: 'main_db',
      engine: engineOf(shop),
      target: { schema, table: name, primary_key: { column: 'id', value }, tenant_column: 'tenant_id' },
      expected_version: { column: 'version', value: version },
      evidence: { bundle_id: 'evb_1', query_fingerprint: 'sha256:qf' },
    };
    return { ...dependency, descriptor_digest: digest(dependency) };
  });
  const authority = {
    schema_version: 'synapsor.freshness-authority.v1',
    required: true,
    target: { mode: 'exact_guard', member_count: 1 },
    dependencies,
  };
  return { ...authority, dependency_set_digest: digest(authority) };
}

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);

  const stale = { kind: 'conflict', reason: 'FRESHNESS_DEPENDENCY_STALE' };
  const dependingOn = (...others: readonly Other[]) =>
    sampleUpdate('wrp_u', { freshness: authorityOf(shop, others) });

  test('a change is made while the rows that it was founded on are as they were', async () => {
    expect(await carryOut(shop, dependingOn(['P-2', 7], ['P-3', 7]))).toMatchObject({
      kind: 'applied',
      resultVersion: '8',
    });
    expect(await parcelsIn(shop)).toEqual(['acme P-1 8 0 held', ...UNTOUCHED.slice(1)]);
    expect(await carryOut(shop, dependingOn(['P-2', 7], ['P-3', 7]))).toMatchObject({
      kind: 'already_applied',
    });
  });

  test.each([
    ['has moved on', `UPDATE parcels SET version = 8 WHERE id = 'P-3'`],
    ['is gone', `DELETE FROM parcels WHERE id = 'P-3'`],
    ['is of another tenant now', `UPDATE parcels SET tenant_id = 'globex' WHERE id = 'P-3'`],
  ])('it is a conflict, for good, when one %s', async (_what, sql) => {
    await shop.db.query(sql);
    expect(await carryOut(shop, dependingOn(['P-2', 7], ['P-3', 7]))).toMatchObject(stale);
    expect(await parcelsIn(shop)).toContain('acme P-1 7 900 held');
    expect(await shop.receipts()).toMatchObject([
      { reason: 'FRESHNESS_DEPENDENCY_STALE', affected_rows: '0' },
    ]);
    await shop.db.query(`UPDATE parcels SET version = 7, tenant_id = 'acme' WHERE id = 'P-3'`);
    expect(await carryOut(shop, dependingOn(['P-2', 7], ['P-3', 7]))).toMatchObject(stale);
  });

  test('nobody changes such a row between the look and the write', async () => {
    const blocker = await shop.session();
    await blocker.query('BEGIN');
    await blocker.query(`UPDATE parcels SET version = 8 WHERE id = 'P-3'`);
    const outcome = carryOut(shop, dependingOn(['P-3', 7]));
    await shop.untilBlocked(1);
    await blocker.query('COMMIT');
    expect(await outcome).toMatchObject(stale);
  });

  test('a delete depends on others in the same way', async () => {
    const sample = sampleDelete('wrp_d', { freshness: authorityOf(shop, [['P-2', 6]]) });
    expect(await carryOut(shop, sample)).toMatchObject(stale);
    expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
  });

  test('a job of version 1.0 depends on what stands beside its public form', async () => {
    const others = [['P-2', 7]] as const;
    const claim = verifiedBy(shop, {
      protocol_version: '1.0',
      job_id: sampleJob.writeback_job_id,
      lease_id: sampleJob.lease.lease_id,
      write_by: sampleJob.lease.expires_at,
      freshness: authorityOf(shop, others),
      writeback_job: jobOf(shop),
    });
    if (claim.kind !== 'accepted') throw new Error(claim.reason);
    const facts = { attempt: 1, leaseId: 'lse_1', runnerId: 'runner-1' };
    const { signal } = new AbortController();
    await shop.db.query(`UPDATE parcels SET version = 8 WHERE id = 'P-2'`);
    expect(await databaseOf(shop).apply(claim.plan, facts, always, signal)).toMatchObject(stale);
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7' });
  });

  test('a table that is not configured is none that a job may depend on', () => {
    const sample = sampleUpdate('wrp_u', { freshness: authorityOf(shop, [['P-2', 7]], 'audit') });
    expect(verifiedBy(shop, claimedOf(changeSetOf(shop, sample)), { parcels })).toMatchObject({
      kind: 'refused',
      reason: 'DEPENDENCY_NOT_ALLOWED',
    });
  });
});
