import {
  sampleDelete,
  sampleInsert,
  sampleUpdate,
} from '@countersign/protocol/change-set/sample-change-sets';
import { receiptUpgradeSqlOf } from '@countersign/runner/databases/engine-sql';
import { receiptHash } from '@countersign/runner/databases/receipt';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import {
  carryOut,
  changeSetOf,
  claimedOf,
  databaseOf,
  labels,
  parcels,
  parcelsIn,
  parcelsSql,
  UNTOUCHED,
  verifiedBy,
} from './support/parcels.ts';
import { useShop } from './support/use-shop.ts';

const facts = { attempt: 1, leaseId: 'lse_1', runnerId: 'runner-1' };

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);

  describe('the configuration', () => {
    test('is what the tables allow', async () => {
      expect(await databaseOf(shop).check()).toEqual([]);
    });

    test('of an insert needs a unique key within its deduplication columns', async () => {
      const operations = { insert: { deduplication_columns: ['tenant_id', 'state'] } };
      const tables = { parcels: { ...parcels, columns: ['fee_cents'], operations } };
      const [fault] = await databaseOf(shop, tables).check();
      expect(fault).toMatchObject({ where: shop.table('parcels') });
      expect(fault?.what).toMatch(/no unique key lies within them/);
    });

    test('goes on with a table of receipts that holds updates alone, until more is allowed and it is altered', async () => {
      await shop.db.query(shop.sql.earlierReceiptsSql);
      const plain = shop.connect();
      expect(await plain.check()).toEqual([]);
      expect(await shop.run({}, { database: plain })).toMatchObject({ kind: 'applied' });
      expect(await plain.newestReceipts(5)).toMatchObject([{ operation: 'single_row_update' }]);
      const database = databaseOf(shop);
      expect(await database.check()).toMatchObject([
        { what: expect.stringMatching(/made for single updates alone/) },
      ]);
      expect(await carryOut(shop, sampleInsert('wrp_new'), { database })).toEqual({
        kind: 'failed',
        code: 'SCHEMA_MISMATCH',
      });
      expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
      await shop.db.query(receiptUpgradeSqlOf(shop.config()));
      expect(await database.check()).toEqual([]);
      expect(await carryOut(shop, sampleInsert('wrp_new'), { database })).toMatchObject({ kind: 'applied' });
      const operations = (await database.newestReceipts(5)).map(({ operation }) => operation);
      expect(operations).toEqual(['single_row_insert', 'single_row_update']);
      expect(await shop.run({}, { database })).toMatchObject({ kind: 'already_applied' });
    });
  });

  describe('an update of version 2.0', () => {
    test('is the same guarded write', async () => {
      const hash = receiptHash('wbj_wrp_u', 'applied', '8');
      expect(await carryOut(shop, sampleUpdate('wrp_u'))).toEqual({
        kind: 'applied',
        resultVersion: '8',
        resultHash: hash,
      });
      expect(await parcelsIn(shop)).toEqual(['acme P-1 8 0 held', ...UNTOUCHED.slice(1)]);
      expect(await carryOut(shop, sampleUpdate('wrp_u'))).toMatchObject({ kind: 'already_applied' });
    });
  });

  describe('an insert', () => {
    test('adds the row and its receipt in one commit, and once', async () => {
      const hash = receiptHash('wbj_wrp_new', 'applied', '1');
      const applied = { resultVersion: '1', resultHash: hash, target: 'wrp_new' };
      expect(await carryOut(shop, sampleInsert('wrp_new'))).toEqual({ kind: 'applied', ...applied });
      expect(await parcelsIn(shop)).toEqual([
        ...UNTOUCHED.slice(0, 3),
        'acme wrp_new 1 250 new',
        ...UNTOUCHED.slice(3),
      ]);
      expect(await shop.receipts()).toMatchObject([
        {
          target_table: shop.table('parcels'),
          target_key: 'wrp_new',
          operation: 'single_row_insert',
          status: 'applied',
          affected_rows: '1',
          result_version: '1',
          result_hash: hash,
        },
      ]);
      expect(await carryOut(shop, sampleInsert('wrp_new'))).toEqual({ kind: 'already_applied', ...applied });
      await shop.db.query(`DELETE FROM parcels WHERE id = 'wrp_new'`);
      expect(await carryOut(shop, sampleInsert('wrp_new'))).toEqual({ kind: 'already_applied', ...applied });
      expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
    });

    test('tells the key that the database made', async () => {
      const components = [
        { column: 'proposal_id', value: 'wrp_l', source: 'proposal_id' },
        { column: 'tenant_id', value: 'acme', source: 'trusted_tenant' },
      ];
      const sample = sampleInsert('wrp_l', {
        source: { source_id: 'main_db', primary_key: { column: 'id' } },
        after: { fee_cents: 250, state: 'new', proposal_id: 'wrp_l', tenant_id: 'acme' },
        guards: {
          tenant: { column: 'tenant_id', value: 'acme' },
          allowed_columns: ['fee_cents', 'state'],
          deduplication: { components },
        },
      });
      await shop.db.query(`INSERT INTO labels (tenant_id, proposal_id) VALUES ('acme', 'another')`);
      expect(await carryOut(shop, sample, { table: 'labels' })).toMatchObject({
        kind: 'applied',
        target: '2',
      });
      expect(await carryOut(shop, sample, { table: 'labels' })).toMatchObject({
        kind: 'already_applied',
        target: '2',
      });
      expect(await shop.db.query('SELECT id, proposal_id, fee_cents FROM labels ORDER BY id')).toMatchObject([
        { id: '1' },
        { id: '2', proposal_id: 'wrp_l', fee_cents: '250' },
      ]);
    });

    test('of a row that somebody else has added is a conflict, and stays one', async () => {
      await shop.db.query(`INSERT INTO parcels VALUES ('wrp_new', 'acme', 3, 1, 'odd')`);
      const conflict = { kind: 'conflict', reason: 'INSERT_DEDUP_CONFLICT', resultVersion: '3' };
      expect(await carryOut(shop, sampleInsert('wrp_new'))).toMatchObject(conflict);
      await shop.db.query(`DELETE FROM parcels WHERE id = 'wrp_new'`);
      expect(await carryOut(shop, sampleInsert('wrp_new'))).toMatchObject(conflict);
      expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
    });

    test('does not mind a row of the same name that another tenant has', async () => {
      await shop.db.query(`INSERT INTO parcels VALUES ('wrp_new', 'globex', 3, 1, 'odd')`);
      expect(await carryOut(shop, sampleInsert('wrp_new'))).toMatchObject({ kind: 'applied' });
      expect(await parcelsIn(shop)).toContain('globex wrp_new 3 1 odd');
    });

    test('tried by twenty at once happens once', async () => {
      const database = databaseOf(shop);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => carryOut(shop, sampleInsert('wrp_new'), { database })),
      );
      expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'already_applied')).toHaveLength(19);
      expect(await shop.receipts()).toHaveLength(1);
    });

    test('that the table refuses is a failure, and leaves nothing', async () => {
      const sample = sampleInsert('wrp_new', {
        patch: { fee_cents: -1 },
        after: { fee_cents: -1, id: 'wrp_new', tenant_id: 'acme' },
      });
      expect(await carryOut(shop, sample)).toEqual({ kind: 'failed', code: 'CONSTRAINT_VIOLATED' });
      expect(await shop.receipts()).toEqual([]);
    });
  });

  describe('a delete', () => {
    test('removes the row and leaves a receipt, once', async () => {
      const hash = receiptHash('wbj_wrp_d', 'applied', '7');
      const applied = { resultVersion: '7', resultHash: hash, target: 'P-1' };
      expect(await carryOut(shop, sampleDelete('wrp_d'))).toEqual({ kind: 'applied', ...applied });
      expect(await parcelsIn(shop)).toEqual(UNTOUCHED.slice(1));
      await shop.db.query(`INSERT INTO parcels VALUES ('P-1', 'acme', 7, 900, 'held')`);
      expect(await carryOut(shop, sampleDelete('wrp_d'))).toEqual({ kind: 'already_applied', ...applied });
      expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
    });

    test('of a row that has moved on is a conflict', async () => {
      await shop.db.query(`UPDATE parcels SET version = 8 WHERE id = 'P-1'`);
      expect(await carryOut(shop, sampleDelete('wrp_d'))).toMatchObject({
        kind: 'conflict',
        reason: 'VERSION_CONFLICT',
        resultVersion: '8',
      });
      expect(await parcelsIn(shop)).toHaveLength(4);
      expect(await shop.receipts()).toMatchObject([
        { status: 'conflict', operation: 'single_row_delete', affected_rows: '0' },
      ]);
    });

    test("finds no other tenant's row", async () => {
      await shop.db.query(`DELETE FROM parcels WHERE id = 'P-1' AND tenant_id = 'acme'`);
      expect(await carryOut(shop, sampleDelete('wrp_d'))).toMatchObject({
        kind: 'conflict',
        reason: 'ROW_NOT_FOUND',
      });
      expect(await parcelsIn(shop)).toContain('globex P-1 7 900 held');
    });

    test.each([
      [
        'a foreign key removes others with it',
        'cascades',
        'DELETE_CASCADE_BLOCKED',
        `CREATE TABLE stamps (id varchar(60), tenant_id varchar(40),
          FOREIGN KEY (tenant_id, id) REFERENCES parcels (tenant_id, id) ON DELETE CASCADE)`,
      ],
      ['a trigger runs with it', 'triggers', 'DELETE_TRIGGER_BLOCKED', undefined],
    ] as const)('where %s is refused unless that is allowed', async (_what, word, code, sql) => {
      await shop.db.query(sql ?? shop.sql.deleteTriggerSql('parcels'));
      const [fault] = await databaseOf(shop).check();
      expect(fault?.what).toMatch(new RegExp(`operations.delete.${word}`));
      expect(await carryOut(shop, sampleDelete('wrp_d'))).toEqual({ kind: 'failed', code });
      expect(await parcelsIn(shop)).toEqual(UNTOUCHED);
      expect(await shop.receipts()).toEqual([]);
      const allowing = { cascades: false, triggers: false, [word]: true };
      const tables = {
        labels,
        parcels: { ...parcels, operations: { ...parcels.operations, delete: allowing } },
      };
      expect(await databaseOf(shop, tables).check()).toEqual([]);
      expect(await carryOut(shop, sampleDelete('wrp_d'), { tables })).toMatchObject({ kind: 'applied' });
    });
  });

  describe('a rehearsal of each', () => {
    test('tells what it would come to, and leaves nothing', async () => {
      const database = databaseOf(shop);
      const rehearse = (sample: object) => {
        const claim = verifiedBy(shop, claimedOf(changeSetOf(shop, { ...sample })));
        if (claim.kind !== 'accepted') throw new Error(claim.reason);
        return database.rehearse(claim.plan, facts);
      };
      expect(await rehearse(sampleInsert('wrp_new'))).toMatchObject({ kind: 'applied', resultVersion: '1' });
      expect(await rehearse(sampleDelete('wrp_d'))).toMatchObject({ kind: 'applied', resultVersion: '7' });
      await shop.db.query(`UPDATE parcels SET version = 8 WHERE id = 'P-1'`);
      expect(await rehearse(sampleDelete('wrp_d'))).toMatchObject({ reason: 'VERSION_CONFLICT' });
      expect(await shop.receipts()).toEqual([]);
      expect(await parcelsIn(shop)).toHaveLength(4);
    });
  });
});
