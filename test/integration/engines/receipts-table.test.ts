import { receiptFields } from '@countersign/runner/databases/receipt-record';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { useShop } from './support/use-shop.ts';

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine);
  const LEAST = [
    'SELECT (id, tenant_id, version), UPDATE (late_fee_cents, waiver_reason, memo, code, paid, total, version) ON invoices',
    ...shop.sql.timedTables.map(
      ({ table }) => `SELECT (id, changed_at), UPDATE (body, changed_at) ON ${table}`,
    ),
    'SELECT, INSERT ON countersign_receipts',
  ];

  describe('the least rights', () => {
    test('is written to with the least rights, and its receipts cannot be changed with them', async () => {
      const url = await shop.urlOfUser(...LEAST);
      const database = shop.connect({ url });
      expect(await database.check()).toEqual([]);
      expect(await database.posture()).toEqual([]);
      expect(await database.rehearseReceipt()).toEqual([]);
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'already_applied' });
      expect(await shop.run({ idempotencyKey: 'late' }, { database })).toMatchObject({ kind: 'conflict' });
      const before = await shop.receipts();
      const clerk = await shop.sessionAt(url);
      for (const sql of [
        'DELETE FROM countersign_receipts',
        `UPDATE countersign_receipts SET status = 'conflict'`,
        'TRUNCATE TABLE countersign_receipts',
        'DROP TABLE countersign_receipts',
        `UPDATE invoices SET tenant_id = 'globex'`,
        'DELETE FROM invoices',
      ]) {
        await expect(clerk.query(sql)).rejects.toMatchObject({ code: shop.sql.codes.forbidden() });
      }
      expect(await shop.receipts()).toEqual(before);
    });

    test.each([
      ['the invoices', (grant: string) => grant.includes('invoices')],
      ['the receipts', (grant: string) => grant.includes('receipts')],
    ])('without those on %s fail the write', async (_what, isTaken) => {
      const url = await shop.urlOfUser(
        'SELECT ON invoices',
        'SELECT ON countersign_receipts',
        ...LEAST.filter((grant) => !isTaken(grant)),
      );
      expect(await shop.run({}, { database: shop.connect({ url }) })).toEqual({
        kind: 'failed',
        code: 'PERMISSION_DENIED',
      });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7' });
      expect(await shop.receipts()).toEqual([]);
    });

    test('are what the printed grants give', async () => {
      await shop.db.query('DROP TABLE countersign_receipts');
      const url = await shop.urlOfGranted(shop.config());
      const database = shop.connect({ url });
      expect(await database.check()).toEqual([]);
      expect(await database.posture()).toEqual([]);
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
    });
  });

  describe('the receipts', () => {
    test('are told as they stand, the latest first, by key, and by name', async () => {
      const database = shop.connect();
      for (const n of [1, 2, 3]) {
        const change = { idempotencyKey: `k${n}`, jobId: `j${n}`, proposalId: `p${n}` };
        await shop.run({ ...change, expectedVersion: String(6 + n) }, { database });
      }
      await shop.run({ idempotencyKey: 'k0', jobId: 'j "0" é', primaryKey: 'INV-404' }, { database });
      const newest = await database.newestReceipts(2);
      expect(newest.map(({ idempotency_key }) => idempotency_key)).toEqual(['k0', 'k3']);
      expect(Object.keys(newest[0] ?? {})).toEqual([...receiptFields]);
      expect(newest[0]).toMatchObject({ status: 'conflict', affected_rows: '0', result_version: null });
      expect(newest[1]).toMatchObject({ status: 'applied', affected_rows: '1', result_version: '10' });
      expect(newest[1]?.recorded_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/);
      expect(Math.abs(Date.parse(`${newest[1]?.recorded_at?.slice(0, 19)}Z`) - Date.now())).toBeLessThan(
        60_000,
      );
      const pages = [await database.receiptsAfter('', 2), await database.receiptsAfter('k1', 2)];
      expect(pages.map((page) => page.map(({ idempotency_key }) => idempotency_key))).toEqual([
        ['k0', 'k1'],
        ['k2', 'k3'],
      ]);
      for (const name of ['k2', 'j2', 'p2'])
        expect((await database.receiptsNamed(name)).map(({ job_id }) => job_id)).toEqual(['j2']);
      expect(await database.receiptsNamed('j "0" é')).toHaveLength(1);
      expect(await database.receiptsNamed('J2')).toEqual([]);
    });

    test('of keys that differ in case, accent or a blank at the end are different ones', async () => {
      const database = shop.connect();
      const keys = ['key', 'KEY', 'kéy', 'key ', 'key\t', 'ke\u200by'];
      for (const idempotencyKey of keys) {
        const change = { idempotencyKey, jobId: `job of ${idempotencyKey}`, primaryKey: 'INV-404' };
        expect(await shop.run(change, { database })).toMatchObject({ kind: 'conflict' });
      }
      expect((await shop.receipts()).map(({ idempotency_key }) => idempotency_key).sort()).toEqual(
        [...keys].sort(),
      );
    });
  });
});
