import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { PostgresServer, type TestDatabase } from '../../../test/support/postgres-server.ts';
// biome-ignore lint/plugin: as above
import { TcpProxy } from '../../../test/support/tcp-proxy.ts';
import type { TablePermission } from '../../config/runner-config.ts';
import type { AttemptFacts, WritePlan } from '../../verify/write-plan.ts';
import { apply } from '../apply.ts';
import { receiptHash } from '../receipt.ts';
import { SessionPool } from '../session-pool.ts';
import type { Authority, Outcome } from '../source-database.ts';
import { Connection } from './connection.ts';
import { PostgresTableWriter } from './postgres-table-writer.ts';
import { receiptTableSql } from './receipts-sql.ts';

const shopSql = `
  CREATE TABLE invoices (
    id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL,
    late_fee_cents integer NOT NULL CHECK (late_fee_cents >= 0),
    waiver_reason text, memo varchar(10), code text UNIQUE, paid boolean, total numeric(20, 4),
    PRIMARY KEY (tenant_id, id));
  INSERT INTO invoices (id, tenant_id, version, late_fee_cents, waiver_reason) VALUES
    ('INV-1', 'acme', 7, 5500, 'none'), ('INV-1', 'globex', 7, 5500, 'none'),
    ('INV-2', 'acme', 9007199254740993, 100, NULL);
  CREATE TABLE notes (id integer PRIMARY KEY, body text, changed_at timestamptz NOT NULL);
  INSERT INTO notes VALUES (1, 'old', '2020-02-29 12:00:00.123456+00'), (2, 'old', '2999-01-01 00:00:00.000001+00');
  CREATE TABLE local_notes (id integer PRIMARY KEY, body text, changed_at timestamp NOT NULL);
  INSERT INTO local_notes VALUES (1, 'old', '2020-02-29 12:00:00.123456'), (2, 'old', '2999-01-01 00:00:00.000001');
  ${receiptTableSql('public', 'countersign_receipts')};
`;

const invoices: TablePermission = {
  primary_key: 'id',
  tenant: { column: 'tenant_id' },
  version: { column: 'version', advance: 'integer' },
  columns: ['late_fee_cents', 'waiver_reason', 'memo', 'code', 'paid', 'total'],
  protected_columns: [],
};
const notes: TablePermission = {
  primary_key: 'id',
  tenant: { single_tenant: true },
  version: { column: 'changed_at', advance: 'timestamp' },
  columns: ['body'],
  protected_columns: [],
};
const receipts = { schema: 'public', table: 'countersign_receipts' };

const waive: WritePlan = {
  table: 'public.invoices',
  primaryKey: 'INV-1',
  tenant: 'acme',
  expectedVersion: '7',
  columns: ['late_fee_cents', 'waiver_reason'],
  values: ['0', 'goodwill'],
  idempotencyKey: 'wrp_1:INV-1',
  jobId: 'wbj_wrp_1',
  proposalId: 'wrp_1',
  proposalHash: 'sha256:one',
};
const facts: AttemptFacts = { attempt: 1, leaseId: 'lse_1', runnerId: 'runner-1' };
const always: Authority = { holds: () => true, regain: () => Promise.resolve(true) };

// Every test makes a database of its own, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });

let server: PostgresServer;
let db: TestDatabase;
const pools: SessionPool<Connection>[] = [];
const proxies: TcpProxy[] = [];

beforeAll(async () => {
  server = await PostgresServer.start();
  await server.template('shop', shopSql);
}, 60_000);

afterAll(() => server?.stop(), 30_000);

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
  await db.drop();
});

function open(
  url: string,
  { most = 4, lockTimeoutMs = 5_000, statementTimeoutMs = 8_000 } = {},
): SessionPool<Connection> {
  const pool = new SessionPool(
    () =>
      Connection.open({
        databaseUrl: url,
        lockTimeoutMs,
        statementTimeoutMs,
        receipts: 'public.countersign_receipts',
      }),
    most,
  );
  pools.push(pool);
  return pool;
}

function statementsOf(name: string, permission: TablePermission): PostgresTableWriter {
  return new PostgresTableWriter({ name, permission, receipts });
}

interface Run {
  readonly pool?: SessionPool<Connection>;
  readonly statements?: PostgresTableWriter;
  readonly authority?: Authority;
  readonly giveUp?: AbortSignal;
}

function run(plan: WritePlan, options: Run = {}): Promise<Outcome> {
  const {
    pool = open(db.url),
    statements = statementsOf('public.invoices', invoices),
    authority = always,
    giveUp = new AbortController().signal,
  } = options;
  return apply({ pool, writer: statements }, { plan, facts }, { authority, giveUp });
}

async function invoice(id: string, tenant: string) {
  const rows = await db.query('SELECT * FROM invoices WHERE id = $1 AND tenant_id = $2', [id, tenant]);
  return rows[0];
}

const allReceipts = () => db.query('SELECT * FROM countersign_receipts ORDER BY idempotency_key');

/** Waits until that many sessions of the runner stand before a lock. */
async function untilBlocked(count: number): Promise<void> {
  for (;;) {
    const [row] = await db.query(
      `SELECT count(*) AS blocked FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'countersign-runner' AND wait_event_type = 'Lock'`,
    );
    if (Number(row?.blocked) >= count) return;
    await sleep(5);
  }
}

async function proxied(): Promise<{ proxy: TcpProxy; url: string }> {
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
  proxies.push(proxy);
  return { proxy, url: server.url(db.name, { port: proxy.port }) };
}

describe('a write', () => {
  test('changes the row and leaves a receipt in one commit', async () => {
    db = await server.clone('shop');
    const outcome = await run(waive);
    const hash = receiptHash('wbj_wrp_1', 'applied', '8');
    expect(outcome).toEqual({ kind: 'applied', resultVersion: '8', resultHash: hash });
    expect(await invoice('INV-1', 'acme')).toMatchObject({
      late_fee_cents: '0',
      waiver_reason: 'goodwill',
      version: '8',
    });
    const [receipt, ...others] = await allReceipts();
    expect(others).toEqual([]);
    expect(receipt).toMatchObject({
      idempotency_key: 'wrp_1:INV-1',
      job_id: 'wbj_wrp_1',
      proposal_id: 'wrp_1',
      proposal_hash: 'sha256:one',
      target_table: 'public.invoices',
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
    const [same] = await db.query(
      `SELECT (SELECT xmin::text FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme') =
              (SELECT xmin::text FROM countersign_receipts) AS one_transaction`,
    );
    expect(same).toEqual({ one_transaction: 't' });
  });

  test('leaves the row of another tenant with the same key alone', async () => {
    db = await server.clone('shop');
    const before = await invoice('INV-1', 'globex');
    await run(waive);
    expect(await invoice('INV-1', 'globex')).toEqual(before);
    const foreign = await run({ ...waive, primaryKey: 'INV-2', tenant: 'globex', idempotencyKey: 'k2' });
    expect(foreign).toMatchObject({ kind: 'conflict', reason: 'ROW_NOT_FOUND', resultVersion: undefined });
    expect(await invoice('INV-2', 'acme')).toMatchObject({
      late_fee_cents: '100',
      version: '9007199254740993',
    });
  });

  test('done again gives the same receipt and changes nothing', async () => {
    db = await server.clone('shop');
    const first = await run(waive);
    const row = await invoice('INV-1', 'acme');
    const again = await run(waive);
    expect(again).toEqual({ ...first, kind: 'already_applied' });
    expect(await invoice('INV-1', 'acme')).toEqual(row);
    expect(await allReceipts()).toHaveLength(1);
  });

  test('gives the same receipt also after somebody set the version back', async () => {
    db = await server.clone('shop');
    const first = await run(waive);
    await db.query(
      `UPDATE invoices SET version = 7, late_fee_cents = 42 WHERE id = 'INV-1' AND tenant_id = 'acme'`,
    );
    expect(await run(waive)).toEqual({ ...first, kind: 'already_applied' });
    expect(await invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '42', version: '7' });
  });

  test('tried by fifty at once happens once', async () => {
    db = await server.clone('shop');
    const pool = open(db.url, { most: 16 });
    const statements = statementsOf('public.invoices', invoices);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => run(waive, { pool, statements })));
    const hash = receiptHash('wbj_wrp_1', 'applied', '8');
    expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'already_applied')).toHaveLength(49);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ resultVersion: '8', resultHash: hash });
    expect(await invoice('INV-1', 'acme')).toMatchObject({ version: '8' });
    expect(await allReceipts()).toHaveLength(1);
  });

  test('of fifty different plans for one version, one is applied and the others conflict', async () => {
    db = await server.clone('shop');
    const pool = open(db.url, { most: 16 });
    const statements = statementsOf('public.invoices', invoices);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => {
        const plan = { ...waive, idempotencyKey: `k${i}`, jobId: `j${i}`, values: [String(i), null] };
        return run(plan, { pool, statements });
      }),
    );
    expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'conflict')).toHaveLength(49);
    expect(await invoice('INV-1', 'acme')).toMatchObject({ version: '8' });
    expect(await allReceipts()).toHaveLength(50);
  });
});

describe('a conflict', () => {
  test('is recorded, and stays the answer even when the row comes back to the expected version', async () => {
    db = await server.clone('shop');
    await db.query(`UPDATE invoices SET version = 12 WHERE id = 'INV-1' AND tenant_id = 'acme'`);
    const first = await run(waive);
    const resultHash = receiptHash('wbj_wrp_1', 'conflict', '12');
    expect(first).toEqual({ kind: 'conflict', reason: 'VERSION_CONFLICT', resultVersion: '12', resultHash });
    await db.query(`UPDATE invoices SET version = 7 WHERE id = 'INV-1' AND tenant_id = 'acme'`);
    expect(await run(waive)).toEqual(first);
    expect(await invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '5500', version: '7' });
    const rows = await allReceipts();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      status: 'conflict',
      reason: 'VERSION_CONFLICT',
      affected_rows: '0',
      result_hash: resultHash,
    });
  });

  test('with a row that is gone has a hash without a version', async () => {
    db = await server.clone('shop');
    const gone = { ...waive, primaryKey: 'INV-404' };
    const resultHash = receiptHash('wbj_wrp_1', 'conflict', undefined);
    const conflict = { kind: 'conflict', reason: 'ROW_NOT_FOUND', resultVersion: undefined, resultHash };
    expect(await run(gone)).toEqual(conflict);
    expect(await run(gone)).toEqual(conflict);
  });
});

describe('an attempt that is in doubt', () => {
  test.each([
    ['commits', 'COMMIT', 'already_applied'],
    ['rolls back', 'ROLLBACK', 'applied'],
  ])('blocks the next one until it %s', async (_name, end, expected) => {
    db = await server.clone('shop');
    const first = await db.session();
    await first.query('BEGIN');
    await first.query(`UPDATE invoices SET late_fee_cents = 0, waiver_reason = 'goodwill', version = version + 1
      WHERE id = 'INV-1' AND tenant_id = 'acme' AND version = 7`);
    await first.query(
      `INSERT INTO countersign_receipts VALUES ('wrp_1:INV-1', 'wbj_wrp_1', 'wrp_1', 'sha256:one',
        'public.invoices', 'INV-1', 'applied', NULL, 1, '8', $1, 1, 'lse_0', 'runner-0')`,
      [receiptHash('wbj_wrp_1', 'applied', '8')],
    );
    const second = run(waive);
    await untilBlocked(1);
    await first.query(end);
    expect(await second).toEqual({
      kind: expected,
      resultVersion: '8',
      resultHash: receiptHash('wbj_wrp_1', 'applied', '8'),
    });
    expect(await invoice('INV-1', 'acme')).toMatchObject({ version: '8', late_fee_cents: '0' });
    expect(await allReceipts()).toHaveLength(1);
  });

  test.each([
    ['commits', 'COMMIT', { kind: 'already_applied', resultVersion: '8' }],
    ['rolls back', 'ROLLBACK', { kind: 'conflict', reason: 'VERSION_CONFLICT' }],
  ])(
    'whose receipt is not visible yet when a conflict is recorded decides it as it %s',
    async (_name, end, expected) => {
      db = await server.clone('shop');
      await db.query(`UPDATE invoices SET version = 8 WHERE id = 'INV-1' AND tenant_id = 'acme'`);
      const first = await db.session();
      await first.query('BEGIN');
      await first.query(
        `INSERT INTO countersign_receipts VALUES ('wrp_1:INV-1', 'wbj_wrp_1', 'wrp_1', 'sha256:one',
        'public.invoices', 'INV-1', 'applied', NULL, 1, '8', $1, 1, 'lse_0', 'runner-0')`,
        [receiptHash('wbj_wrp_1', 'applied', '8')],
      );
      const second = run(waive);
      await untilBlocked(1);
      await first.query(end);
      expect(await second).toMatchObject(expected);
      expect(await allReceipts()).toHaveLength(1);
    },
  );

  test('by a connection that was cut after the commit is found to be applied', async () => {
    db = await server.clone('shop');
    const { proxy, url } = await proxied();
    const pool = open(url, { most: 1 });
    const statements = statementsOf('public.invoices', invoices);
    await run({ ...waive, primaryKey: 'warm up', idempotencyKey: 'warm' }, { pool, statements });
    const cut = proxy.cutNextAnswer();
    const outcome = run(waive, { pool, statements });
    await cut;
    expect(await outcome).toMatchObject({ kind: 'already_applied', resultVersion: '8' });
    expect(await invoice('INV-1', 'acme')).toMatchObject({ version: '8' });
  });

  test('is waited for while the database is away, and read even after the lease is gone', async () => {
    db = await server.clone('shop');
    const { proxy, url } = await proxied();
    const pool = open(url, { most: 1 });
    const statements = statementsOf('public.invoices', invoices);
    await run({ ...waive, primaryKey: 'warm up', idempotencyKey: 'warm' }, { pool, statements });
    let isHeld = true;
    const authority: Authority = { holds: () => isHeld, regain: () => Promise.resolve(false) };
    const cut = proxy.cutNextAnswer();
    const outcome = run(waive, { pool, statements, authority });
    await cut;
    isHeld = false;
    expect(await outcome).toMatchObject({ kind: 'already_applied', resultVersion: '8' });
  });

  test('is unknown, and nothing else, when the database stays away until the runner gives up', async () => {
    db = await server.clone('shop');
    const { proxy, url } = await proxied();
    const pool = open(url, { most: 1 });
    const statements = statementsOf('public.invoices', invoices);
    await run({ ...waive, primaryKey: 'warm up', idempotencyKey: 'warm' }, { pool, statements });
    const giveUp = new AbortController();
    const cut = proxy.cutNextAnswer();
    const outcome = run(waive, { pool, statements, giveUp: giveUp.signal });
    proxy.refuse(true);
    await cut;
    giveUp.abort();
    expect(await outcome).toEqual({ kind: 'unknown' });
    expect(await run(waive)).toMatchObject({ kind: 'already_applied' });
  });

  test('is never failed by what a later try meets', async () => {
    db = await server.clone('shop');
    const { proxy, url } = await proxied();
    const pool = open(url, { most: 1 });
    const statements = statementsOf('public.invoices', invoices);
    await run({ ...waive, primaryKey: 'warm up', idempotencyKey: 'warm' }, { pool, statements });
    const cut = proxy.cutNextAnswer();
    const outcome = run({ ...waive, values: ['-1', null] }, { pool, statements });
    await cut;
    expect(await outcome).toEqual({ kind: 'unknown' });
  });

  test('by a session that the server ended is resolved on another one', async () => {
    db = await server.clone('shop');
    const blocker = await db.session();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme' FOR UPDATE`);
    const outcome = run(waive);
    await untilBlocked(1);
    await db.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'countersign-runner'`);
    await blocker.query('COMMIT');
    expect(await outcome).toMatchObject({ kind: 'applied', resultVersion: '8' });
    expect(await allReceipts()).toHaveLength(1);
  });

  test('on a line that went dead is given up after the deadline and resolved on a fresh one', async () => {
    db = await server.clone('shop');
    const { proxy, url } = await proxied();
    const pool = open(url, { most: 1, statementTimeoutMs: 100 });
    const statements = statementsOf('public.invoices', invoices);
    await run({ ...waive, primaryKey: 'warm up', idempotencyKey: 'warm' }, { pool, statements });
    proxy.hold(true);
    const outcome = run(waive, { pool, statements });
    while (proxy.connections > 0) await sleep(20);
    proxy.hold(false);
    expect(await outcome).toMatchObject({ kind: 'applied', resultVersion: '8' });
  });
});

describe('authority', () => {
  test('that lapses while waiting for a connection stops the write', async () => {
    db = await server.clone('shop');
    let looks = 0;
    const authority: Authority = { holds: () => ++looks === 1, regain: () => Promise.resolve(false) };
    expect(await run(waive, { authority })).toEqual({ kind: 'lease_lost' });
    expect(looks).toBeGreaterThan(1);
    expect(await invoice('INV-1', 'acme')).toMatchObject({ version: '7' });
    expect(await allReceipts()).toEqual([]);
  });

  test('that is regained lets the write begin', async () => {
    db = await server.clone('shop');
    let isHeld = false;
    const authority: Authority = {
      holds: () => isHeld,
      regain: () => {
        isHeld = true;
        return Promise.resolve(true);
      },
    };
    expect(await run(waive, { authority })).toMatchObject({ kind: 'applied' });
  });
});

describe('a receipt', () => {
  test('cannot be without its change: a key that is not unique rolls both back', async () => {
    db = await server.clone('shop');
    await db.query('ALTER TABLE invoices DROP CONSTRAINT invoices_pkey');
    await db.query(
      `INSERT INTO invoices (id, tenant_id, version, late_fee_cents) VALUES ('INV-1', 'acme', 7, 9)`,
    );
    expect(await run(waive)).toEqual({ kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' });
    expect(await db.query(`SELECT DISTINCT version FROM invoices WHERE id = 'INV-1'`)).toEqual([
      { version: '7' },
    ]);
    expect(await allReceipts()).toEqual([]);
  });

  test('cannot be without a new version: a trigger that keeps the old one rolls both back', async () => {
    db = await server.clone('shop');
    await db.query(`CREATE FUNCTION keep_version() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN NEW.version := OLD.version; RETURN NEW; END'`);
    await db.query(
      'CREATE TRIGGER keep BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION keep_version()',
    );
    expect(await run(waive)).toEqual({ kind: 'failed', code: 'VERSION_DID_NOT_ADVANCE' });
    expect(await invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '5500', version: '7' });
    expect(await allReceipts()).toEqual([]);
  });

  test('is not written for a change that a trigger suppresses', async () => {
    db = await server.clone('shop');
    await db.query(`CREATE FUNCTION suppress() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`);
    await db.query(
      'CREATE TRIGGER suppress BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION suppress()',
    );
    expect(await run(waive)).toEqual({ kind: 'failed', code: 'WRITE_SUPPRESSED' });
    expect(await allReceipts()).toEqual([]);
  });

  test('of another job under the same key is not taken for this one', async () => {
    db = await server.clone('shop');
    await run({ ...waive, jobId: 'wbj_other', primaryKey: 'INV-404' });
    expect(await run(waive)).toEqual({ kind: 'failed', code: 'RECEIPT_MISMATCH' });
    expect(await invoice('INV-1', 'acme')).toMatchObject({ version: '7' });
  });

  test('of another proposal under the same key is not taken for this one', async () => {
    db = await server.clone('shop');
    await run(waive);
    expect(await run({ ...waive, proposalHash: 'sha256:two' })).toEqual({
      kind: 'failed',
      code: 'RECEIPT_MISMATCH',
    });
  });

  test('that somebody edited is left to a person', async () => {
    db = await server.clone('shop');
    await run(waive);
    await db.query(`UPDATE countersign_receipts SET result_version = '9'`);
    expect(await run(waive)).toEqual({ kind: 'receipt_corrupt' });
  });
});

describe('versions', () => {
  test('beyond 2^53 keep every digit', async () => {
    db = await server.clone('shop');
    const plan = { ...waive, primaryKey: 'INV-2', expectedVersion: '9007199254740993' };
    expect(await run(plan)).toMatchObject({ kind: 'applied', resultVersion: '9007199254740994' });
  });

  test.each([
    ['public.notes', '+00'],
    ['public.local_notes', ''],
  ])('that are timestamps of %s keep their microseconds and always move on', async (table, zone) => {
    db = await server.clone('shop');
    const statements = statementsOf(table, notes);
    const plan: WritePlan = { ...waive, table, tenant: undefined, columns: ['body'], values: ['new'] };
    // A session that thinks in another zone must not shift anything.
    await db.query(`ALTER DATABASE ${db.name} SET TimeZone = 'Asia/Kolkata'`);
    const cutToMilliseconds = { ...plan, primaryKey: '1', expectedVersion: `2020-02-29 12:00:00.123${zone}` };
    const stale = await run({ ...cutToMilliseconds, idempotencyKey: 'a' }, { statements });
    expect(stale).toMatchObject({ kind: 'conflict', resultVersion: `2020-02-29 12:00:00.123456${zone}` });

    const past = {
      ...plan,
      primaryKey: '1',
      expectedVersion: `2020-02-29 12:00:00.123456${zone}`,
      idempotencyKey: 'b',
    };
    const before = Date.now();
    const moved = await run(past, { statements });
    expect(moved.kind).toBe('applied');
    const version = 'resultVersion' in moved ? (moved.resultVersion ?? '') : '';
    const at = Date.parse(`${version.replace(' ', 'T').replace(/\+00$/, '')}Z`);
    expect(at).toBeGreaterThanOrEqual(before - 1);
    expect(at).toBeLessThanOrEqual(Date.now() + 1);
    const next = {
      ...plan,
      primaryKey: '1',
      expectedVersion: version,
      idempotencyKey: 'c',
      values: ['newer'],
    };
    expect(await run(next, { statements })).toMatchObject({ kind: 'applied' });

    const future = {
      ...plan,
      primaryKey: '2',
      expectedVersion: `2999-01-01 00:00:00.000001${zone}`,
      idempotencyKey: 'd',
    };
    expect(await run(future, { statements })).toMatchObject({
      kind: 'applied',
      resultVersion: `2999-01-01 00:00:00.000002${zone}`,
    });
  });
});

describe('values', () => {
  test('of every kind arrive as they were approved', async () => {
    db = await server.clone('shop');
    const text = `O'Hara; DROP TABLE invoices; -- "\\" \u{1F9FE} žluťoučký \u2028 $1 {}`;
    const plan = {
      ...waive,
      columns: ['late_fee_cents', 'memo', 'paid', 'total', 'waiver_reason'],
      values: ['2147483647', null, 'true', '1234567890123456.7891', text],
    };
    expect(await run(plan)).toMatchObject({ kind: 'applied' });
    expect(await invoice('INV-1', 'acme')).toMatchObject({
      late_fee_cents: '2147483647',
      memo: null,
      paid: 't',
      total: '1234567890123456.7891',
      waiver_reason: text,
    });
  });

  test('in names of jobs hash the same here and there', async () => {
    db = await server.clone('shop');
    const jobId = `wbj "quoted" \\ / é \u{1F9FE} \u2028 \u007f`;
    const outcome = await run({ ...waive, jobId });
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
    db = await server.clone('shop');
    await db.query(`UPDATE invoices SET code = 'taken' WHERE id = 'INV-2'`);
    expect(await run({ ...waive, columns, values })).toEqual({ kind: 'failed', code });
    expect(await invoice('INV-1', 'acme')).toMatchObject({ late_fee_cents: '5500', version: '7' });
    expect(await allReceipts()).toEqual([]);
  });
});

describe('the database', () => {
  test('that holds the row locked is let be after the lock timeout', async () => {
    db = await server.clone('shop');
    const blocker = await db.session();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme' FOR UPDATE`);
    const pool = open(db.url, { lockTimeoutMs: 100 });
    expect(await run(waive, { pool })).toEqual({ kind: 'released', reason: 'busy', cause: '55P03' });
    await blocker.query('ROLLBACK');
    expect(await run(waive, { pool })).toMatchObject({ kind: 'applied' });
  });

  test('that takes too long is stopped by the statement timeout', async () => {
    db = await server.clone('shop');
    await db.query(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_sleep(30); RETURN NEW; END'`);
    await db.query('CREATE TRIGGER dawdle BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION dawdle()');
    const pool = open(db.url, { statementTimeoutMs: 100 });
    expect(await run(waive, { pool })).toEqual({ kind: 'released', reason: 'busy', cause: '57014' });
  });

  test('that cannot be reached, or refuses the credential, gives the job back', async () => {
    db = await server.clone('shop');
    const { proxy, url } = await proxied();
    proxy.refuse(true);
    expect(await run(waive, { pool: open(url) })).toMatchObject({
      kind: 'released',
      reason: 'database_unavailable',
    });
    const wrong = open(server.url(db.name, { password: 'wrong' }));
    expect(await run(waive, { pool: wrong })).toEqual({
      kind: 'released',
      reason: 'database_unavailable',
      cause: '28P01',
    });
  });

  test('that forbids the write fails it', async () => {
    db = await server.clone('shop');
    await db.query(`CREATE ROLE reader_${db.name} LOGIN PASSWORD 'reader'`);
    await db.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_${db.name}`);
    const pool = open(server.url(db.name, { role: `reader_${db.name}`, password: 'reader' }));
    expect(await run(waive, { pool })).toEqual({ kind: 'failed', code: 'PERMISSION_DENIED' });
    await db.query(`REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM reader_${db.name}`);
  });

  test('is written to with the least rights, and its receipts cannot be changed with them', async () => {
    db = await server.clone('shop');
    const role = `writer_${db.name}`;
    await db.query(`CREATE ROLE ${role} LOGIN PASSWORD 'writer'`);
    await db.query(`GRANT SELECT (id, tenant_id, version), UPDATE (late_fee_cents, waiver_reason, version)
      ON invoices TO ${role}`);
    await db.query(`GRANT SELECT, INSERT ON countersign_receipts TO ${role}`);
    const url = server.url(db.name, { role, password: 'writer' });
    const pool = open(url);
    expect(await run(waive, { pool })).toMatchObject({ kind: 'applied' });
    expect(await run(waive, { pool })).toMatchObject({ kind: 'already_applied' });
    expect(await run({ ...waive, idempotencyKey: 'late' }, { pool })).toMatchObject({ kind: 'conflict' });
    const connection = await pool.acquire();
    await expect(connection.run('DELETE FROM public.countersign_receipts')).rejects.toMatchObject({
      code: '42501',
    });
    pool.release(connection);
    await db.query(`DROP OWNED BY ${role}`);
  });

  test('that deadlocks the write has it tried again', async () => {
    db = await server.clone('shop');
    // The write takes INV-1 and then, in the trigger, waits for the row that the other session holds.
    await db.query(`CREATE FUNCTION touch_notes() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN UPDATE notes SET body = body WHERE id = 1; RETURN NEW; END'`);
    await db.query(
      'CREATE TRIGGER touch AFTER UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION touch_notes()',
    );
    await db.query(`ALTER DATABASE ${db.name} SET deadlock_timeout = '20ms'`);
    const other = await db.session();
    await other.query(`SET deadlock_timeout = '10s'`);
    await other.query('BEGIN');
    await other.query('UPDATE notes SET body = body WHERE id = 1');
    const outcome = run(waive);
    await untilBlocked(1);
    await other.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme' FOR UPDATE`);
    await other.query('COMMIT');
    expect(await outcome).toMatchObject({ kind: 'applied', resultVersion: '8' });
  });

  test('may change a table under a prepared statement', async () => {
    db = await server.clone('shop');
    const pool = open(db.url, { most: 1 });
    const statements = statementsOf('public.invoices', invoices);
    await run(waive, { pool, statements });
    await db.query('ALTER TABLE invoices ALTER COLUMN version TYPE numeric(30)');
    await db.query('ALTER TABLE countersign_receipts ALTER COLUMN result_version TYPE varchar(100)');
    const next = { ...waive, expectedVersion: '8', idempotencyKey: 'next' };
    expect(await run(next, { pool, statements })).toMatchObject({ kind: 'applied', resultVersion: '9' });
  });

  test('may have triggers that count on their own search_path', async () => {
    db = await server.clone('shop');
    await db.query('CREATE TABLE audit (note text)');
    await db.query(`CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO audit VALUES (NEW.id); RETURN NEW; END'`);
    await db.query('CREATE TRIGGER audit AFTER UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION audit()');
    expect(await run(waive)).toMatchObject({ kind: 'applied' });
    expect(await db.query('SELECT note FROM audit')).toEqual([{ note: 'INV-1' }]);
  });

  test('may hold functions and operators that better fit ours, and they are not called', async () => {
    db = await server.clone('shop');
    await db.query(`CREATE FUNCTION public.to_json(text) RETURNS json LANGUAGE plpgsql AS
      'BEGIN RAISE EXCEPTION ''captured''; END'`);
    await db.query(`CREATE FUNCTION public.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'`);
    await db.query('CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.same)');
    await db.query(`ALTER DATABASE ${db.name} SET search_path = public, pg_catalog`);
    expect(await run(waive)).toMatchObject({ kind: 'applied', resultVersion: '8' });
    expect(await invoice('INV-1', 'globex')).toMatchObject({ version: '7' });
    expect(await run({ ...waive, primaryKey: 'INV-404', idempotencyKey: 'k' })).toMatchObject({
      kind: 'conflict',
    });
  });

  test('has its sessions pinned, whatever the role or database says', async () => {
    db = await server.clone('shop');
    await db.query(`ALTER DATABASE ${db.name} SET default_transaction_isolation = 'serializable'`);
    await db.query(`ALTER DATABASE ${db.name} SET default_transaction_read_only = on`);
    await db.query(`ALTER DATABASE ${db.name} SET synchronous_commit = off`);
    await db.query(`ALTER DATABASE ${db.name} SET DateStyle = 'German, DMY'`);
    const pool = open(db.url, { most: 1, lockTimeoutMs: 1_234, statementTimeoutMs: 4_321 });
    const connection = await pool.acquire();
    const names = [
      'TimeZone',
      'DateStyle',
      'transaction_isolation',
      'transaction_read_only',
      'synchronous_commit',
    ];
    const settings = [...names, 'lock_timeout', 'statement_timeout', 'standard_conforming_strings'];
    const text = `SELECT ${settings.map((name) => `current_setting('${name}')`).join(', ')}`;
    expect(await connection.execute({ name: undefined, text }, [])).toEqual([
      ['UTC', 'ISO, YMD', 'read committed', 'off', 'on', '1234ms', '4321ms', 'on'],
    ]);
    pool.release(connection);
  });
});
