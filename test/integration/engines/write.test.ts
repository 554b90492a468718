import { receiptHash } from '@countersign/runner/databases/receipt';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { useShop } from './support/use-shop.ts';

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine);

  describe('a write', () => {
    test('changes the row and leaves a receipt in one commit', async () => {
      const outcome = await shop.run();
      const hash = receiptHash('wbj_wrp_1', 'applied', '8');
      expect(outcome).toEqual({ kind: 'applied', resultVersion: '8', resultHash: hash });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({
        late_fee_cents: '0',
        waiver_reason: 'goodwill',
        version: '8',
      });
      const [receipt, ...others] = await shop.receipts();
      expect(others).toEqual([]);
      expect(receipt).toMatchObject({
        idempotency_key: 'wrp_1:INV-1',
        job_id: 'wbj_wrp_1',
        proposal_id: 'wrp_1',
        proposal_hash: 'sha256:one',
        target_table: shop.table('invoices'),
        target_key: 'INV-1',
        status: 'applied',
        reason: null,
        affected_rows: '1',
        result_version: '8',
        result_hash: hash,
        attempt: '1',
        lease_id: 'lse_1',
        runner_id: 'runner-1',
      });
    });

    test('shows no other session the row without the receipt, or the receipt without the row', async () => {
      const seen = new Set<string>();
      let isDone = false;
      const watch = async () => {
        while (!isDone) {
          const [row] = await shop.db.query(
            `SELECT (SELECT version FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme') AS version,
              (SELECT count(*) FROM countersign_receipts) AS receipts`,
          );
          seen.add(`${row?.version} ${row?.receipts}`);
        }
      };
      const watching = watch();
      const database = shop.connect();
      for (let n = 0; n < 20; n += 1) {
        const change = { expectedVersion: String(7 + n), idempotencyKey: `k${n}`, jobId: `j${n}` };
        expect(await shop.run(change, { database })).toMatchObject({ kind: 'applied' });
      }
      isDone = true;
      await watching;
      const whole = Array.from({ length: 21 }, (_, n) => `${7 + n} ${n}`);
      expect(whole).toEqual(expect.arrayContaining([...seen]));
    });

    test('leaves the row of another tenant with the same key alone', async () => {
      const before = await shop.invoice('INV-1', 'globex');
      await shop.run();
      expect(await shop.invoice('INV-1', 'globex')).toEqual(before);
      const foreign = await shop.run({ primaryKey: 'INV-2', tenant: 'globex', idempotencyKey: 'k2' });
      expect(foreign).toMatchObject({ kind: 'conflict', reason: 'ROW_NOT_FOUND', resultVersion: undefined });
      expect(await shop.invoice('INV-2', 'acme')).toMatchObject({
        late_fee_cents: '100',
        version: '9007199254740993',
      });
    });

    test.each([
      ['another case', { primaryKey: 'inv-1' }],
      ['a blank at the end', { primaryKey: 'INV-1 ' }],
      ['a blank before it', { primaryKey: ' INV-1' }],
      ['an accent', { primaryKey: 'ÍNV-1' }],
      ['wide letters', { primaryKey: 'ＩＮＶ-1' }],
      ['a letter that is ignored when sorting', { primaryKey: 'INV\u200b-1' }],
      ['the tenant in another case', { tenant: 'ACME' }],
      ['a blank after the tenant', { tenant: 'acme ' }],
      ['no tenant', { tenant: undefined }],
    ])('finds no row by a key with %s', async (_what, change) => {
      expect(await shop.run(change)).toMatchObject({ kind: 'conflict', reason: 'ROW_NOT_FOUND' });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7', late_fee_cents: '5500' });
    });

    test('done again gives the same receipt and changes nothing', async () => {
      const first = await shop.run();
      const row = await shop.invoice('INV-1', 'acme');
      expect(await shop.run()).toEqual({ ...first, kind: 'already_applied' });
      expect(await shop.invoice('INV-1', 'acme')).toEqual(row);
      expect(await shop.receipts()).toHaveLength(1);
    });

    test('gives the same receipt also after somebody set the version back', async () => {
      const first = await shop.run();
      await shop.db.query(
        `UPDATE invoices SET version = 7, late_fee_cents = 42 WHERE id = 'INV-1' AND tenant_id = 'acme'`,
      );
      expect(await shop.run()).toEqual({ ...first, kind: 'already_applied' });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '42', version: '7' });
    });

    test('tried by fifty at once happens once', async () => {
      const database = shop.connect({ connections: 16 });
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => shop.run({}, { database })));
      const hash = receiptHash('wbj_wrp_1', 'applied', '8');
      expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'already_applied')).toHaveLength(49);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ resultVersion: '8', resultHash: hash });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '8' });
      expect(await shop.receipts()).toHaveLength(1);
    });

    test('of fifty different plans for one version, one is applied and the others conflict', async () => {
      const database = shop.connect({ connections: 16 });
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          shop.run({ idempotencyKey: `k${i}`, jobId: `j${i}`, values: [String(i), null] }, { database }),
        ),
      );
      expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'conflict')).toHaveLength(49);
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '8' });
      expect(await shop.receipts()).toHaveLength(50);
    });
  });

  describe('a conflict', () => {
    test('is recorded, and stays the answer even when the row comes back to the expected version', async () => {
      await shop.db.query(`UPDATE invoices SET version = 12 WHERE id = 'INV-1' AND tenant_id = 'acme'`);
      const first = await shop.run();
      const resultHash = receiptHash('wbj_wrp_1', 'conflict', '12');
      expect(first).toEqual({
        kind: 'conflict',
        reason: 'VERSION_CONFLICT',
        resultVersion: '12',
        resultHash,
      });
      await shop.db.query(`UPDATE invoices SET version = 7 WHERE id = 'INV-1' AND tenant_id = 'acme'`);
      expect(await shop.run()).toEqual(first);
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '5500', version: '7' });
      const rows = await shop.receipts();
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({
        status: 'conflict',
        reason: 'VERSION_CONFLICT',
        affected_rows: '0',
        result_hash: resultHash,
      });
    });

    test('with a row that is gone has a hash without a version', async () => {
      const resultHash = receiptHash('wbj_wrp_1', 'conflict', undefined);
      const conflict = { kind: 'conflict', reason: 'ROW_NOT_FOUND', resultVersion: undefined, resultHash };
      expect(await shop.run({ primaryKey: 'INV-404' })).toEqual(conflict);
      expect(await shop.run({ primaryKey: 'INV-404' })).toEqual(conflict);
    });
  });

  describe('a rehearsal', () => {
    test('tells what a write would do, and leaves nothing', async () => {
      const database = shop.connect();
      const rehearse = (change: object) =>
        database.rehearse(shop.plan(change), { attempt: 1, leaseId: 'lse_1', runnerId: 'runner-1' });
      expect(await rehearse({})).toMatchObject({ kind: 'applied', resultVersion: '8' });
      expect(await rehearse({ expectedVersion: '6' })).toMatchObject({
        kind: 'conflict',
        reason: 'VERSION_CONFLICT',
        resultVersion: '7',
      });
      expect(await rehearse({ primaryKey: 'INV-404' })).toMatchObject({ reason: 'ROW_NOT_FOUND' });
      expect(await rehearse({ values: ['-1', null] })).toEqual({
        kind: 'failed',
        code: 'CONSTRAINT_VIOLATED',
      });
      expect(await shop.receipts()).toEqual([]);
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7', late_fee_cents: '5500' });
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
    });
  });

  describe('a receipt', () => {
    test('cannot be without its change: a key that is not unique rolls both back', async () => {
      await shop.db.query(shop.sql.dropKeySql);
      await shop.db.query(
        `INSERT INTO invoices (id, tenant_id, version, late_fee_cents) VALUES ('INV-1', 'acme', 7, 9)`,
      );
      expect(await shop.run()).toEqual({ kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' });
      expect(await shop.db.query(`SELECT DISTINCT version FROM invoices WHERE id = 'INV-1'`)).toEqual([
        { version: '7' },
      ]);
      expect(await shop.receipts()).toEqual([]);
    });

    test('cannot be without a new version: a trigger that keeps the old one rolls both back', async () => {
      await shop.db.query(shop.sql.triggers.keepVersion);
      expect(await shop.run()).toEqual({ kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '5500', version: '7' });
      expect(await shop.receipts()).toEqual([]);
    });

    test('is not written for a change that a trigger refuses', async () => {
      await shop.db.query(shop.sql.triggers.refuse);
      expect(await shop.run()).toEqual({ kind: 'failed', code: 'REFUSED_BY_TRIGGER' });
      expect(await shop.receipts()).toEqual([]);
    });

    test('tells of the change itself, whatever a trigger writes beside it', async () => {
      await shop.db.query(shop.sql.triggers.audit);
      expect(await shop.run()).toMatchObject({ kind: 'applied' });
      expect(await shop.db.query('SELECT note FROM audit')).toEqual([{ note: 'INV-1' }]);
      expect(await shop.run({ idempotencyKey: 'late' })).toMatchObject({ kind: 'conflict' });
      expect(await shop.db.query('SELECT note FROM audit')).toHaveLength(1);
    });

    test('of another job under the same key is not taken for this one', async () => {
      await shop.run({ jobId: 'wbj_other', primaryKey: 'INV-404' });
      expect(await shop.run()).toEqual({ kind: 'failed', code: 'RECEIPT_MISMATCH' });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7' });
    });

    test('of another proposal under the same key is not taken for this one', async () => {
      await shop.run();
      expect(await shop.run({ proposalHash: 'sha256:two' })).toEqual({
        kind: 'failed',
        code: 'RECEIPT_MISMATCH',
      });
    });

    test('that somebody edited is left to a person', async () => {
      await shop.run();
      await shop.db.query(`UPDATE countersign_receipts SET result_version = '9'`);
      expect(await shop.run()).toEqual({ kind: 'receipt_corrupt' });
    });
  });
});
