import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublicJob } from '@countersign/protocol/writeback-job';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { sampleJob } from '@countersign/runner/verify/sample-job';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { proposal, SOURCE } from '../support/change-set.ts';
import { WAIVE_IN_SHOP } from '../support/contract.ts';
import { eventually } from '../support/eventually.ts';
import { FakeControlPlane } from '../support/fake-control-plane.ts';
import { approve } from '../support/flow.ts';
import { must } from '../support/must.ts';
import { OtlpCollector } from '../support/otlp-collector.ts';
import type { PostgresServer, TestDatabase } from '../support/postgres-server.ts';
import { builtRunner } from '../support/runner-builds.ts';
import { RunnerProcess } from '../support/runner-process.ts';
import { sharedPlane } from '../support/shared-planes.ts';
import { sharedPostgres } from '../support/shared-servers.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

const shopSql = `
  CREATE TABLE invoices (
    id text PRIMARY KEY, tenant_id text NOT NULL, version bigint NOT NULL,
    late_fee_cents integer, waiver_reason text);
  INSERT INTO invoices SELECT 'INV-' || n, 'acme', 7, 5500, 'overdue' FROM generate_series(1, 5) AS n;
  ${receiptTableSql('public', 'countersign_receipts')};
`;

/** Writes the port of every connection that the process begins, a line each. */
const watchCode = (file: string) => `
  const net = require('node:net');
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...args) {
    const options = Array.isArray(args[0]) ? args[0][0] : args[0];
    require('node:fs').appendFileSync(${JSON.stringify(file)}, (options.port ?? options) + '\\n');
    return connect.apply(this, args);
  };
`;

let server: PostgresServer;
let folder: string;
let bundle: string;
let db: TestDatabase;
let plane: FakeControlPlane;
let collector: OtlpCollector;
let runner: RunnerProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-tracing-'));
  bundle = await builtRunner();
  server = await sharedPostgres();
  await server.template('shop', shopSql);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  db = await server.clone('shop');
  plane = await FakeControlPlane.start();
  collector = await OtlpCollector.start();
});

afterEach(async () => {
  const password = new URL(db.url).password;
  runner?.process.kill('SIGKILL');
  await runner?.exit();
  runner = undefined;
  await collector.stop();
  await plane.stop();
  await db.drop();
  const secrets = [plane.token, db.url, password, 'SHOP_DATABASE_URL', 'http://', 'postgres://'];
  const rows = ['INV-', 'acme', 'goodwill', 'overdue', 'late_fee', 'invoices', 'lse_', 'sha256'];
  for (const word of [...secrets, ...rows]) expect(collector.text).not.toContain(word);
});

interface Where {
  readonly url: string;
  readonly token: string;
  readonly sourceId: string;
}

async function start(
  environment: NodeJS.ProcessEnv,
  where: Where = { url: plane.url, token: plane.token, sourceId: 'src_shop' },
): Promise<RunnerProcess> {
  const path = join(folder, `${db.name}.json`);
  const config = {
    control_plane: { url: where.url, token: { env: 'COUNTERSIGN_TOKEN' } },
    runner_id: 'runner-1',
    sources: {
      [where.sourceId]: {
        engine: 'postgres',
        database_url: { env: 'SHOP_DATABASE_URL' },
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
  const secrets = { COUNTERSIGN_TOKEN: where.token, SHOP_DATABASE_URL: db.url };
  runner = new RunnerProcess(bundle, ['start', '--config', path], { ...secrets, ...environment });
  await runner.logged('ready');
  return runner;
}

const traced = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
const atOnce = { OTEL_BSP_SCHEDULE_DELAY: '10' };

/** Ends the runner as an operator does; its spans are sent by then. */
async function stop(started: RunnerProcess): Promise<void> {
  started.process.kill('SIGTERM');
  expect(await started.exit()).toBe(0);
}

/** The approved change of the invoice of that number. */
function jobFor(number: number, changes: Partial<PublicJob> = {}): PublicJob {
  const id = `wrp_${number}`;
  return {
    ...sampleJob,
    writeback_job_id: `wbj_${id}`,
    proposal_id: id,
    idempotency_key: `${id}:INV-${number}`,
    target: { ...sampleJob.target, primary_key: { column: 'id', value: `INV-${number}` } },
    ...changes,
  };
}

const names = ['countersign.apply', 'countersign.job', 'countersign.report'];

test('from the proposal to the report, one trace goes through the control plane', async () => {
  const real = await sharedPlane();
  const tenant = await real.tenant();
  const source = { ...proposal().change_set.source, primary_key: { column: 'id', value: 'INV-1' } };
  const scope = { tenant_id: 'acme', business_object: 'invoice', object_id: 'INV-1' };
  const headers = { traceparent: TRACEPARENT };
  const { body } = must(
    await tenant.service.post('/v1/proposals', proposal({ action: WAIVE_IN_SHOP, source, scope }), {
      headers,
    }),
  );
  const id = String(body.proposal_id);
  await approve(tenant.ada, id);
  const where = { url: real.origin, token: tenant.runner.token, sourceId: SOURCE };
  const started = await start(traced(), where);
  await started.logged('reported');
  await stop(started);
  expect((await tenant.service.get(`/v1/proposals/${id}`)).body.status).toBe('applied');
  expect(collector.spans.map(({ name }) => name).sort()).toEqual(names);
  expect(collector.spans.map(({ traceId }) => traceId)).toEqual(names.map(() => TRACE));
  const job = collector.of(`wbj_${id}`).get('countersign.job');
  expect(job).toMatchObject({
    parentSpanId: PARENT,
    status: { code: 0 },
    attributes: {
      'countersign.proposal_id': id,
      'countersign.source_id': SOURCE,
      'countersign.engine': 'postgres',
      'countersign.attempt': 1,
      'countersign.outcome': 'applied',
    },
    resource: { 'service.name': 'countersign-runner', 'service.instance.id': 'runner-1' },
  });
});

test('what the runner asks about a job says of which span', async () => {
  const blocker = await db.session();
  await blocker.query('BEGIN');
  await blocker.query(`SELECT 1 FROM invoices WHERE id = 'INV-2' FOR UPDATE`);
  const started = await start(traced());
  plane.queue(jobFor(1), TRACEPARENT);
  await plane.until(() => plane.results.length === 1);
  plane.queue(jobFor(2));
  await started.logged('job_released');
  await blocker.query('COMMIT');
  await plane.until(() => plane.results.length === 2);
  await stop(started);
  const [first, second] = [collector.of('wbj_wrp_1'), collector.of('wbj_wrp_2')];
  const sentOf = (route: string) => plane.requests.filter((request) => request.route === route);
  expect(sentOf('result')[0]?.traceparent).toBe(`00-${TRACE}-${first.get('countersign.report')?.spanId}-01`);
  const { traceId, spanId } = second.get('countersign.job') ?? {};
  expect(traceId).not.toBe(TRACE);
  expect(sentOf('release').map(({ traceparent }) => traceparent)).toEqual([`00-${traceId}-${spanId}-01`]);
  for (const route of ['doctor', 'register', 'claim'])
    expect(sentOf(route).some(({ traceparent }) => traceparent !== undefined)).toBe(false);
});

test('a renewal says so too', async () => {
  plane.writeByMs = -1;
  const started = await start(traced());
  plane.queue(jobFor(1), TRACEPARENT);
  await plane.until(() => plane.count('renew') > 0);
  plane.writeByMs = 10_000;
  await plane.until(() => plane.results.length === 1);
  await stop(started);
  const { spanId } = collector.of('wbj_wrp_1').get('countersign.job') ?? {};
  const renewal = plane.requests.find(({ route }) => route === 'renew');
  expect(renewal?.traceparent).toBe(`00-${TRACE}-${spanId}-01`);
});

test('a job that ends otherwise says how, in a closed word', async () => {
  await db.query(`UPDATE invoices SET version = 8 WHERE id = 'INV-2'`);
  const started = await start(traced());
  plane.queue(jobFor(2));
  plane.queue(jobFor(3, { allowed_columns: ['late_fee_cents', 'owner'], patch: { owner: 'goodwill' } }));
  plane.queueRaw({ job_id: 'wbj_raw', traceparent: TRACEPARENT });
  await plane.until(() => plane.results.length === 2);
  await started.logged('job_dropped');
  await stop(started);
  expect(collector.of('wbj_wrp_2').get('countersign.job')).toMatchObject({
    status: { code: 0 },
    attributes: { 'countersign.outcome': 'conflict', 'countersign.code': 'VERSION_CONFLICT' },
  });
  expect([...collector.of('wbj_wrp_3').keys()].sort()).toEqual(['countersign.job', 'countersign.report']);
  expect(collector.of('wbj_wrp_3').get('countersign.job')).toMatchObject({
    status: { code: 2, message: 'COLUMN_NOT_CONFIGURED' },
    attributes: { 'countersign.outcome': 'refused' },
  });
  expect(collector.spans.find(({ traceId }) => traceId === TRACE)).toMatchObject({
    name: 'countersign.job',
    status: { code: 2, message: 'JOB_MALFORMED' },
  });
});

test('the standard variables are kept to', async () => {
  const started = await start({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/in?team=1`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=k1',
    OTEL_SERVICE_NAME: 'billing-writes',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=other',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  });
  plane.queue(jobFor(1), TRACEPARENT);
  plane.queue(jobFor(2));
  plane.queue(jobFor(3), TRACEPARENT.replace(/01$/, '00'));
  await plane.until(() => plane.results.length === 3);
  await stop(started);
  expect(collector.text).toMatch(/^\/in\?team=1 /);
  expect(collector.headers[0]).toMatchObject({ 'x-collector-key': 'k1' });
  expect(collector.spans).toHaveLength(3);
  expect(collector.of('wbj_wrp_1').get('countersign.job')?.resource).toMatchObject({
    'service.name': 'billing-writes',
    'deployment.environment.name': 'test',
  });
});

test.each<[string, () => NodeJS.ProcessEnv, boolean]>([
  ['where they name a collector', traced, true],
  ['where they name none', () => ({ OTEL_SERVICE_NAME: 'x', OTEL_TRACES_EXPORTER: 'otlp' }), false],
  ['where the SDK is disabled', () => ({ ...traced(), OTEL_SDK_DISABLED: 'true' }), false],
  ['where there is another exporter', () => ({ ...traced(), OTEL_TRACES_EXPORTER: 'none' }), false],
])('%s, a runner connects to nothing else', async (_name, environment, isTraced) => {
  const [watch, seen] = [join(folder, `${db.name}.cjs`), join(folder, `${db.name}.ports`)];
  await writeFile(watch, watchCode(seen));
  const started = await start({ ...environment(), NODE_OPTIONS: `--require ${watch}` });
  plane.queue(jobFor(1), TRACEPARENT);
  await plane.until(() => plane.results.length === 1);
  await stop(started);
  const ports = new Set((await readFile(seen, 'utf8')).trim().split('\n').map(Number));
  const expected = [server.port, Number(new URL(plane.url).port), ...(isTraced ? [collector.port] : [])];
  expect([...ports].sort()).toEqual(expected.sort());
  expect(collector.connections > 0).toBe(isTraced);
  expect(plane.requests.some(({ traceparent }) => traceparent !== undefined)).toBe(isTraced);
  expect(started.lines.some(({ event }) => event.startsWith('traces_'))).toBe(isTraced);
});

test('a collector that is away fails no job and no end, and is named once, without its credentials', async () => {
  const port = await closedPort();
  const started = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://tracer:hunter2@127.0.0.1:${port}` });
  for (const number of [1, 2, 3]) plane.queue(jobFor(number));
  await plane.until(() => plane.results.length === 3);
  expect(plane.results.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
  await stop(started);
  const told = started.lines.filter(({ level }) => level !== 'info');
  expect(told).toMatchObject([{ level: 'warn', event: 'traces_not_taken', collector: `127.0.0.1:${port}` }]);
  expect(started.text).not.toContain('hunter2');
  expect(started.text).not.toContain('http://');
});

test('a collector that takes nothing is told of by its answer, and again when it does take', async () => {
  collector.mood = 400;
  const started = await start({ ...traced(), ...atOnce });
  plane.queue(jobFor(1));
  expect(await started.logged('traces_not_taken')).toMatchObject({ level: 'warn', status: 400 });
  collector.mood = 200;
  plane.queue(jobFor(2));
  await plane.until(() => plane.results.length === 2);
  await stop(started);
  expect(started.lines.filter(({ event }) => event.startsWith('traces_')).map(({ event }) => event)).toEqual([
    'traces_on',
    'traces_not_taken',
    'traces_taken',
  ]);
});

test('a collector that never answers delays no write', async () => {
  collector.mood = 'silent';
  const started = await start({ ...traced(), ...atOnce });
  plane.queue(jobFor(1));
  await eventually(
    () => Promise.resolve(collector.exports),
    (exports) => exports > 0,
  );
  for (const number of [2, 3]) plane.queue(jobFor(number));
  await plane.until(() => plane.results.length === 3);
  await stop(started);
  expect(await started.logged('traces_not_taken')).toMatchObject({ code: 'no_answer_in_time' });
});

test('a collector whose address is none keeps no runner from its work', async () => {
  const started = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'tracer:hunter2@collector' });
  plane.queue(jobFor(1), TRACEPARENT);
  await plane.until(() => plane.results.length === 1);
  await stop(started);
  expect(await started.logged('traces_off')).toMatchObject({
    level: 'warn',
    setting: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  });
  expect(started.text).not.toContain('hunter2');
});

async function closedPort(): Promise<number> {
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  await new Promise((resolve) => listening.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there was no port');
  return address.port;
}
