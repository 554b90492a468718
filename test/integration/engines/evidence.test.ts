import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { useShop } from './support/use-shop.ts';

/** What `status` and `reconcile` read. */
describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine);
  const row = () => ({ table: shop.table('invoices'), key: 'INV-1', tenant: 'acme' });

  test('a row is older than, as new as or newer than a version', async () => {
    const database = shop.connect();
    expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied', resultVersion: '8' });
    const orders = ['7', '8', '9', '10', null].map(async (version) => {
      const [found, ...others] = await database.versionsOf(row(), version);
      expect(others).toEqual([]);
      expect(found).toMatchObject({ tenant: 'acme', version: '8' });
      return found?.order;
    });
    expect(await Promise.all(orders)).toEqual(['newer', 'same', 'older', 'older', undefined]);
  });

  test('a row that is not there has no version', async () => {
    expect(await shop.connect().versionsOf({ ...row(), key: 'INV-none' }, '7')).toEqual([]);
    expect(await shop.connect().versionsOf({ ...row(), tenant: 'nobody' }, '7')).toEqual([]);
  });

  test('receipts are counted by what became of the write', async () => {
    const database = shop.connect();
    expect(await database.receiptActivity()).toEqual({ newestAt: null, applied: 0, conflicts: 0 });
    await shop.run({}, { database });
    await shop.run({ idempotencyKey: 'again', jobId: 'wbj_again' }, { database });
    const { newestAt, ...counts } = await database.receiptActivity();
    expect(counts).toEqual({ applied: 1, conflicts: 1 });
    const [newest] = await database.newestReceipts(1);
    expect(newestAt).toBe(newest?.recorded_at);
    await shop.db.query(`UPDATE countersign_receipts SET recorded_at = recorded_at - INTERVAL '25' HOUR`);
    expect(await database.receiptActivity()).toMatchObject({ applied: 0, conflicts: 0 });
  });
});
