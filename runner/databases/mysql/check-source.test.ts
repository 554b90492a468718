import { describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { type Shop, useShopAlone } from '../../../test/integration/engines/support/use-shop.ts';
// biome-ignore lint/plugin: as above
import { declareMissing, missingEngines, testEngines } from '../../../test/support/engines.ts';
import { receiptTableSql } from './receipts-sql.ts';

// Every test makes a database of its own, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });

const engines = (await testEngines()).filter(({ engine }) => engine === 'mysql');
declareMissing(test, await missingEngines());

const NOT_UNIQUE = 'id must be unique and NOT NULL, by itself or together with tenant_id alone';
const NO_KEY = 'idempotency_key must be the primary key, or unique, alone';

/** The faults of a shop, by table. */
async function faultsOf(shop: Shop, url = shop.db.url) {
  const faults = await shop.connect({ url }).check();
  return (table: string) => faults.filter(({ where }) => where === shop.table(table)).map(({ what }) => what);
}

describe.each(engines)('$name: a source', (engine) => {
  const shop = useShopAlone(engine);
  const isMariaDb = engine.name.startsWith('MariaDB');

  test('that is as configured has no fault', async () => {
    expect(await shop.connect().check()).toEqual([]);
  });

  test.each([
    [
      'countersign_receipts',
      'DROP TABLE countersign_receipts',
      'the receipt table does not exist, or the user has no right on it; `countersign-runner receipts-sql` prints what creates it',
    ],
    [
      'countersign_receipts',
      'ALTER TABLE countersign_receipts DROP COLUMN lease_id',
      'the receipt table has no column lease_id',
    ],
    ['countersign_receipts', 'ALTER TABLE countersign_receipts DROP PRIMARY KEY', NO_KEY],
    [
      'countersign_receipts',
      'ALTER TABLE countersign_receipts DROP PRIMARY KEY, ADD PRIMARY KEY (idempotency_key, attempt)',
      NO_KEY,
    ],
    [
      'countersign_receipts',
      'ALTER TABLE countersign_receipts DROP PRIMARY KEY, ADD UNIQUE (idempotency_key(20))',
      NO_KEY,
    ],
    [
      'countersign_receipts',
      'ALTER TABLE countersign_receipts DROP PRIMARY KEY, MODIFY idempotency_key varchar(400) NULL, ADD UNIQUE (idempotency_key)',
      'idempotency_key must be NOT NULL',
    ],
    [
      'countersign_receipts',
      'ALTER TABLE countersign_receipts DROP PRIMARY KEY, ENGINE = MyISAM',
      'must be stored by InnoDB, and is by MyISAM: only there a write can be taken back',
    ],
    [
      'countersign_receipts',
      'ALTER TABLE countersign_receipts MODIFY result_hash varchar(80) NULL',
      'result_hash must be NOT NULL',
    ],
    ['invoices', 'DROP TABLE invoices', 'the table does not exist, or the user has no right on it'],
    [
      'invoices',
      'RENAME TABLE invoices TO Invoices',
      'the table does not exist, or the user has no right on it',
    ],
    [
      'invoices',
      'ALTER TABLE invoices ENGINE = MyISAM',
      'must be stored by InnoDB, and is by MyISAM: only there a write can be taken back',
    ],
    [
      'invoices',
      'RENAME TABLE invoices TO real_invoices; CREATE VIEW invoices AS SELECT * FROM real_invoices',
      'must be a table, not a view',
    ],
    [
      'invoices',
      'ALTER TABLE invoices DROP COLUMN waiver_reason',
      'there is no column waiver_reason, or the user has no right on it',
    ],
    [
      'invoices',
      'ALTER TABLE invoices DROP COLUMN version',
      'there is no column version, or the user has no right on it',
    ],
    ['invoices', 'ALTER TABLE invoices DROP PRIMARY KEY', NOT_UNIQUE],
    [
      'invoices',
      'ALTER TABLE invoices DROP PRIMARY KEY, ADD PRIMARY KEY (tenant_id, id, version)',
      NOT_UNIQUE,
    ],
    ['invoices', 'ALTER TABLE invoices DROP PRIMARY KEY, ADD UNIQUE (tenant_id, id(5))', NOT_UNIQUE],
    ['invoices', 'ALTER TABLE invoices DROP PRIMARY KEY, ADD KEY (id)', NOT_UNIQUE],
    [
      'invoices',
      'ALTER TABLE invoices DROP PRIMARY KEY, MODIFY id varchar(40) NULL, ADD UNIQUE (tenant_id, id)',
      NOT_UNIQUE,
    ],
    [
      'invoices',
      'ALTER TABLE invoices MODIFY version bigint NULL',
      'version column version must be NOT NULL',
    ],
    [
      'invoices',
      'ALTER TABLE invoices MODIFY version varchar(20) NOT NULL',
      'version column version must be an integer',
    ],
    [
      'invoices',
      'ALTER TABLE invoices MODIFY version decimal(20) NOT NULL',
      'version column version must be an integer',
    ],
    [
      'invoices',
      'TRUNCATE TABLE invoices; ALTER TABLE invoices DROP COLUMN total, ADD COLUMN total decimal(20, 4) AS (version * 2) STORED',
      'column total is generated and cannot be written',
    ],
    [
      'invoices',
      'ALTER TABLE invoices DROP COLUMN total, ADD COLUMN total decimal(20, 4) AS (version * 2) VIRTUAL',
      'column total is generated and cannot be written',
    ],
    [
      'invoices',
      'ALTER TABLE invoices MODIFY memo blob',
      'column memo: values of type blob cannot be written exactly',
    ],
    [
      'invoices',
      'ALTER TABLE invoices MODIFY memo bit(8)',
      'column memo: values of type bit(8) cannot be written exactly',
    ],
    [
      'invoices',
      'ALTER TABLE invoices MODIFY id varbinary(40) NOT NULL',
      'column id of type varbinary(40) cannot name a row: integers, char, varchar, uuid and binary(16) can',
    ],
    [
      'invoices',
      'TRUNCATE TABLE invoices; ALTER TABLE invoices MODIFY tenant_id decimal(9, 2) NOT NULL',
      'column tenant_id of type decimal(9,2) cannot name a row: integers, char, varchar, uuid and binary(16) can',
    ],
    [
      'notes',
      'ALTER TABLE notes MODIFY changed_at timestamp(3) NOT NULL',
      'version column changed_at must have the full precision of microseconds: timestamp(6)',
    ],
    [
      'local_notes',
      'ALTER TABLE local_notes MODIFY changed_at datetime NOT NULL',
      'version column changed_at must have the full precision of microseconds: datetime(6)',
    ],
    [
      'local_notes',
      'ALTER TABLE local_notes MODIFY changed_at date NOT NULL',
      'version column changed_at must be a datetime or timestamp',
    ],
    ['notes', 'ALTER TABLE notes DROP PRIMARY KEY', 'id must be unique and NOT NULL'],
  ])('(%s) after %s is refused', async (table, sql, what) => {
    await shop.db.query(sql);
    expect((await faultsOf(shop))(table)).toContainEqual(what);
  });

  if (!isMariaDb) {
    test('with a unique key over an expression only is refused', async () => {
      await shop.db.query('ALTER TABLE invoices DROP PRIMARY KEY, ADD UNIQUE ((lower(id)), tenant_id)');
      expect((await faultsOf(shop))('invoices')).toContainEqual(NOT_UNIQUE);
    });
  }

  test.each([
    'ALTER TABLE invoices DROP PRIMARY KEY, ADD UNIQUE (id, tenant_id)',
    'ALTER TABLE invoices MODIFY version bigint unsigned NOT NULL',
    'ALTER TABLE invoices MODIFY id char(36) NOT NULL',
    'ALTER TABLE invoices ADD COLUMN touched timestamp NULL DEFAULT CURRENT_TIMESTAMP',
    `ALTER TABLE invoices MODIFY memo enum('a', 'b')`,
    'DROP TABLE notes; CREATE TABLE notes (id int PRIMARY KEY, body text, changed_at datetime(6) NOT NULL) PARTITION BY HASH (id) PARTITIONS 2',
    'CREATE TABLE Invoices (id int, version text)',
    'ALTER TABLE countersign_receipts ADD COLUMN note text',
  ])('after %s is as good', async (sql) => {
    await shop.db.query(sql);
    expect(await shop.connect().check()).toEqual([]);
  });

  test('on which the user lacks rights is refused with each of them', async () => {
    const url = await shop.urlOfUser(
      'SELECT (id, tenant_id), UPDATE (version) ON invoices',
      'SELECT ON notes',
      'SELECT, UPDATE ON local_notes',
      'SELECT ON countersign_receipts',
    );
    const of = await faultsOf(shop, url);
    expect(of('invoices')).toEqual([
      'SELECT on column version is needed',
      ...['late_fee_cents', 'waiver_reason', 'memo', 'code', 'paid', 'total'].map(
        (column) => `there is no column ${column}, or the user has no right on it`,
      ),
    ]);
    expect(of('notes')).toEqual(['UPDATE on column body is needed', 'UPDATE on column changed_at is needed']);
    expect(of('local_notes')).toEqual([]);
    expect(of('countersign_receipts')).toContain('SELECT and INSERT on column idempotency_key are needed');
  });

  test('that logs statements where they must be rows is refused', async () => {
    const [row] = await shop.db.query('SELECT @@GLOBAL.log_bin AS log');
    expect(row).toEqual({ log: '0' });
    await shop.db.query(`SET GLOBAL binlog_format = 'STATEMENT'`);
    expect(await shop.connect().check()).toEqual([]);
    await shop.db.query(`SET GLOBAL binlog_format = 'ROW'`);
  });

  test('that cannot be reached is not judged', async () => {
    const nowhere = shop.connect({ url: 'mysql://nobody:nothing@127.0.0.1:1/none' });
    await expect(nowhere.check()).rejects.toMatchObject({ code: 'cannot_connect' });
  });

  test('may have its receipt table made twice', async () => {
    await shop.db.query(receiptTableSql(shop.db.name, 'countersign_receipts'));
    expect(await shop.connect().check()).toEqual([]);
  });

  test('whose receipts are refused has that found by a rehearsal', async () => {
    const database = shop.connect();
    expect(await database.rehearseReceipt()).toEqual([]);
    await shop.db.query('ALTER TABLE countersign_receipts ADD CONSTRAINT none CHECK (attempt > 1)');
    expect((await database.rehearseReceipt()).map(({ what }) => what)).toEqual([
      expect.stringContaining(`a receipt cannot be written (error ${isMariaDb ? 4025 : 3819})`),
    ]);
    expect(await shop.receipts()).toEqual([]);
  });
});
