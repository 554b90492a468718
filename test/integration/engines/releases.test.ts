import { receiptHash } from '@countersign/runner/databases/receipt';
import { describe, expect, test } from 'vitest';
import { declareMissing, missingEngines, releaseMatrix } from '../../support/engines.ts';
import { useShopAlone } from './support/use-shop.ts';
import { columnCases, keptTable, texts } from './support/value-cases.ts';

declareMissing(test, await missingEngines({ matrix: true }));

describe.each(await releaseMatrix())('$name', (engine) => {
  const cases = columnCases(engine);
  const shop = useShopAlone(engine, keptTable(engine, cases));
  const tables = {
    kept: {
      primary_key: 'id',
      tenant: { single_tenant: true as const },
      version: { column: 'version', advance: 'integer' as const },
      columns: cases.map((_, n) => `c${n}`),
      protected_columns: [],
    },
  };

  test('is as the checks expect it, and tells its name', async () => {
    const database = shop.connect();
    expect(await database.check()).toEqual([]);
    expect(await database.rehearseReceipt()).toEqual([]);
    expect(await database.serverName()).toMatch(/^(PostgreSQL|MySQL|MariaDB) \d+\.\d+/);
    await shop.db.query(shop.sql.dropKeySql);
    expect(await database.check()).toHaveLength(1);
  });

  test('writes once, with its receipt, and records a conflict', async () => {
    const database = shop.connect();
    const resultHash = receiptHash('wbj_wrp_1', 'applied', '8');
    expect(await shop.run({}, { database })).toEqual({ kind: 'applied', resultVersion: '8', resultHash });
    expect(await shop.run({}, { database })).toEqual({
      kind: 'already_applied',
      resultVersion: '8',
      resultHash,
    });
    expect(await shop.run({ idempotencyKey: 'late' }, { database })).toMatchObject({
      kind: 'conflict',
      reason: 'VERSION_CONFLICT',
      resultVersion: '8',
    });
    expect(await shop.run({ idempotencyKey: 'gone', tenant: 'nobody' }, { database })).toMatchObject({
      reason: 'ROW_NOT_FOUND',
    });
    expect(await shop.receipts()).toHaveLength(3);
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '0', version: '8' });
    expect(await shop.invoice('INV-1', 'globex')).toMatchObject({ late_fee_cents: '5500', version: '7' });
  });

  test('tried by many at once happens once', async () => {
    const database = shop.connect({ connections: 8 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => shop.run({}, { database })));
    expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'already_applied')).toHaveLength(19);
    expect(await shop.receipts()).toHaveLength(1);
  });

  test('undoes what a trigger or a check forbids', async () => {
    await shop.db.query(shop.sql.triggers.keepVersion);
    expect(await shop.run()).toEqual({ kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' });
    expect(await shop.run({ values: ['-1', null] })).toEqual({ kind: 'failed', code: 'CONSTRAINT_VIOLATED' });
    expect(await shop.receipts()).toEqual([]);
  });

  test('undoes a change of two rows', async () => {
    await shop.db.query(shop.sql.dropKeySql);
    await shop.db.query(
      `INSERT INTO invoices (id, tenant_id, version, late_fee_cents) VALUES ('INV-1', 'acme', 7, 9)`,
    );
    expect(await shop.run()).toEqual({ kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' });
    expect(await shop.receipts()).toEqual([]);
  });

  test('keeps values of every type, and moves timestamps on', async () => {
    const database = shop.connect({ tables });
    let version = 1;
    const change = { table: shop.table('kept'), primaryKey: '1', tenant: undefined };
    for (const [n, { kept, refused }] of cases.entries()) {
      const [text = '', stands = text] = kept[0] ?? [];
      const put = (value: string, key: string) =>
        shop.run(
          {
            ...change,
            columns: [`c${n}`],
            values: [value],
            expectedVersion: String(version),
            idempotencyKey: `${n} ${key}`,
          },
          { database },
        );
      expect(await put(refused[0] ?? '', 'refused')).toMatchObject({ kind: 'failed' });
      expect(await put(text, 'kept')).toMatchObject({ kind: 'applied' });
      version += 1;
      expect(await shop.db.query(`SELECT c${n} AS value FROM kept`)).toEqual([{ value: stands }]);
    }
    const [timed] = shop.sql.timedTables;
    const [expectedVersion = '', resultVersion] = timed?.future ?? [];
    const note = { ...change, table: shop.table('notes'), primaryKey: '2', columns: ['body'] };
    expect(
      await shop.run({ ...note, values: texts.slice(0, 1), expectedVersion }, { database }),
    ).toMatchObject({ kind: 'applied', resultVersion });
  });

  test('gives a user of the least rights all that it needs', async () => {
    await shop.db.query('DROP TABLE countersign_receipts');
    const database = shop.connect({ url: await shop.urlOfGranted(shop.config()) });
    expect(await database.check()).toEqual([]);
    expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
    expect(await shop.run({ idempotencyKey: 'late' }, { database })).toMatchObject({ kind: 'conflict' });
  });
});
