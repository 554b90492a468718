import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublicJob } from '@countersign/protocol/writeback-job';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { sampleJob } from '@countersign/runner/verify/sample-job';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { FakeControlPlane } from '../support/fake-control-plane.ts';
import type { PostgresServer, TestDatabase } from '../support/postgres-server.ts';
import { builtRunner } from '../support/runner-builds.ts';
import { RunnerProcess } from '../support/runner-process.ts';
import { sharedPostgres } from '../support/shared-servers.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const shopSql = `
  CREATE TABLE invoices (
    id text PRIMARY KEY, tenant_id text NOT NULL, version bigint NOT NULL,
    late_fee_cents integer, waiver_reason text);
  INSERT INTO invoices SELECT 'INV-' || n, 'acme', 7, 5500, 'overdue' FROM generate_series(1, 3) AS n;
  ${receiptTableSql('public', 'countersign_receipts')};
`;

let server: PostgresServer;
let folder: string;
let bundle: string;
let db: TestDatabase;
let plane: FakeControlPlane;
let runner: RunnerProcess | undefined;
/** Everything that the runner's server ever said, headers too. */
let told: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-operating-'));
  bundle = await builtRunner();
  server = await sharedPostgres();
  await server.template('shop', shopSql);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  told = '';
  db = await server.clone('shop');
  plane = await FakeControlPlane.start();
});

afterEach(async () => {
  const secrets = [plane.token, plane.url, db.url, new URL(db.url).password, 'SHOP_DATABASE_URL'];
  runner?.process.kill('SIGKILL');
  await runner?.exit();
  runner = undefined;
  await plane.stop();
  await db.drop();
  const ids = ['wbj_', 'wrp_', 'lse_', 'runner-1', 'INV-', 'acme'];
  for (const word of [...secrets, ...ids, 'goodwill', 'overdue']) expect(told).not.toContain(word);
});

async function start({ databaseUrl = db.url, port = 0 } = {}): Promise<RunnerProcess> {
  const path = join(folder, `${db.name}.json`);
  const config = {
    control_plane: { url: plane.url, token: { env: 'COUNTERSIGN_TOKEN' } },
    runner_id: 'runner-1',
    http: { port },
    sources: {
      src_shop: {
        engine: 'postgres',
        database_url: { env: 'SHOP_DATABASE_URL' },
        lock_timeout_ms: 4_000,
        tables: {
          'public.invoices': {
            primary_key: 'id',
            tenant: { column: 'tenant_id', values: ['acme'] },
            version: { column: 'version', advance: 'integer' },
            columns: ['late_fee_cents', 'waiver_reason'],
          },
        },
      },
    },
  };
  await writeFile(path, JSON.stringify(config));
  const environment = { COUNTERSIGN_TOKEN: plane.token, SHOP_DATABASE_URL: databaseUrl };
  runner = new RunnerProcess(bundle, ['start', '--config', path], environment);
  return runner;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A way to ask the runner's server, once it listens. */
async function operatingOf(started: RunnerProcess) {
  const { port } = await started.logged('http_listening');
  const get = async (path: string): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const body = await response.text();
    told += `${JSON.stringify([...response.headers])}\n${body}\n`;
    return { status: response.status, body };
  };
  const ready = async () => {
    const { body, status } = await get('/readyz');
    return { status, ...JSON.parse(body) };
  };
  return { get, ready };
}

/** The approved change of one invoice. */
function jobFor(invoice: string): PublicJob {
  const id = `wrp_${invoice}`;
  return {
    ...sampleJob,
    writeback_job_id: `wbj_${id}`,
    proposal_id: id,
    idempotency_key: `${id}:${invoice}`,
    target: { ...sampleJob.target, primary_key: { column: 'id', value: invoice } },
  };
}

const allWell = {
  status: 200,
  ready: true,
  draining: false,
  frozen: false,
  control_plane: 'ok',
  databases: { src_shop: 'ok' },
};

test('tells that it works, and how much', async () => {
  const started = await start();
  const { get, ready } = await operatingOf(started);
  await started.logged('ready');
  expect(await get('/healthz')).toEqual({ status: 200, body: 'ok\n' });
  expect(await ready()).toEqual(allWell);

  await db.query(`UPDATE invoices SET version = 8 WHERE id = 'INV-2'`);
  for (const id of ['INV-1', 'INV-2']) plane.queue(jobFor(id));
  await plane.until(() => plane.results.length === 2);
  const shop = 'source="src_shop",engine="postgres"';
  const { body } = await eventually(
    () => get('/metrics'),
    (answer) => answer.body.includes('\ncountersign_runner_reports_waiting 0\n'),
  );
  const lines = body.split('\n').map((line) => line.replace('countersign_runner_', ''));
  expect(lines).toContain(`jobs_total{${shop},outcome="applied"} 1`);
  expect(lines).toContain(`jobs_total{${shop},outcome="conflict"} 1`);
  expect(lines).toContain(`jobs_total{${shop},outcome="failed"} 0`);
  expect(lines).toContain(`apply_duration_seconds_count{${shop}} 2`);
  expect(lines).toContain(`apply_duration_seconds_bucket{${shop},le="+Inf"} 2`);
  expect(lines).toContain(`lanes_taken{${shop}} 0`);
  expect(lines).toContain('oldest_waiting_report_age_seconds 0');
  expect(body).toMatch(/claims_total\{.*outcome="jobs"\} [12]\n/);
  // Every line is one of the format's, and no label is any other than these.
  for (const line of body.trimEnd().split('\n')) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) \w+ .+|\w+(\{((source|engine|outcome|le)="[\w.+]+",?)+\})? [\d.e+-]+)$/,
    );
  }
  expect((await get('/wbj')).status).toBe(404);
});

test('is not ready before the control plane has answered', async () => {
  const busy = { kind: 'status', status: 503, code: 'overloaded', retryable: true } as const;
  plane.fail('doctor', busy, busy, busy);
  const { get, ready } = await operatingOf(await start());
  expect(await ready()).toMatchObject({
    status: 503,
    control_plane: 'away',
    databases: { src_shop: 'unchecked' },
  });
  expect((await get('/healthz')).status).toBe(200);
  await eventually(ready, ({ status }) => status === 200);
});

test('is not ready while a database is away, which it notices without work too', async () => {
  const proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
  const started = await start({ databaseUrl: server.url(db.name, { port: proxy.port }) });
  const { get, ready } = await operatingOf(started);
  await started.logged('ready');
  proxy.refuse(true);
  proxy.cut();
  expect(await eventually(ready, ({ status }) => status !== 200)).toEqual({
    ...allWell,
    status: 503,
    ready: false,
    databases: { src_shop: 'away' },
  });
  plane.queue(jobFor('INV-1'));
  await started.logged('database_away');
  expect((await get('/healthz')).status).toBe(200);
  expect((await ready()).status).toBe(503);
  proxy.refuse(false);
  await plane.until(() => plane.results.length === 1);
  expect(await ready()).toEqual(allWell);
  await proxy.stop();
});

test('says that it drains from the first signal on, until it has ended', async () => {
  const blocker = await db.session();
  await blocker.query('BEGIN');
  await blocker.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' FOR UPDATE`);
  const started = await start();
  const { get, ready } = await operatingOf(started);
  await started.logged('ready');
  plane.queue(jobFor('INV-1'));
  await eventually(
    () => get('/metrics'),
    ({ body }) => /lanes_taken\{.*\} 1\n/.test(body),
  );
  started.process.kill('SIGTERM');
  await started.logged('draining');
  expect(await ready()).toEqual({ ...allWell, status: 503, ready: false, draining: true });
  expect((await get('/healthz')).status).toBe(200);
  await blocker.query('COMMIT');
  expect(await started.exit()).toBe(0);
  expect(plane.results).toMatchObject([{ status: 'applied' }]);
  await expect(get('/healthz')).rejects.toThrow();
});

test('does not start on a port that is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const started = await start({ port });
  expect(await started.exit()).toBe(3);
  expect(started.lines).toMatchObject([{ level: 'error', event: 'http_refused', code: 'http_port_in_use' }]);
  expect(plane.requests).toEqual([]);
  other.close();
});
