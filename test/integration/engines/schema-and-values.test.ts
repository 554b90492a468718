import type { TablePermission } from '@countersign/runner/config/runner-config';
import { receiptHash } from '@countersign/runner/databases/receipt';
import { describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { useShop, useShopAlone } from './support/use-shop.ts';
import { type ColumnCases, columnCases, keptTable, texts } from './support/value-cases.ts';

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShopAlone(engine);
  const zone = (table: string) => shop.sql.timedTables.find((timed) => timed.table === table)?.zone ?? '';

  describe('versions', () => {
    test('beyond 2^53 keep every digit', async () => {
      const plan = { primaryKey: 'INV-2', expectedVersion: '9007199254740993' };
      expect(await shop.run({ ...plan, expectedVersion: '9007199254740992' })).toMatchObject({
        kind: 'conflict',
        resultVersion: '9007199254740993',
      });
      expect(await shop.run({ ...plan, idempotencyKey: 'k2' })).toMatchObject({
        kind: 'applied',
        resultVersion: '9007199254740994',
      });
    });

    test.each([
      ['0', '1'],
      ['-1', '0'],
      ['-9223372036854775808', '-9223372036854775807'],
      ['9223372036854775806', '9223372036854775807'],
    ])('go one on from %s to %s', async (expectedVersion, resultVersion) => {
      await shop.db.query(`UPDATE invoices SET version = ${expectedVersion} WHERE id = 'INV-2'`);
      expect(await shop.run({ primaryKey: 'INV-2', expectedVersion })).toMatchObject({
        kind: 'applied',
        resultVersion,
      });
    });

    test('that cannot go on fail the write', async () => {
      const expectedVersion = '9223372036854775807';
      await shop.db.query(`UPDATE invoices SET version = ${expectedVersion} WHERE id = 'INV-2'`);
      expect(await shop.run({ primaryKey: 'INV-2', expectedVersion })).toEqual({
        kind: 'failed',
        code: 'VALUE_REJECTED',
      });
    });

    test.each(['notes', 'local_notes'])(
      'that are timestamps of %s keep their microseconds and always move on',
      async (table) => {
        // A session that thinks in another zone must not shift anything.
        await shop.db.query(shop.sql.otherZoneSql(shop.db.name));
        const database = shop.connect();
        const of = (primaryKey: string, expectedVersion: string, idempotencyKey: string) =>
          shop.run(
            {
              table: shop.table(table),
              tenant: undefined,
              columns: ['body'],
              values: [idempotencyKey],
              primaryKey,
              expectedVersion,
              idempotencyKey,
            },
            { database },
          );
        const stale = await of('1', `2020-02-29 12:00:00.123${zone(table)}`, 'a');
        const first = `2020-02-29 12:00:00.123456${zone(table)}`;
        expect(stale).toMatchObject({ kind: 'conflict', resultVersion: first });
        const before = Date.now();
        const moved = await of('1', first, 'b');
        expect(moved.kind).toBe('applied');
        const version = 'resultVersion' in moved ? (moved.resultVersion ?? '') : '';
        const at = Date.parse(`${version.replace(' ', 'T').replace(/\+00$/, '')}Z`);
        expect(at).toBeGreaterThanOrEqual(before - 1);
        expect(at).toBeLessThanOrEqual(Date.now() + 1);
        expect(await of('1', version, 'c')).toMatchObject({ kind: 'applied' });
        const [ahead = '', next] = shop.sql.timedTables.find((timed) => timed.table === table)?.future ?? [];
        expect(await of('2', ahead, 'd')).toMatchObject({ kind: 'applied', resultVersion: next });
      },
    );
  });

  describe('values', () => {
    test('of every kind arrive as they were approved', async () => {
      const text = `O'Hara; DROP TABLE invoices; -- "\\" \u{1F9FE} žluťoučký \u2028 $1 {}`;
      const outcome = await shop.run({
        columns: ['late_fee_cents', 'memo', 'paid', 'total', 'waiver_reason'],
        values: ['2147483647', null, 'true', '1234567890123456.7891', text],
      });
      expect(outcome).toMatchObject({ kind: 'applied' });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({
        late_fee_cents: '2147483647',
        memo: null,
        paid: shop.sql.truth,
        total: '1234567890123456.7891',
        waiver_reason: text,
      });
    });

    test('in names of jobs hash the same here and there', async () => {
      const jobId = `wbj "quoted" \\ / é \u{1F9FE} \u2028 \u007f`;
      const outcome = await shop.run({ jobId });
      expect(outcome).toMatchObject({ kind: 'applied', resultHash: receiptHash(jobId, 'applied', '8') });
    });

    test.each([
      ['of the wrong type', ['late_fee_cents'], ['much'], 'VALUE_REJECTED'],
      ['out of range', ['late_fee_cents'], ['2147483648'], 'VALUE_REJECTED'],
      ['too long', ['memo'], ['eleven char'], 'VALUE_REJECTED'],
      ['against a check', ['late_fee_cents'], ['-1'], 'CONSTRAINT_VIOLATED'],
      ['null where none may be', ['late_fee_cents'], [null], 'CONSTRAINT_VIOLATED'],
      ['that another row must be unique in', ['code'], ['taken'], 'CONSTRAINT_VIOLATED'],
      ['of a column that is gone', ['gone'], ['x'], 'SCHEMA_MISMATCH'],
    ])('%s are refused without a receipt', async (_name, columns, values, code) => {
      await shop.db.query(`UPDATE invoices SET code = 'taken' WHERE id = 'INV-2'`);
      expect(await shop.run({ columns, values })).toEqual({ kind: 'failed', code });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '5500', version: '7' });
      expect(await shop.receipts()).toEqual([]);
    });

    test.each(texts)('of text are kept whatever they hold: %j', async (text) => {
      expect(await shop.run({ columns: ['waiver_reason'], values: [text] })).toMatchObject({
        kind: 'applied',
      });
      expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ waiver_reason: text });
    });
  });
});

describe.each(await testEngines())('$name: a column of type', (engine) => {
  const cases = columnCases(engine);
  const shop = useShop(engine, keptTable(engine, cases));
  const permission: TablePermission = {
    primary_key: 'id',
    tenant: { single_tenant: true },
    version: { column: 'version', advance: 'integer' },
    columns: cases.map((_, n) => `c${n}`),
    protected_columns: [],
  };

  /** Writes one value after the other, each from the version that the one before left. */
  async function writeAll({ kept, refused }: ColumnCases, column: string) {
    const database = shop.connect({ tables: { kept: permission } });
    let version = 1;
    const put = async (text: string | null) => {
      const outcome = await shop.run(
        {
          table: shop.table('kept'),
          primaryKey: '1',
          tenant: undefined,
          columns: [column],
          values: [text],
          expectedVersion: String(version),
          idempotencyKey: `${column} ${version} ${text}`,
        },
        { database },
      );
      if (outcome.kind === 'applied') version += 1;
      const [row] = await shop.db.query(`SELECT ${column} AS value, version FROM kept WHERE id = 1`);
      return [outcome.kind === 'failed' ? outcome.code : outcome.kind, row?.value, Number(row?.version)];
    };
    const found: unknown[] = [];
    const expected: unknown[] = [];
    for (const [text, stands = text] of [...kept, [null] as const]) {
      found.push([text, ...(await put(text))]);
      expected.push([text, 'applied', stands, version]);
    }
    for (const text of refused) {
      found.push([text, ...(await put(text))]);
      expected.push([text, expect.stringMatching(/^(VALUE_REJECTED|CONSTRAINT_VIOLATED)$/), null, version]);
    }
    return { found, expected };
  }

  test.each(cases.map((one, n) => [one.type, one, `c${n}`] as const))(
    '%s keeps what it can hold exactly, and refuses the rest',
    async (_type, one, column) => {
      const { found, expected } = await writeAll(one, column);
      expect(found).toEqual(expected);
    },
  );
});
