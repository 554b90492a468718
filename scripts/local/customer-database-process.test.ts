import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { customerDatabaseChild } from './customer-database/customer-database-child.ts';
import {
  BIND,
  EXECUTE,
  FLUSH,
  frontendMessage,
  parse,
  RawClient,
  SYNC,
  untilServerHasRead,
} from './customer-database/raw-client.ts';
import { type ChildExit, Processes, type RunningChild } from './processes.ts';

/* One database through all tests of this file, in their order: making one takes seconds. */

const START_TIMEOUT_MS = 60_000;
/** Nothing here should wait long; if it does, the next test should not have to. */
const CLIENT_TIMEOUT_MS = 4_000;
const RECEIPTS_SQL = 'create table if not exists public.receipts (key text primary key)';

let folder: string;
let processes: Processes;
let database: RunningChild<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-database-'));
  processes = new Processes({ logFolder: join(folder, 'logs'), stopGraceMs: 10_000 });
  database = await startWith(processes);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await processes.stopAll();
  await rm(folder, { recursive: true });
}, START_TIMEOUT_MS);

function startWith(supervisor: Processes): Promise<RunningChild<string>> {
  return supervisor.start(customerDatabaseChild({ stateFolder: folder, port: 0, extraSql: [RECEIPTS_SQL] }));
}

/** Ends the database, says how it ended, and starts it again. Connections are broken afterwards. */
async function restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<ChildExit> {
  database.process.kill(signal);
  const exit = await database.exited;
  database = await startWith(processes);
  return exit;
}

async function connectRaw(): Promise<RawClient> {
  const client = await RawClient.connect(database.ready);
  onTestFinished(() => client.vanish());
  return client;
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: database.ready,
    connectionTimeoutMillis: CLIENT_TIMEOUT_MS,
    query_timeout: CLIENT_TIMEOUT_MS,
  });
  client.on('error', () => {
    // The database was stopped under it, as some tests do.
  });
  await client.connect();
  return client;
}

async function invoice(client: pg.Client, id: string) {
  const { rows } = await client.query('select * from public.invoices where id = $1', [id]);
  return rows[0];
}

test('it is seeded, and the extra SQL has run', async () => {
  const client = await connect();
  expect(await invoice(client, 'INV-3001')).toMatchObject({
    tenant_id: 'acme',
    customer_name: 'Northwind Bakery',
    late_fee_cents: 5500,
    waiver_reason: null,
    version: 7,
  });
  const { rows } = await client.query(
    `select tenant_id, count(*)::int as invoices,
       (select count(*)::int from public.payments p where p.tenant_id = i.tenant_id) as payments
     from public.invoices i group by tenant_id order by tenant_id`,
  );
  expect(rows).toEqual([
    { tenant_id: 'acme', invoices: 27, payments: expect.any(Number) },
    { tenant_id: 'globex', invoices: 13, payments: expect.any(Number) },
  ]);
  await client.query(`insert into public.receipts values ('first')`);
  await expect(client.query(`delete from public.customers`)).rejects.toMatchObject({ code: '23503' });
});

test('several clients work at once, and none gets the answers of another', async () => {
  const readers = await Promise.all(Array.from({ length: 4 }, connect));
  const writers = await Promise.all(Array.from({ length: 4 }, connect));
  const observer = await connect();
  const before = await invoice(observer, 'INV-3002');
  // A large parameter arrives in several pieces, between which the others' messages come in.
  const large = 'x'.repeat(300_000);
  const rounds = Array.from({ length: 20 }, (_, round) => round);
  await Promise.all([
    ...readers.map(async (client) => {
      for (const round of rounds) {
        const { rows } = await client.query('select length($1::text) as length, $2::int as round', [
          large,
          round,
        ]);
        expect(rows).toEqual([{ length: large.length, round }]);
      }
    }),
    ...writers.map(async (client) => {
      for (const _ of rounds) {
        const { rowCount } = await client.query(
          'update public.invoices set version = version + 1 where id = $1 and tenant_id = $2',
          ['INV-3002', 'acme'],
        );
        expect(rowCount).toBe(1);
      }
    }),
  ]);
  const changes = writers.length * rounds.length;
  expect(await invoice(observer, 'INV-3002')).toEqual({ ...before, version: before.version + changes });
}, 30_000);

test('a statement that comes in pieces is not mixed up with one that comes in between', async () => {
  const pieces = await connectRaw();
  const other = await connect();
  pieces.send(parse(`select 'of the pieces'`), FLUSH);
  await pieces.until('1');
  const answer = other.query('select $1::text as of', ['of the other']);
  await untilServerHasRead(database.ready);
  pieces.send(BIND, EXECUTE, SYNC);
  expect(await pieces.until('Z')).toContain('of the pieces');
  expect((await answer).rows).toEqual([{ of: 'of the other' }]);
});

test('a statement whose client vanishes before the end of its pipeline leaves nothing', async () => {
  const vanishing = await connectRaw();
  const other = await connect();
  const before = await invoice(other, 'INV-3009');
  vanishing.send(
    parse(`update public.invoices set late_fee_cents = 1 where id = 'INV-3009'`),
    BIND,
    EXECUTE,
    FLUSH,
  );
  await vanishing.until('C');
  vanishing.vanish();
  expect(await invoice(other, 'INV-3009')).toEqual(before);
});

test('nor does a transaction that failed in the middle of a pipeline hold up the others', async () => {
  const vanishing = await connectRaw();
  vanishing.send(frontendMessage('Q', 'begin\0'));
  await vanishing.until('Z');
  vanishing.send(parse('select 1/0'), BIND, EXECUTE, FLUSH);
  await vanishing.until('E');
  const waiting = connect();
  vanishing.vanish();
  expect((await (await waiting).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('transactions of two clients do not mix', async () => {
  const [first, second] = [await connect(), await connect()];
  await first.query('begin');
  await first.query(`update public.invoices set late_fee_cents = 1 where id = 'INV-3005'`);
  const waiting = second.query(`select late_fee_cents from public.invoices where id = 'INV-3005'`);
  await first.query('rollback');
  expect((await waiting).rows[0].late_fee_cents).not.toBe(1);
});

test('what a client leaves open when it vanishes is rolled back', async () => {
  const [vanishing, other] = [await connect(), await connect()];
  const before = await invoice(other, 'INV-3009');
  await vanishing.query('begin');
  await vanishing.query(`update public.invoices set late_fee_cents = 1 where id = 'INV-3009'`);
  await vanishing.end();
  expect(await invoice(other, 'INV-3009')).toEqual(before);
});

test(
  'no second process opens the same data',
  async () => {
    const second = startWith(new Processes({ logFolder: join(folder, 'logs-2'), stopGraceMs: 10_000 }));
    await expect(second).rejects.toMatchObject({
      code: 'child_exited',
      message: expect.stringContaining('is in use by another process'),
    });
  },
  START_TIMEOUT_MS,
);

test(
  'data survives a restart and is not seeded again; what was open is rolled back',
  async () => {
    const client = await connect();
    await client.query(`update public.invoices set late_fee_cents = 0, version = 8 where id = 'INV-3001'`);
    await client.query('delete from public.payments');
    await client.query('begin');
    await client.query(`update public.invoices set late_fee_cents = 1 where id = 'INV-3005'`);
    const exit = await restart('SIGTERM');
    expect(exit).toEqual({ code: 0, signal: null });

    const again = await connect();
    expect(await invoice(again, 'INV-3001')).toMatchObject({ late_fee_cents: 0, version: 8 });
    expect((await invoice(again, 'INV-3005')).late_fee_cents).not.toBe(1);
    expect((await again.query('select 1 from public.payments')).rows).toEqual([]);
    expect((await again.query('select key from public.receipts')).rows).toEqual([{ key: 'first' }]);
  },
  START_TIMEOUT_MS,
);

test(
  'what was committed survives that the process is killed',
  async () => {
    const client = await connect();
    await client.query(`update public.invoices set waiver_reason = 'goodwill' where id = 'INV-3001'`);
    await restart('SIGKILL');
    expect(await invoice(await connect(), 'INV-3001')).toMatchObject({ waiver_reason: 'goodwill' });
  },
  START_TIMEOUT_MS,
);
