import { describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { useShop, useShopAlone } from '../../../test/integration/engines/support/use-shop.ts';
// biome-ignore lint/plugin: as above
import { declareMissing, missingEngines, testEngines } from '../../../test/support/engines.ts';
import type { TablePermission } from '../../config/runner-config.ts';
import { MysqlSession } from './mysql-session.ts';
import { parseMysqlUrl } from './mysql-url.ts';

// Every test makes a database of its own, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });

const engines = (await testEngines()).filter(({ engine }) => engine === 'mysql');
declareMissing(test, await missingEngines());

const permission = (columns: readonly string[]): TablePermission => ({
  primary_key: 'id',
  tenant: { single_tenant: true },
  version: { column: 'version', advance: 'integer' },
  columns: [...columns],
  protected_columns: [],
});

describe.each(engines)('$name: a session', (engine) => {
  const shop = useShopAlone(engine);

  /** What a server may be set to, by hand or by a product that it serves. */
  const unfriendly = [
    `sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,IGNORE_SPACE,ALLOW_INVALID_DATES'`,
    `time_zone = '-07:00'`,
    `autocommit = 0`,
    `character_set_server = latin1`,
    `collation_connection = latin1_german1_ci`,
    `init_connect = 'SET sql_mode = "ANSI_QUOTES", autocommit = 0, time_zone = "+03:00"'`,
    `transaction_isolation = 'SERIALIZABLE'`,
    `innodb_lock_wait_timeout = 1000`,
    `foreign_key_checks = 0`,
    `unique_checks = 0`,
    `sql_safe_updates = 1`,
    `completion_type = 'CHAIN'`,
    `sql_select_limit = 1`,
  ];

  async function unsettle() {
    for (const setting of unfriendly) {
      const isOld = engine.name.startsWith('MariaDB 10') && setting.startsWith('transaction_isolation');
      await shop.db.query(`SET GLOBAL ${isOld ? setting.replace('transaction', 'tx') : setting}`);
    }
  }

  test('is pinned, whatever the server says, so that values stay values', async () => {
    await unsettle();
    const text = `\\' "; DROP TABLE invoices; -- \\\\`;
    const database = shop.connect();
    expect(await shop.run({ values: ['0', text] }, { database })).toMatchObject({ kind: 'applied' });
    expect(await shop.run({ values: ['0', text] }, { database })).toMatchObject({ kind: 'already_applied' });
    expect(await shop.run({ idempotencyKey: 'b' }, { database })).toMatchObject({ kind: 'conflict' });
    expect(await shop.run({ idempotencyKey: 'c', expectedVersion: '8', values: ['1e', null] })).toEqual({
      kind: 'failed',
      code: 'VALUE_REJECTED',
    });
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ waiver_reason: text, version: '8' });
    expect(await shop.rows('SELECT COUNT(*) AS n FROM countersign_receipts')).toEqual([{ n: '2' }]);
  });

  test('has every setting that a statement depends on', async () => {
    await unsettle();
    const session = await MysqlSession.open({
      address: parseMysqlUrl(shop.db.url, 'url'),
      lockTimeoutMs: 1_234,
      statementTimeoutMs: 4_321,
    });
    const isolation = session.server.isMariaDb ? 'tx_isolation' : 'transaction_isolation';
    const names = ['sql_mode', 'time_zone', 'character_set_client', 'collation_connection', 'autocommit'];
    const rows = await session.read(
      `SELECT ${[...names, isolation, 'innodb_lock_wait_timeout', 'lock_wait_timeout', 'completion_type'].map((name) => `@@SESSION.${name}`).join(', ')}`,
    );
    expect(rows).toEqual([
      [
        'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
        '+00:00',
        'utf8mb4',
        'utf8mb4_bin',
        '1',
        'READ-COMMITTED',
        '2',
        '2',
        'NO_CHAIN',
      ],
    ]);
    await session.close();
  });
});

describe.each(engines)('$name: a row', (engine) => {
  const shop = useShop(engine);

  test.each([
    ['varchar(40) COLLATE utf8mb4_general_ci', 'Straße', ['STRASSE', 'strasse', 'Strase', 'Straße ']],
    ['varchar(40) COLLATE utf8mb4_bin', 'key', ['key ', 'KEY', 'key\u0000']],
    ['varchar(40) CHARACTER SET latin1', 'café', ['cafe', 'CAFÉ', 'café ']],
    ['varchar(40) CHARACTER SET utf8mb3', 'naïve', ['naive', 'naïve ']],
    ['char(10)', 'key', ['key ', 'KEY', 'key       ']],
    ['binary(16)', '61626364-6566-6768-696a-6b6c6d6e6f70', ['61626364-6566-6768-696a-6b6c6d6e6f71']],
    ['bigint unsigned', '18446744073709551615', ['-1', '9223372036854775807', '18446744073709551614']],
    ['int(5) zerofill', '42', ['43']],
    ['tinyint(1)', '1', ['2']],
  ])('named by a %s is found by its own name alone', async (type, name, others) => {
    const value = type === 'binary(16)' ? `X'${name.replaceAll('-', '')}'` : `'${name}'`;
    await shop.db.query(
      `CREATE TABLE named (id ${type} NOT NULL PRIMARY KEY, version int NOT NULL, body text)
        DEFAULT CHARACTER SET utf8mb4; INSERT INTO named VALUES (${value}, 1, 'old')`,
    );
    const database = shop.connect({ tables: { named: permission(['body']) } });
    const change = { table: shop.table('named'), tenant: undefined, columns: ['body'], expectedVersion: '1' };
    for (const other of others) {
      const outcome = await shop.run(
        { ...change, primaryKey: other, values: ['wrong'], idempotencyKey: `of ${other}` },
        { database },
      );
      expect([other, outcome]).toEqual([other, expect.objectContaining({ reason: 'ROW_NOT_FOUND' })]);
    }
    const own = { ...change, primaryKey: name, values: ['new'] };
    expect(await shop.run(own, { database })).toMatchObject({ kind: 'applied', resultVersion: '2' });
    expect(await shop.db.query('SELECT body FROM named')).toEqual([{ body: 'new' }]);
  });

  test.each(['latin1', 'utf8mb3', 'ascii'])(
    'is not named by a key that a column of %s cannot hold',
    async (characters) => {
      await shop.db.query(
        `CREATE TABLE named (id varchar(40) CHARACTER SET ${characters} PRIMARY KEY, version int NOT NULL, body text);
          INSERT INTO named VALUES ('?', 1, 'old')`,
      );
      const database = shop.connect({ tables: { named: permission(['body']) } });
      const change = {
        table: shop.table('named'),
        tenant: undefined,
        columns: ['body'],
        expectedVersion: '1',
      };
      expect(await shop.run({ ...change, primaryKey: '\u{1F9FE}', values: ['wrong'] }, { database })).toEqual(
        { kind: 'failed', code: 'VALUE_REJECTED' },
      );
      expect(await shop.db.query('SELECT body FROM named')).toEqual([{ body: 'old' }]);
      expect(await shop.receipts()).toEqual([]);
    },
  );

  test.each([
    ['int(5) zerofill', '7', '8'],
    ['bigint unsigned', '18446744073709551614', '18446744073709551615'],
    ['tinyint', '126', '127'],
  ])('whose version is a %s tells it as a number, and moves on by one', async (type, from, to) => {
    await shop.db.query(
      `CREATE TABLE counted (id int PRIMARY KEY, version ${type} NOT NULL, body text);
        INSERT INTO counted VALUES (1, ${from}, 'old')`,
    );
    const database = shop.connect({ tables: { counted: permission(['body']) } });
    const change = { table: shop.table('counted'), tenant: undefined, columns: ['body'], values: ['new'] };
    const of = (expectedVersion: string, idempotencyKey: string) =>
      shop.run({ ...change, primaryKey: '1', expectedVersion, idempotencyKey }, { database });
    expect(await of('1', 'a')).toMatchObject({ kind: 'conflict', resultVersion: from });
    expect(await of(from, 'b')).toMatchObject({ kind: 'applied', resultVersion: to });
  });

  test('in a table whose columns have become others is written as they now are', async () => {
    const database = shop.connect({ connections: 1 });
    const set = (column: string, value: string, expectedVersion: string) =>
      shop.run(
        { columns: [column], values: [value], expectedVersion, idempotencyKey: `to ${value}` },
        { database },
      );
    expect(await set('total', '1.2345', '7')).toMatchObject({ kind: 'applied' });
    expect(await set('total', '1.23456', '8')).toEqual({ kind: 'failed', code: 'VALUE_REJECTED' });
    await shop.db.query('ALTER TABLE invoices MODIFY total decimal(20, 5), MODIFY memo varchar(20)');
    expect(await set('total', '1.23456', '8')).toMatchObject({ kind: 'applied' });
    expect(await set('memo', 'more than before', '9')).toMatchObject({ kind: 'applied' });
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ total: '1.23456', memo: 'more than before' });
    await shop.db.query('ALTER TABLE invoices DROP COLUMN total');
    expect(await set('total', '1.3', '10')).toEqual({ kind: 'failed', code: 'SCHEMA_MISMATCH' });
  });

  test('of a table with the same name in capitals is another one', async () => {
    await shop.db.query('CREATE TABLE Invoices (id int PRIMARY KEY, late_fee_cents text, waiver_reason int)');
    expect(await shop.connect().check()).toEqual([]);
    expect(await shop.run()).toMatchObject({ kind: 'applied' });
  });

  test('is not changed by a trigger that counts rows of its own', async () => {
    await shop.db.query(
      `CREATE TRIGGER busy AFTER UPDATE ON invoices FOR EACH ROW
        BEGIN INSERT INTO audit VALUES ('a'), ('b'); DELETE FROM audit WHERE note = 'none'; END`,
    );
    expect(await shop.run()).toMatchObject({ kind: 'applied', resultVersion: '8' });
    expect(await shop.receipts()).toHaveLength(1);
  });
});

describe.each(engines)('$name: a session with an error', (engine) => {
  const shop = useShop(engine);

  test('is not used again, since a transaction may be open in it', async () => {
    const database = shop.connect({ connections: 1 });
    const refused = { values: ['-1', null], idempotencyKey: 'refused' };
    expect(await shop.run(refused, { database })).toEqual({ kind: 'failed', code: 'CONSTRAINT_VIOLATED' });
    const duplicate = { columns: ['code'], values: ['taken'], idempotencyKey: 'duplicate' };
    await shop.db.query(`UPDATE invoices SET code = 'taken' WHERE id = 'INV-2'`);
    expect(await shop.run(duplicate, { database })).toEqual({ kind: 'failed', code: 'CONSTRAINT_VIOLATED' });
    expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied', resultVersion: '8' });
    expect(await shop.receipts()).toHaveLength(1);
  });

  test('between its change and its receipt has left neither', async () => {
    await shop.db.query(
      `CREATE TRIGGER no_receipt BEFORE INSERT ON countersign_receipts FOR EACH ROW
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'full'`,
    );
    const database = shop.connect({ connections: 1 });
    expect(await shop.run({}, { database })).toEqual({ kind: 'failed', code: 'REFUSED_BY_TRIGGER' });
    await shop.db.query('DROP TRIGGER no_receipt');
    expect(await shop.invoice('INV-1', 'acme')).toMatchObject({ version: '7', late_fee_cents: '5500' });
    expect(await shop.run({}, { database })).toMatchObject({ kind: 'applied' });
  });
});
