import { digest } from '@countersign/protocol/canonical-json';
import {
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleSet,
  sampleUpdate,
} from '@countersign/protocol/change-set/sample-change-sets';
import type { TablePermission } from '@countersign/runner/config/runner-config';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { carryOut, membersOf, parcels, parcelsIn, parcelsSql } from './support/parcels.ts';
import { useShop } from './support/use-shop.ts';

/** What happens beside a delete is what a user without further rights is not shown on MySQL and MariaDB. */
const everything: TablePermission = {
  ...parcels,
  operations: { ...parcels.operations, delete: { cascades: true, triggers: true } },
};

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);

  test('the rights that are printed are enough for every operation, and none is too much', async () => {
    const tables = { parcels: everything };
    const url = await shop.urlOfGranted(shop.config({ tables }));
    const database = shop.connect({ tables, url });
    expect(await database.check()).toEqual([]);
    const beyond = (await database.posture()).filter(({ where }) => where.endsWith('parcels'));
    expect(beyond).toEqual([]);
    const options = { database, tables };
    const source_id = 'main_db';
    const [schema = '', table = ''] = shop.table('parcels').split('.');
    const dependency = {
      ...{ id: 'other', capability: 'shipping.read_parcel', source_id, engine: shop.server.engine },
      target: { schema, table, primary_key: { column: 'id', value: 'P-3' }, tenant_column: 'tenant_id' },
      expected_version: { column: 'version', value: 7 },
      evidence: { bundle_id: 'evb_1', query_fingerprint: 'sha256:qf' },
    };
    const authority = {
      ...{ schema_version: 'synapsor.freshness-authority.v1', required: true },
      target: { mode: 'exact_guard', member_count: 1 },
      dependencies: [{ ...dependency, descriptor_digest: digest(dependency) }],
    };
    const freshness = { ...authority, dependency_set_digest: digest(authority) };
    const forward = { proposal_id: 'wrp_1', receipt: `sha256:${'f'.repeat(64)}` };
    const samples = [
      sampleUpdate('wrp_1', { freshness }),
      sampleCompensation('wrp_2', forward, { before: {}, patch: {}, after: {} }),
      sampleInsert('wrp_3'),
      sampleSet('wrp_4', 'batch_insert', membersOf('batch_insert', ['N-1', 'N-2'])),
      sampleSet('wrp_5', 'set_update', membersOf('set_update', ['P-2', 'P-3'])),
    ];
    for (const sample of samples)
      expect(await carryOut(shop, sample, options)).toMatchObject({ kind: 'applied' });
    await shop.db.query(`UPDATE parcels SET version = 7 WHERE id = 'P-1'`);
    expect(await carryOut(shop, sampleDelete('wrp_6'), options)).toMatchObject({ kind: 'applied' });
    expect(await parcelsIn(shop)).toEqual([
      ...['acme N-1 1 250 new', 'acme N-2 1 250 new', 'acme P-2 8 0 held', 'acme P-3 8 0 held'],
      ...['acme wrp_3 1 250 new', 'globex P-1 7 900 held'],
    ]);
  });

  test('the rights for updates alone are told to be too few, each by name', async () => {
    const { operations: _, ...withoutOperations } = parcels;
    const url = await shop.urlOfGranted(shop.config({ tables: { parcels: withoutOperations } }));
    const faults = await shop.connect({ tables: { parcels: everything }, url }).check();
    expect(faults.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'SELECT on column fee_cents is needed',
        'INSERT on column id is needed',
        'INSERT on column fee_cents is needed',
        'DELETE is needed',
      ]),
    );
  });

  test('rights for more than is allowed are findings', async () => {
    const url = await shop.urlOfGranted(shop.config({ tables: { parcels: everything } }));
    const { operations: _, ...withoutOperations } = parcels;
    const findings = await shop.connect({ tables: { parcels: withoutOperations }, url }).posture();
    const beyond = findings.filter(({ where }) => where.endsWith('parcels')).map(({ what }) => what);
    expect(beyond).toEqual(
      expect.arrayContaining([expect.stringMatching(/ DELETE/), expect.stringMatching(/INSERT/)]),
    );
  });
});

describe.each((await testEngines()).filter(({ engine }) => engine === 'mysql'))('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);

  test('what the server does not show counts as something that happens beside a delete', async () => {
    const url = await shop.urlOfGranted(shop.config({ tables: { parcels } }));
    const database = shop.connect({ tables: { parcels }, url });
    const faults = (await database.check()).map(({ what }) => what);
    expect(faults).toHaveLength(2);
    expect(faults[0]).toMatch(/which foreign keys refer to it.*operations\.delete\.cascades/);
    expect(faults[1]).toMatch(/which triggers it has.*operations\.delete\.triggers/);
    expect(await carryOut(shop, sampleDelete('wrp_1'), { database, tables: { parcels } })).toEqual({
      kind: 'failed',
      code: 'DELETE_CASCADE_BLOCKED',
    });
    expect(await parcelsIn(shop)).toHaveLength(4);
  });
});
