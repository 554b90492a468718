import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import type { PostgresServer } from '../../../test/support/postgres-server.ts';
// biome-ignore lint/plugin: as above
import { sharedPostgres } from '../../../test/support/shared-servers.ts';
// biome-ignore lint/plugin: as above
import { TcpProxy } from '../../../test/support/tcp-proxy.ts';
import type { SourceConfig } from '../../config/runner-config.ts';
import { sampleConfig } from '../../verify/sample-job.ts';
import type { WritePlan } from '../../verify/write-plan.ts';
import { connectDatabase } from '../connect-database.ts';
import { receiptHash } from '../receipt.ts';
import type { Authority, Outcome, SourceDatabase } from '../source-database.ts';
import { receiptTableSql } from './receipts-sql.ts';

const sample = sampleConfig.sources.src_shop;
if (sample === undefined) throw new Error('the sample has no source');

const shopSql = `
  CREATE TYPE mood AS ENUM ('calm', 'cross');
  CREATE DOMAIN cents AS integer CHECK (VALUE >= 0);
  CREATE TABLE items (
    id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL,
    fee cents, code char(3), name varchar(5), total numeric(20, 4), at timestamptz, local timestamp, doc jsonb,
    mood mood, ref uuid, paid boolean, tags text[], PRIMARY KEY (tenant_id, id));
  INSERT INTO items (id, tenant_id, version) SELECT 'I-' || i, 'acme', 7 FROM generate_series(1, 60) AS i;
  INSERT INTO items (id, tenant_id, version) SELECT 'I-' || i, 'globex', 7 FROM generate_series(1, 60) AS i;
  CREATE TABLE notes (id integer PRIMARY KEY, body text, changed_at timestamptz NOT NULL);
  INSERT INTO notes SELECT i, 'old', '2999-01-01 00:00:00.000001+00' FROM generate_series(1, 9) AS i;
  ${receiptTableSql('public', 'countersign_receipts')};
`;
const config: SourceConfig = {
  ...sample,
  lock_timeout_ms: 1_000,
  tables: {
    'public.items': {
      primary_key: 'id',
      tenant: { column: 'tenant_id' },
      version: { column: 'version', advance: 'integer' },
      columns: ['fee', 'code', 'name', 'total', 'at', 'local', 'doc', 'mood', 'ref', 'paid', 'tags'],
      protected_columns: [],
    },
    'public.notes': {
      primary_key: 'id',
      tenant: { single_tenant: true },
      version: { column: 'changed_at', advance: 'timestamp' },
      columns: ['body'],
      protected_columns: [],
    },
  },
};

// Every test makes a database of its own, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });

let server: PostgresServer;
let db: Awaited<ReturnType<PostgresServer['clone']>>;
const opened: SourceDatabase[] = [];
const always: Authority = { holds: () => true, regain: () => Promise.resolve(true) };

beforeAll(async () => {
  server = await sharedPostgres();
  await server.template('shop', shopSql);
}, 60_000);

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  await db.drop();
});

function open(url = db.url): SourceDatabase {
  const database = connectDatabase(config, url);
  opened.push(database);
  return database;
}

function plan(row: number, changes: Partial<WritePlan> = {}): WritePlan {
  return {
    table: 'public.items',
    primaryKey: `I-${row}`,
    tenant: 'acme',
    expectedVersion: '7',
    columns: ['fee'],
    values: ['5'],
    idempotencyKey: `key-${row}`,
    jobId: `job-${row}`,
    proposalId: `proposal-${row}`,
    proposalHash: `sha256:${row}`,
    ...changes,
  };
}

/** All of them in one turn of the event loop, as the jobs of one claim come. */
function eachAtOnce(
  database: SourceDatabase,
  plans: readonly WritePlan[],
  authority: (plan: WritePlan) => Authority = () => always,
): Promise<Outcome>[] {
  const { signal } = new AbortController();
  return plans.map((each, index) =>
    database.apply(
      each,
      { attempt: index + 1, leaseId: `lease-${index}`, runnerId: 'runner-1' },
      authority(each),
      signal,
    ),
  );
}

function atOnce(...args: Parameters<typeof eachAtOnce>): Promise<Outcome[]> {
  return Promise.all(eachAtOnce(...args));
}

const rows = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const kinds = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) =>
    outcome.kind === 'failed' ? outcome.code : outcome.kind === 'conflict' ? outcome.reason : outcome.kind,
  );
const receipts = () => db.query('SELECT *, xmin::text AS transaction FROM countersign_receipts');

describe('plans that come at once', () => {
  test('are one transaction, with a receipt for each as if it had come alone', async () => {
    db = await server.clone('shop');
    const outcomes = await atOnce(
      open(),
      rows(10).map((row) => plan(row)),
    );
    expect(outcomes).toEqual(
      rows(10).map((row) => ({
        kind: 'applied',
        resultVersion: '8',
        resultHash: receiptHash(`job-${row}`, 'applied', '8'),
      })),
    );
    const written = await receipts();
    expect(new Set(written.map(({ transaction }) => transaction)).size).toBe(1);
    expect(written.find(({ job_id }) => job_id === 'job-3')).toMatchObject({
      idempotency_key: 'key-3',
      proposal_id: 'proposal-3',
      proposal_hash: 'sha256:3',
      target_table: 'public.items',
      target_key: 'I-3',
      status: 'applied',
      reason: null,
      affected_rows: '1',
      attempt: '3',
      lease_id: 'lease-2',
      runner_id: 'runner-1',
    });
    const touched = await db.query(`SELECT tenant_id, id FROM items WHERE version <> 7 OR fee IS NOT NULL`);
    expect(touched.map(({ tenant_id }) => tenant_id)).toEqual(Array(10).fill('acme'));
  });

  test('are no more than fifty in one transaction, and three go alone', async () => {
    db = await server.clone('shop');
    const database = open();
    await atOnce(
      database,
      rows(57).map((row) => plan(row)),
    );
    const sizes = await db.query(
      'SELECT count(*) AS size FROM countersign_receipts GROUP BY xmin ORDER BY size DESC',
    );
    expect(sizes.map(({ size }) => size)).toEqual(['50', '7']);
    await atOnce(
      database,
      rows(3).map((row) => plan(row, { tenant: 'globex', idempotencyKey: `other-${row}` })),
    );
    const alone = await db.query(
      `SELECT count(DISTINCT xmin::text) AS n FROM countersign_receipts WHERE idempotency_key LIKE 'other-%'`,
    );
    expect(alone).toEqual([{ n: '3' }]);
  });

  test('hold up none of the others where one cannot be carried out', async () => {
    db = await server.clone('shop');
    const holder = await db.session();
    await holder.query(`BEGIN; UPDATE items SET fee = 9 WHERE id = 'I-7' AND tenant_id = 'acme'`);
    const plans = [
      plan(1),
      plan(2, { expectedVersion: '6' }),
      plan(3),
      plan(99),
      plan(4, { tenant: 'initech' }),
      plan(5),
      plan(7),
    ];
    const outcomes = eachAtOnce(open(), plans);
    expect(kinds(await Promise.all(outcomes.slice(0, -1)))).toEqual([
      'applied',
      'VERSION_CONFLICT',
      'applied',
      'ROW_NOT_FOUND',
      'ROW_NOT_FOUND',
      'applied',
    ]);
    await holder.query('ROLLBACK');
    expect(kinds(await Promise.all(outcomes.slice(-1)))).toEqual(['applied']);
  });

  test('wait for a lock as long as ever once they go alone', async () => {
    db = await server.clone('shop');
    const holder = await db.session();
    await holder.query(`BEGIN; UPDATE items SET fee = 9 WHERE id = 'I-2' AND tenant_id = 'acme'`);
    const database = open();
    const outcomes = await atOnce(
      database,
      rows(4).map((row) => plan(row)),
    );
    // The source's lock_timeout, not that of the batch, which ended with it.
    expect(outcomes[1]).toMatchObject({ kind: 'released', reason: 'busy', cause: '55P03' });
    await holder.query('ROLLBACK');
    expect(kinds(await atOnce(database, [plan(2)]))).toEqual(['applied']);
  });

  test.each([
    ['a value that is none of the type', { values: ['many'] }, 'VALUE_REJECTED'],
    ['a value that a check refuses', { values: ['-1'] }, 'CONSTRAINT_VIOLATED'],
    ['a version that is none', { expectedVersion: '99999999999999999999' }, 'VALUE_REJECTED'],
  ])('go alone after %s undid them all', async (_name, changes, code) => {
    db = await server.clone('shop');
    const outcomes = await atOnce(
      open(),
      rows(6).map((row) => plan(row, row === 4 ? changes : {})),
    );
    expect(kinds(outcomes)).toEqual(['applied', 'applied', 'applied', code, 'applied', 'applied']);
    expect(await receipts()).toHaveLength(5);
  });

  test('are written once each, though one comes twice', async () => {
    db = await server.clone('shop');
    const plans = [...rows(5).map((row) => plan(row)), plan(3)];
    expect(kinds(await atOnce(open(), plans)).toSorted()).toEqual([
      'already_applied',
      ...Array(5).fill('applied'),
    ]);
    expect(await db.query('SELECT sum(version - 7) AS steps FROM items')).toEqual([{ steps: '5' }]);
  });

  test('and two of one row under two keys: one is applied, the other is a conflict', async () => {
    db = await server.clone('shop');
    const plans = [
      ...rows(5).map((row) => plan(row)),
      plan(3, { idempotencyKey: 'second', jobId: 'second' }),
    ];
    expect(kinds(await atOnce(open(), plans)).toSorted()).toEqual([
      'VERSION_CONFLICT',
      ...Array(5).fill('applied'),
    ]);
  });

  test('are left out where the authority to write has lapsed', async () => {
    db = await server.clone('shop');
    const lapsed: Authority = { holds: () => false, regain: () => Promise.resolve(false) };
    const outcomes = await atOnce(
      open(),
      rows(6).map((row) => plan(row)),
      ({ primaryKey }) => (primaryKey === 'I-2' ? lapsed : always),
    );
    expect(kinds(outcomes)).toEqual(['applied', 'lease_lost', 'applied', 'applied', 'applied', 'applied']);
    expect(await receipts()).toHaveLength(5);
  });

  test('are found again by their receipts when the line is cut before the answer', async () => {
    db = await server.clone('shop');
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
    try {
      const database = open(server.url(db.name, { port: proxy.port }));
      await database.check();
      const holder = await db.session();
      // The statement waits for the receipts' table, so that the line can be cut in its middle.
      await holder.query('BEGIN; LOCK TABLE countersign_receipts IN SHARE MODE');
      const outcomes = atOnce(
        database,
        rows(6).map((row) => plan(row)),
      );
      await vi.waitFor(async () => {
        const [row] = await db.query(
          `SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        expect(row?.n).toBe('1');
      });
      proxy.cut();
      await holder.query('COMMIT');
      expect(new Set(kinds(await outcomes))).toEqual(new Set(['already_applied']));
      expect(await db.query('SELECT sum(version - 7) AS steps FROM items')).toEqual([{ steps: '6' }]);
    } finally {
      await proxy.stop();
    }
  });

  test('keep every type as one that comes alone does', async () => {
    db = await server.clone('shop');
    const columns = ['at', 'code', 'doc', 'fee', 'local', 'mood', 'name', 'paid', 'ref', 'tags', 'total'];
    const values = [
      '2026-03-01 10:00:00.123456+02',
      'ab ',
      '{"b": [1, 2.50], "a": null}',
      '0',
      '2026-03-01 10:00:00.000001',
      'cross',
      'été',
      'true',
      '6f9619ff-8b86-d011-b42d-00c04fc964ff',
      '{a,"b c"}',
      '1234567890123456.7891',
    ];
    const database = open();
    await atOnce(
      database,
      rows(5).map((row) => plan(row, { columns, values })),
    );
    await atOnce(database, [plan(6, { columns, values })]);
    await atOnce(
      database,
      rows(4).map((row) =>
        plan(row, { tenant: 'globex', idempotencyKey: `n${row}`, columns, values: columns.map(() => null) }),
      ),
    );
    const kept = await db.query(
      `SELECT DISTINCT ${columns.map((column) => `${column}::text`).join(', ')} FROM items WHERE tenant_id = 'acme' AND version = 8`,
    );
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({
      total: '1234567890123456.7891',
      at: '2026-03-01 08:00:00.123456+00',
      name: 'été',
    });
    expect(new Set((await receipts()).map(({ status }) => status))).toEqual(new Set(['applied']));
  });

  test('are of the types of the columns, whatever the search_path finds under their names', async () => {
    db = await server.clone('shop');
    await db.query(`CREATE TABLE overheard (who text);
      CREATE SCHEMA elsewhere;
      CREATE FUNCTION elsewhere.overhear(value public.mood) RETURNS boolean LANGUAGE sql
        AS 'INSERT INTO public.overheard VALUES (current_user); SELECT true';
      ALTER DATABASE ${db.name} SET search_path = elsewhere, public`);
    const database = open();
    const cheer = (row: number) => plan(row, { columns: ['mood'], values: ['calm'] });
    await atOnce(database, rows(5).map(cheer));
    // Changing the table has the server look up the names of its statements once more.
    await db.query(`CREATE DOMAIN elsewhere.mood AS public.mood CHECK (elsewhere.overhear(VALUE));
      ALTER TABLE items ADD COLUMN remark text`);
    const outcomes = await atOnce(
      database,
      rows(5).map((row) => cheer(row + 5)),
    );
    expect(new Set(kinds(outcomes))).toEqual(new Set(['applied']));
    expect(new Set((await receipts()).map(({ transaction }) => transaction)).size).toBe(2);
    expect(await db.query('SELECT * FROM overheard')).toEqual([]);
  });

  test('refuse what is too long for its column, and keep the others', async () => {
    db = await server.clone('shop');
    const outcomes = await atOnce(
      open(),
      rows(5).map((row) => plan(row, { columns: ['name'], values: [row === 2 ? 'too long' : 'fits'] })),
    );
    expect(kinds(outcomes)).toEqual(['applied', 'VALUE_REJECTED', 'applied', 'applied', 'applied']);
  });

  test('advance a version that is a moment ahead of the clock by a microsecond', async () => {
    db = await server.clone('shop');
    const outcomes = await atOnce(
      open(),
      rows(5).map((row) =>
        plan(row, {
          table: 'public.notes',
          primaryKey: String(row),
          tenant: undefined,
          expectedVersion: '2999-01-01 00:00:00.000001+00',
          columns: ['body'],
          values: ['new'],
        }),
      ),
    );
    expect(outcomes.map((outcome) => 'resultVersion' in outcome && outcome.resultVersion)).toEqual(
      Array(5).fill('2999-01-01 00:00:00.000002+00'),
    );
  });
});
