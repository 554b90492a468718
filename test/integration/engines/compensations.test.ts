import { sampleCompensation } from '@countersign/protocol/change-set/sample-change-sets';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import {
  carryOut,
  changeSetOf,
  claimedOf,
  type Fields,
  parcels,
  parcelsIn,
  parcelsSql,
  UNTOUCHED,
  verifiedBy,
} from './support/parcels.ts';
import { useShop } from './support/use-shop.ts';

const forward = { proposal_id: 'wrp_u', receipt: `sha256:${'f'.repeat(64)}` };

function memberOf(id: string, states: Fields): Fields {
  return { primary_key: { column: 'id', value: id }, ...states };
}

/** What takes back an update of the samples, an insert, or a removal, of these rows. */
function reverseOf(
  operation: 'restore_update' | 'remove_insert' | 'restore_insert',
  ids: readonly string[],
): Fields {
  const left = { fee_cents: 0, state: 'held', version: 8 };
  const back = { fee_cents: 900, state: 'held' };
  const statesOf = (id: string): Fields => {
    const whole = { id, tenant_id: 'acme', ...back };
    if (operation === 'restore_update') return { expected_state: left, restore_values: back };
    if (operation === 'remove_insert') return { expected_state: whole };
    return { expected_state: {}, restore_values: whole };
  };
  const isOne = ids.length === 1;
  const descriptor = {
    operation,
    cardinality: isOne ? 'single' : 'set',
    members: ids.map((id) => memberOf(id, statesOf(id))),
    max_rows: ids.length,
    ...(operation === 'restore_update' ? {} : { version_advance: undefined }),
  };
  const primary_key = { column: 'id', ...(isOne ? { value: ids[0] } : {}) };
  const source = { source_id: 'main_db', primary_key };
  // What sums the descriptor up may be left away.
  const summary = { before: {}, patch: {}, after: {} };
  const sample = sampleCompensation('wrp_r', forward, { source, ...summary }, descriptor);
  return JSON.parse(JSON.stringify(sample));
}

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);

  const changed = { kind: 'conflict', reason: 'ROW_CHANGED_AFTER_PROPOSAL' };
  const leaveAsUpdated = (...ids: readonly string[]) =>
    shop.db.query(
      `UPDATE parcels SET fee_cents = 0, version = 8 WHERE tenant_id = 'acme' AND id IN ('${ids.join("', '")}')`,
    );

  test('an update is taken back from the version that it left, once', async () => {
    await leaveAsUpdated('P-1');
    expect(await carryOut(shop, reverseOf('restore_update', ['P-1']))).toMatchObject({
      kind: 'applied',
      resultVersion: undefined,
      target: 'P-1',
    });
    expect(await parcelsIn(shop)).toEqual(['acme P-1 9 900 held', ...UNTOUCHED.slice(1)]);
    expect(await carryOut(shop, reverseOf('restore_update', ['P-1']))).toMatchObject({
      kind: 'already_applied',
    });
    expect(await shop.receipts()).toMatchObject([{ operation: 'restore_update', affected_rows: '1' }]);
  });

  test.each([
    ['was edited since', `UPDATE parcels SET state = 'lost' WHERE id = 'P-2'`],
    ['was written again', `UPDATE parcels SET version = 9 WHERE id = 'P-2'`],
    ['is gone', `DELETE FROM parcels WHERE id = 'P-2'`],
  ])('of several rows of which one %s, none is taken back', async (_what, sql) => {
    await leaveAsUpdated('P-1', 'P-2');
    await shop.db.query(sql);
    const before = await parcelsIn(shop);
    expect(await carryOut(shop, reverseOf('restore_update', ['P-1', 'P-2']))).toMatchObject(changed);
    expect(await parcelsIn(shop)).toEqual(before);
    expect(await shop.receipts()).toMatchObject([
      { status: 'conflict', reason: 'ROW_CHANGED_AFTER_PROPOSAL', target_key: forward.receipt },
    ]);
  });

  test('several rows are taken back together', async () => {
    await leaveAsUpdated('P-1', 'P-2');
    expect(await carryOut(shop, reverseOf('restore_update', ['P-1', 'P-2']))).toMatchObject({
      kind: 'applied',
    });
    expect(await parcelsIn(shop)).toEqual([
      'acme P-1 9 900 held',
      'acme P-2 9 900 held',
      ...UNTOUCHED.slice(2),
    ]);
  });

  test('rows that were added are removed as long as they are as they were added', async () => {
    expect(await carryOut(shop, reverseOf('remove_insert', ['P-1', 'P-2']))).toMatchObject({
      kind: 'applied',
    });
    expect(await parcelsIn(shop)).toEqual(UNTOUCHED.slice(2));
    await shop.db.query(`UPDATE parcels SET fee_cents = 1 WHERE id = 'P-3'`);
    const sample = { ...reverseOf('remove_insert', ['P-3']), proposal_id: 'wrp_r2' };
    expect(await carryOut(shop, sample)).toMatchObject(changed);
    expect(await parcelsIn(shop)).toHaveLength(2);
  });

  test('rows that were removed are added again, unless something stands there now', async () => {
    await shop.db.query(`DELETE FROM parcels WHERE tenant_id = 'acme'`);
    expect(await carryOut(shop, reverseOf('restore_insert', ['P-1', 'P-2']))).toMatchObject({
      kind: 'applied',
    });
    expect(await parcelsIn(shop)).toEqual([
      'acme P-1 1 900 held',
      'acme P-2 1 900 held',
      'globex P-1 7 900 held',
    ]);
    const again = { ...reverseOf('restore_insert', ['P-2']), proposal_id: 'wrp_r2' };
    expect(await carryOut(shop, again)).toMatchObject(changed);
  });

  test.each([
    ['restore_update', ['P-1'], { compensations: undefined }],
    ['restore_update', ['P-1', 'P-2'], { sets: undefined }],
    ['remove_insert', ['P-1'], { delete: undefined }],
    ['restore_insert', ['P-1'], { insert: undefined }],
  ] as const)('%s of %j is refused where the configuration lacks what it does', (operation, ids, lacking) => {
    const claimed = claimedOf(changeSetOf(shop, reverseOf(operation, ids)));
    const operations = { ...parcels.operations, ...lacking };
    expect(verifiedBy(shop, claimed)).toMatchObject({ kind: 'accepted' });
    expect(
      verifiedBy(shop, claimed, {
        parcels: { ...parcels, operations: JSON.parse(JSON.stringify(operations)) },
      }),
    ).toMatchObject({
      kind: 'refused',
      reason: 'OPERATION_NOT_ALLOWED',
    });
  });
});
