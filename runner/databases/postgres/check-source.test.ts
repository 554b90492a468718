import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { PostgresServer, type TestDatabase } from '../../../test/support/postgres-server.ts';
import type { SourceConfig } from '../../config/runner-config.ts';
import { sampleConfig } from '../../verify/sample-job.ts';
import { connectDatabase } from '../connect-database.ts';
import { SessionPool } from '../session-pool.ts';
import { Connection } from './connection.ts';
import { receiptTableSql } from './receipts-sql.ts';

const sample = sampleConfig.sources.src_shop;
if (sample === undefined) throw new Error('the sample has no source');
const config: SourceConfig = sample;

const shopSql = `
  CREATE TABLE invoices (
    id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL,
    late_fee_cents integer, waiver_reason text, created_by text, PRIMARY KEY (tenant_id, id));
  CREATE TABLE settings (id integer PRIMARY KEY, value text, updated_at timestamptz NOT NULL);
  ${receiptTableSql('public', 'countersign_receipts')};
`;

// Every test makes a database of its own, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });

let server: PostgresServer;
let db: TestDatabase;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await PostgresServer.start();
  await server.template('shop', shopSql);
}, 60_000);

afterAll(() => server?.stop(), 30_000);

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  await db.drop();
});

function check(url = db.url) {
  const database = connectDatabase(config, url);
  opened.push(database);
  return database.check();
}

describe('a source', () => {
  test('that is as configured has no fault', async () => {
    db = await server.clone('shop');
    expect(await check()).toEqual([]);
  });

  const invoices = 'public.invoices';
  const settings = 'public.settings';
  const receipts = 'public.countersign_receipts';
  test.each([
    [
      'DROP TABLE countersign_receipts',
      receipts,
      'the receipt table does not exist; `countersign-runner receipts-sql` prints what creates it',
    ],
    [
      'ALTER TABLE countersign_receipts DROP COLUMN lease_id',
      receipts,
      'the receipt table has no column lease_id',
    ],
    [
      'ALTER TABLE countersign_receipts DROP CONSTRAINT countersign_receipts_pkey',
      receipts,
      'idempotency_key must be the primary key, or unique, alone',
    ],
    [
      'ALTER TABLE countersign_receipts DROP CONSTRAINT countersign_receipts_pkey, ADD PRIMARY KEY (idempotency_key, attempt)',
      receipts,
      'idempotency_key must be the primary key, or unique, alone',
    ],
    [
      'ALTER TABLE countersign_receipts DROP CONSTRAINT countersign_version_advanced',
      receipts,
      'the constraint countersign_version_advanced is missing',
    ],
    ['DROP TABLE invoices', invoices, 'the table does not exist, or its schema is not visible'],
    ['ALTER TABLE invoices DROP COLUMN waiver_reason', invoices, 'there is no column waiver_reason'],
    ['ALTER TABLE invoices DROP COLUMN version', invoices, 'there is no column version'],
    [
      'ALTER TABLE invoices DROP CONSTRAINT invoices_pkey',
      invoices,
      'id must be unique by itself or together with tenant_id alone',
    ],
    [
      'ALTER TABLE invoices DROP CONSTRAINT invoices_pkey, ADD PRIMARY KEY (tenant_id, id, version)',
      invoices,
      'id must be unique by itself or together with tenant_id alone',
    ],
    [
      'ALTER TABLE invoices DROP CONSTRAINT invoices_pkey; CREATE UNIQUE INDEX ON invoices (id) WHERE version > 1',
      invoices,
      'id must be unique by itself or together with tenant_id alone',
    ],
    [
      'ALTER TABLE invoices DROP CONSTRAINT invoices_pkey; CREATE UNIQUE INDEX ON invoices (lower(id))',
      invoices,
      'id must be unique by itself or together with tenant_id alone',
    ],
    [
      'ALTER TABLE invoices DROP CONSTRAINT invoices_pkey; CREATE INDEX ON invoices (id)',
      invoices,
      'id must be unique by itself or together with tenant_id alone',
    ],
    [
      'ALTER TABLE invoices ALTER COLUMN version DROP NOT NULL',
      invoices,
      'version column version must be NOT NULL',
    ],
    [
      'ALTER TABLE invoices ALTER COLUMN version TYPE text',
      invoices,
      'version column version must be smallint, integer or bigint',
    ],
    [
      'ALTER TABLE invoices DROP COLUMN late_fee_cents; ALTER TABLE invoices ADD COLUMN late_fee_cents bigint GENERATED ALWAYS AS (version * 2) STORED',
      invoices,
      'column late_fee_cents is generated and cannot be written',
    ],
    [
      'ALTER TABLE invoices RENAME TO real_invoices; CREATE VIEW invoices AS SELECT * FROM real_invoices',
      invoices,
      'must be a table, not a view',
    ],
    ['ALTER TABLE settings DROP CONSTRAINT settings_pkey', settings, 'id must be unique'],
    [
      'ALTER TABLE settings ALTER COLUMN updated_at TYPE timestamptz(3)',
      settings,
      'version column updated_at must have the full precision of microseconds',
    ],
    [
      'ALTER TABLE settings ALTER COLUMN updated_at TYPE timestamp(0)',
      settings,
      'version column updated_at must have the full precision of microseconds',
    ],
    [
      'ALTER TABLE settings ALTER COLUMN updated_at TYPE date',
      settings,
      'version column updated_at must be a timestamp',
    ],
  ])('after %s is refused', async (sql, where, what) => {
    db = await server.clone('shop');
    await db.query(sql);
    expect(await check()).toContainEqual({ where, what });
  });

  test.each([
    'ALTER TABLE invoices DROP CONSTRAINT invoices_pkey; CREATE UNIQUE INDEX ON invoices (id) INCLUDE (version)',
    'ALTER TABLE settings ALTER COLUMN updated_at TYPE timestamp(6)',
    'ALTER TABLE invoices ALTER COLUMN version TYPE smallint',
    'DROP TABLE settings; CREATE TABLE settings (id int PRIMARY KEY, value text, updated_at timestamptz NOT NULL) PARTITION BY HASH (id); CREATE TABLE settings_0 PARTITION OF settings FOR VALUES WITH (MODULUS 1, REMAINDER 0)',
  ])('after %s is as good', async (sql) => {
    db = await server.clone('shop');
    await db.query(sql);
    expect(await check()).toEqual([]);
  });

  test('on which a rule forbids such a statement is refused', async () => {
    db = await server.clone('shop');
    await db.query('CREATE RULE redirect AS ON UPDATE TO settings DO INSTEAD NOTHING');
    expect(await check()).toEqual([
      { where: 'public.settings', what: 'the guarded write cannot be prepared (SQLSTATE 0A000)' },
    ]);
  });

  test('on which the role lacks rights is refused with each of them', async () => {
    db = await server.clone('shop');
    const role = `poor_${db.name}`;
    await db.query(`CREATE ROLE ${role} LOGIN PASSWORD 'poor'`);
    await db.query(`GRANT SELECT (id, tenant_id), UPDATE (version) ON invoices TO ${role}`);
    await db.query(`GRANT SELECT, UPDATE ON settings TO ${role}`);
    await db.query(`GRANT SELECT ON countersign_receipts TO ${role}`);
    const faults = await check(server.url(db.name, { role, password: 'poor' }));
    const of = (table: string) => faults.filter(({ where }) => where === table).map(({ what }) => what);
    expect(of('public.invoices')).toEqual([
      'SELECT on column version is needed',
      'UPDATE on column late_fee_cents is needed',
      'UPDATE on column waiver_reason is needed',
    ]);
    expect(of('public.settings')).toEqual([]);
    expect(of('public.countersign_receipts')).toContain(
      'SELECT and INSERT on column idempotency_key are needed',
    );
    await db.query(`DROP OWNED BY ${role}`);
  });

  test.each([['settings'], ['countersign_receipts']])(
    'whose table %s hides rows from the role is refused, and not for who sees them',
    async (table) => {
      db = await server.clone('shop');
      const role = `bound_${db.name}`;
      await db.query(`CREATE ROLE ${role} LOGIN PASSWORD 'bound'`);
      await db.query(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${role}`);
      const url = server.url(db.name, { role, password: 'bound' });
      expect(await check(url)).toEqual([]);
      await db.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await db.query(`CREATE POLICY nothing ON ${table} TO ${role} USING (false)`);
      expect(await check(url)).toEqual([
        {
          where: `public.${table}`,
          what: expect.stringMatching(/^row-level security is active for this role: .*; ALTER TABLE/),
        },
      ]);
      await db.query(`ALTER ROLE ${role} BYPASSRLS`);
      expect(await check(url)).toEqual([]);
      await db.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    },
  );

  test.each([
    ['invoices', 'id'],
    ['invoices', 'tenant_id'],
    ['countersign_receipts', 'idempotency_key'],
  ])(
    'whose rows of %s go by a collation of %s that takes one name for another is refused',
    async (table, column) => {
      db = await server.clone('shop');
      await db.query(
        `CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
      );
      await db.query(`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE text COLLATE loose`);
      expect(await check()).toEqual([
        {
          where: `public.${table}`,
          what: expect.stringContaining(`column ${column} has a nondeterministic collation`),
        },
      ]);
    },
  );

  test('whose authority cannot be read any more is not there, and there again with it', async () => {
    db = await server.clone('shop');
    const folder = await mkdtemp(join(tmpdir(), 'countersign-authority-'));
    const authority = join(folder, 'ca.pem');
    await writeFile(authority, 'a certificate');
    const database = connectDatabase(config, `${db.url}?sslmode=disable&sslrootcert=${authority}`);
    opened.push(database);
    await rm(authority);
    await expect(database.check()).rejects.toMatchObject({ code: 'cannot_connect' });
    await writeFile(authority, 'a certificate');
    expect(await database.check()).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('that cannot be reached is not judged', async () => {
    db = await server.clone('shop');
    await expect(check('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
      code: 'cannot_connect',
    });
  });

  test('may have its receipt table made twice', async () => {
    db = await server.clone('shop');
    await db.query(receiptTableSql('public', 'countersign_receipts'));
    expect(await check()).toEqual([]);
  });
});

describe('the pool', () => {
  const receipts = 'public.countersign_receipts';
  const open = (most: number, url = db.url) => {
    const options = { databaseUrl: url, lockTimeoutMs: 1_000, statementTimeoutMs: 1_000, receipts };
    const pool = new SessionPool(() => Connection.open(options), most);
    opened.push(pool);
    return pool;
  };
  const sessions = async () => {
    const [row] = await db.query(
      `SELECT count(*) AS n FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'countersign-runner'`,
    );
    return Number(row?.n);
  };

  test('opens no more sessions than it may, and hands them on', async () => {
    db = await server.clone('shop');
    const pool = open(2);
    const first = await pool.acquire();
    const second = await pool.acquire();
    let isServed = false;
    const third = pool.acquire().then((connection) => {
      isServed = true;
      return connection;
    });
    await first.run('SELECT 1');
    expect(isServed).toBe(false);
    expect(await sessions()).toBe(2);
    pool.release(first);
    expect(await third).toBe(first);
    pool.release(first);
    pool.release(second);
  });

  test('replaces a session that broke, also for whoever waits', async () => {
    db = await server.clone('shop');
    const pool = open(1);
    const first = await pool.acquire();
    const waiting = pool.acquire();
    first.destroy();
    pool.release(first);
    const second = await waiting;
    expect(second).not.toBe(first);
    expect(second.isUsable).toBe(true);
    pool.release(second);
  });

  test('does not hand out an idle session that the server has ended', async () => {
    db = await server.clone('shop');
    const pool = open(1);
    const first = await pool.acquire();
    pool.release(first);
    await db.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'countersign-runner'`);
    while (first.isUsable) await new Promise(setImmediate);
    const second = await pool.acquire();
    expect(second).not.toBe(first);
    await second.run('SELECT 1');
    pool.release(second);
  });

  test('rejects each who waits for a database that is away, and serves the next when it is back', async () => {
    db = await server.clone('shop');
    const pool = open(2);
    await server.crash();
    const results = await Promise.allSettled([pool.acquire(), pool.acquire(), pool.acquire()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await server.restart();
    const connection = await pool.acquire();
    await connection.run('SELECT 1');
    pool.release(connection);
  });

  test('has the server end a transaction whose other end has gone silent', async () => {
    db = await server.clone('shop');
    const options = { databaseUrl: db.url, lockTimeoutMs: 1_000, statementTimeoutMs: 1_000, receipts };
    const session = await Connection.open(options);
    const [row] = await session.execute(
      { name: undefined, text: `SELECT current_setting('idle_in_transaction_session_timeout')` },
      [],
    );
    expect(row).toEqual(['6s']);
    await session.run(`SET idle_in_transaction_session_timeout = 1; BEGIN; LOCK TABLE settings`);
    await db.query(`UPDATE settings SET value = 'x'`);
    await vi.waitFor(() => expect(session.isUsable).toBe(false));
    await session.close();
  });

  test('that was closed opens nothing', async () => {
    db = await server.clone('shop');
    const pool = open(1);
    const connection = await pool.acquire();
    await pool.close();
    pool.release(connection);
    expect(connection.isUsable).toBe(false);
    await expect(pool.acquire()).rejects.toMatchObject({ code: 'cannot_connect' });
  });
});
