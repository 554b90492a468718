import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drain } from '@countersign/runner/commands/drain';
import { reconcile } from '@countersign/runner/commands/reconcile';
import { status } from '@countersign/runner/commands/status';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { proposal, SOURCE } from '../support/change-set.ts';
import { WAIVE_IN_SHOP } from '../support/contract.ts';
import { eventually } from '../support/eventually.ts';
import { approve, entryTypes, propose, read } from '../support/flow.ts';
import type { PostgresServer, TestDatabase } from '../support/postgres-server.ts';
import { builtRunner, builtRunnerWithFailpoints } from '../support/runner-builds.ts';
import { RunnerProcess } from '../support/runner-process.ts';
import { type SharedPlane, sharedPlane } from '../support/shared-planes.ts';
import { sharedPostgres } from '../support/shared-servers.ts';
import type { TestTenant } from '../support/tenant.ts';

/** The commands beside a running daemon, on real parts: the control plane, the runner as a process, PostgreSQL. */

const shopSql = `
  CREATE TABLE invoices (
    id text PRIMARY KEY, tenant_id text NOT NULL, version bigint NOT NULL, late_fee_cents integer);
  INSERT INTO invoices SELECT 'INV-' || n, 'acme', 7, 5500 FROM generate_series(1, 20) AS n;
  ${receiptTableSql('public', 'countersign_receipts')};`;
/** A claim that is refused is repeated after at most 15 s. */
const PATIENCE_MS = 60_000;

let folder: string;
let bundle: string;
let failpointsBundle: string;
let server: PostgresServer;
let plane: SharedPlane;
let tenant: TestTenant;
let db: TestDatabase;
let configPath: string;
let port: number;
const runners: RunnerProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-commands-'));
  bundle = await builtRunner();
  failpointsBundle = await builtRunnerWithFailpoints();
  [server, plane] = await Promise.all([sharedPostgres(), sharedPlane()]);
  await server.template('shop', shopSql);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  [tenant, db, port] = await Promise.all([plane.tenant(), server.clone('shop'), freePort()]);
  configPath = join(folder, `${db.name}.json`);
  const table = {
    primary_key: 'id',
    tenant: { column: 'tenant_id' },
    version: { column: 'version', advance: 'integer' },
    columns: ['late_fee_cents'],
  };
  const config = {
    control_plane: { url: plane.origin, token: { env: 'TOKEN' } },
    runner_id: 'runner-1',
    http: { port },
    sources: {
      [SOURCE]: {
        engine: 'postgres',
        database_url: { env: 'SHOP_URL' },
        tables: { 'public.invoices': table },
      },
    },
  };
  await writeFile(configPath, JSON.stringify(config));
});
afterEach(async () => {
  for (const runner of runners) runner.process.kill('SIGKILL');
  await Promise.all(runners.splice(0).map((runner) => runner.exit()));
  await db.drop();
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

const environment = () => ({ TOKEN: tenant.runner.token, SHOP_URL: db.url });

function start(failpoint?: string): RunnerProcess {
  const runner = new RunnerProcess(
    failpoint === undefined ? bundle : failpointsBundle,
    ['start', '--config', configPath],
    { ...environment(), COUNTERSIGN_FAILPOINT: failpoint ?? '' },
  );
  runners.push(runner);
  return runner;
}

/** Has the waiver of an invoice's fee approved. */
async function approved(invoiceId = 'INV-1'): Promise<string> {
  const id = await propose(tenant.service, {
    action: WAIVE_IN_SHOP,
    scope: { tenant_id: 'acme', business_object: 'invoice', object_id: invoiceId },
    source: { ...proposal().change_set.source, primary_key: { column: 'id', value: invoiceId } },
  });
  await approve(tenant.ada, id);
  return id;
}

const common = () => ({ configPath, isJson: true, environment: environment(), complain: () => undefined });

/** Runs a command; its exit code and what it printed. */
async function run(command: (print: (text: string) => void) => Promise<number>) {
  let out = '';
  const code = await command((text) => {
    out += text;
  });
  return { code, document: out === '' ? undefined : JSON.parse(out) };
}

const drained = (isUndo = false) => run((print) => drain({ ...common(), isUndo, timeoutSeconds: 30, print }));
const reconciled = (id: string, isReported = false) =>
  run((print) => reconcile({ ...common(), id, isReported, sourceId: undefined, print }));
const looked = () => run((print) => status({ ...common(), isOfDaemon: false, print }));

async function refusedClaims(): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^countersign_runner_claims_total\{.*outcome="failed".*\} (\d+)$/m.exec(metrics)?.[1]);
}

describe('a runner that is taken out of service', () => {
  test('gets nothing, asks without haste, and works again when it is put back', {
    timeout: PATIENCE_MS,
  }, async () => {
    const runner = start();
    await runner.logged('ready');
    expect(await looked()).toMatchObject({ code: 0, document: { well: true, daemon: { state: 'ready' } } });
    expect(await drained()).toMatchObject({ code: 0, document: { idle: true } });
    const before = await refusedClaims();
    const id = await approved();
    await eventually(refusedClaims, (count) => count >= before + 3);
    expect(await read(tenant.service, id)).toMatchObject({ job: { status: 'queued' } });
    expect(runner.lines).toContainEqual(
      expect.objectContaining({ event: 'claim_failed', code: 'runner_draining' }),
    );
    expect(await looked()).toMatchObject({ code: 1, document: { daemon: { state: 'not_ready' } } });
    const claimed = await refusedClaims();
    expect(await drained(true)).toMatchObject({ code: 0, document: { status: 'online' } });
    await runner.logged('reported');
    expect(await read(tenant.service, id)).toMatchObject({ status: 'applied' });
    // Each pause is longer than the one before: a drained runner does not hammer.
    expect(claimed - before).toBeLessThan(10);
  });

  test('is back when its process starts anew', async () => {
    const first = start();
    await first.logged('ready');
    await drained();
    first.process.kill('SIGKILL');
    await first.exit();
    const id = await approved();
    await start().logged('reported');
    expect(await read(tenant.service, id)).toMatchObject({ status: 'applied' });
  });

  test('must be known', async () => {
    expect(await drained()).toEqual({ code: 3, document: undefined });
  });
});

describe('a report that was lost', () => {
  /** A job that was written, and whose runner died before it could say so. */
  async function unreported(): Promise<string> {
    const runner = start('before_report:kill');
    await runner.logged('ready');
    const id = await approved();
    await runner.exit();
    expect(await read(tenant.service, id)).toMatchObject({ job: { status: 'leased' } });
    return id;
  }

  test('is made good from the receipt, once', async () => {
    const id = await unreported();
    expect(await reconciled(id)).toMatchObject({ code: 0, document: { verdict: 'applied' } });
    expect(await read(tenant.service, id)).toMatchObject({ job: { status: 'leased' } });
    for (const _ of ['lost', 'again']) {
      expect(await reconciled(id, true)).toMatchObject({
        code: 0,
        document: { verdict: 'applied', receipts: [{ report: { outcome: 'recorded' } }] },
      });
      expect(await read(tenant.service, id)).toMatchObject({ status: 'applied' });
    }
    const results = (await entryTypes(tenant, id)).filter((type) => type === 'writeback.result');
    expect(results).toEqual(['writeback.result']);
    const [invoice] = await db.query(`SELECT version, late_fee_cents FROM invoices WHERE id = 'INV-1'`);
    expect(invoice).toEqual({ version: '8', late_fee_cents: '0' });
  });

  test('is not made good from a receipt that somebody edited', async () => {
    const id = await unreported();
    await db.query(`UPDATE countersign_receipts SET result_version = '9'`);
    expect(await reconciled(id, true)).toMatchObject({ code: 4, document: { verdict: 'contradiction' } });
    expect(await read(tenant.service, id)).toMatchObject({ job: { status: 'leased' } });
  });

  test('is a discrepancy where the control plane has another story', async () => {
    const id = await unreported();
    const job = { job_id: `wbj_${id}` };
    const [receipt] = await db.query('SELECT lease_id, runner_id FROM countersign_receipts');
    // The dead runner's next poll may have been given the job meanwhile; a conflict ends it all the same.
    const other = {
      ...job,
      ...receipt,
      protocol_version: '1.0',
      status: 'conflict',
      affected_rows: 0,
      error_code: 'VERSION_CONFLICT',
    };
    const told = await tenant.runner.post(`/v1/writeback/jobs/${job.job_id}/result`, other);
    expect(told.body).toMatchObject({ ok: true, status: 'conflict' });
    expect(await reconciled(id, true)).toMatchObject({
      code: 4,
      document: { verdict: 'applied', receipts: [{ report: { outcome: 'different' } }] },
    });
    expect(await entryTypes(tenant, id)).toContain('writeback.discrepancy');
  });

  test('was never made where nothing was written', async () => {
    const runner = start('before_write:kill');
    await runner.logged('ready');
    const id = await approved();
    await runner.exit();
    expect(await reconciled(id, true)).toMatchObject({ code: 0, document: { verdict: 'not_written' } });
    expect(await read(tenant.service, id)).toMatchObject({ job: { status: 'leased' } });
  });
});
