import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PublicJob } from '@countersign/protocol/writeback-job';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { jobFailpoints } from '@countersign/runner/failpoints';
import { claimedOf, sampleJob } from '@countersign/runner/verify/sample-job';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeControlPlane } from '../support/fake-control-plane.ts';
import type { PostgresServer, TestDatabase } from '../support/postgres-server.ts';
import { builtRunner, builtRunnerWithFailpoints } from '../support/runner-builds.ts';
import { RunnerProcess } from '../support/runner-process.ts';
import { sharedPostgres } from '../support/shared-servers.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const shopSql = `
  CREATE TABLE invoices (
    id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL,
    late_fee_cents integer CHECK (late_fee_cents >= 0), waiver_reason text, PRIMARY KEY (tenant_id, id));
  INSERT INTO invoices SELECT 'INV-' || n, 'acme', 7, 5500, NULL FROM generate_series(1, 100) AS n;
  ${receiptTableSql('public', 'countersign_receipts')};
`;

let server: PostgresServer;
let folder: string;
let bundle: string;
let failpointsBundle: string;
let db: TestDatabase;
let plane: FakeControlPlane;
const runners: RunnerProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-runner-'));
  const built = await builtRunner();
  // Alone in a folder, so that it can lean on nothing.
  bundle = join(folder, 'countersign-runner.js');
  await copyFile(built, bundle);
  failpointsBundle = await builtRunnerWithFailpoints();
  server = await sharedPostgres();
  await server.template('shop', shopSql);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  db = await server.clone('shop');
  plane = await FakeControlPlane.start();
});

afterEach(async () => {
  for (const runner of runners) runner.process.kill('SIGKILL');
  await Promise.all(runners.splice(0).map((runner) => runner.exit()));
  await plane.stop();
  await db.drop();
});

interface StartOptions {
  readonly databaseUrl?: string;
  readonly token?: string;
  readonly lanes?: number;
  readonly source?: object;
  readonly profile?: 'production';
  readonly mode?: 'dry_run';
  readonly flags?: readonly string[];
  readonly planeUrl?: string;
  /** `<name>:<action>`; runs the build that has failpoints. */
  readonly failpoint?: string;
}

async function start({
  databaseUrl = db.url,
  token = plane.token,
  lanes = 8,
  source = {},
  profile,
  mode,
  flags = [],
  planeUrl = plane.url,
  failpoint,
}: StartOptions = {}) {
  const path = join(folder, `${db.name}.json`);
  const tokenFile = join(folder, `${db.name}.token`);
  await writeFile(tokenFile, `${token}\n`);
  const config = {
    control_plane: { url: planeUrl, token: { file: tokenFile } },
    runner_id: 'runner-1',
    ...(profile === undefined ? {} : { profile }),
    ...(mode === undefined ? {} : { mode }),
    lanes,
    sources: {
      src_shop: {
        engine: 'postgres',
        database_url: { env: 'SHOP_DATABASE_URL' },
        lock_timeout_ms: 1_000,
        ...source,
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
  const environment = { SHOP_DATABASE_URL: databaseUrl };
  const runner =
    failpoint === undefined
      ? new RunnerProcess(bundle, ['start', '--config', path, ...flags], environment)
      : new RunnerProcess(failpointsBundle, ['start', '--config', path], {
          ...environment,
          COUNTERSIGN_FAILPOINT: failpoint,
        });
  runners.push(runner);
  return runner;
}

async function startReady(options?: StartOptions): Promise<RunnerProcess> {
  const runner = await start(options);
  await runner.logged('ready');
  return runner;
}

/** The approved change of one invoice. */
function jobFor(invoice: string, change: Partial<PublicJob> = {}): PublicJob {
  const id = `wrp_${invoice}`;
  return {
    ...sampleJob,
    writeback_job_id: `wbj_${id}`,
    proposal_id: id,
    idempotency_key: `${id}:${invoice}`,
    target: { ...sampleJob.target, primary_key: { column: 'id', value: invoice } },
    ...change,
  };
}

async function invoice(id: string) {
  const [row] = await db.query('SELECT late_fee_cents, waiver_reason, version FROM invoices WHERE id = $1', [
    id,
  ]);
  return row;
}

const stop = {
  freeze_id: 'frz_1',
  kind: 'project',
  is_stop: true,
  since: '2026-11-21T10:00:00.000Z',
  until: null,
};

const untouched = { late_fee_cents: '5500', waiver_reason: null, version: '7' };
const changed = { late_fee_cents: '0', waiver_reason: 'goodwill', version: '8' };

describe('the daemon', () => {
  test('announces itself, applies what was approved, reports it, and drains', async () => {
    plane.queue(jobFor('INV-1'));
    const runner = await startReady();
    expect(plane.requests.slice(0, 3).map(({ route }) => route)).toEqual([
      'doctor',
      'register',
      'runner-heartbeat',
    ]);
    expect(plane.requests[1]?.body).toMatchObject({
      runner_id: 'runner-1',
      engines: ['postgres'],
      scope: { project_id: 'token_scope', source_ids: ['src_shop'] },
    });
    await plane.until(() => plane.results.length === 1);
    expect(await invoice('INV-1')).toEqual(changed);
    const [receipt] = await db.query('SELECT * FROM countersign_receipts');
    expect(plane.results[0]).toMatchObject({
      job_id: 'wbj_wrp_INV-1',
      runner_id: 'runner-1',
      lease_id: receipt?.lease_id,
      status: 'applied',
      affected_rows: 1,
      result_version: '8',
      result_hash: receipt?.result_hash,
    });
    runner.process.kill('SIGTERM');
    expect(await runner.exit()).toBe(0);
    expect(plane.requests.at(-1)).toMatchObject({ route: 'runner-heartbeat', body: { status: 'draining' } });
    const [sessions] = await db.query(
      `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'countersign-runner'`,
    );
    expect(sessions).toEqual({ count: '0' });
    for (const secret of [plane.token, new URL(db.url).password, 'goodwill', '5500']) {
      expect(runner.text).not.toContain(secret);
    }
  });

  test('is one held request while there is nothing to do, and wakes at once', async () => {
    const runner = await startReady();
    await plane.until(() => plane.count('claim') === 1);
    const before = plane.requests.length;
    plane.queue(jobFor('INV-1'));
    await plane.until(() => plane.requests.length === before + 2);
    expect(
      plane.requests
        .slice(before)
        .map(({ route }) => route)
        .sort(),
    ).toEqual(['claim', 'result']);
    expect(runner.lines.some(({ level }) => level !== 'info')).toBe(false);
  });

  test('lets nothing out but ids, statuses, versions and hashes, whatever the database says', async () => {
    await db.query(`ALTER TABLE invoices ADD COLUMN iban text DEFAULT 'an-iban-of-theirs'`);
    await db.query(`UPDATE invoices SET waiver_reason = 'a-reason-of-theirs'`);
    await db.query(`UPDATE invoices SET version = 9 WHERE id = 'INV-2'`);
    await db.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN RAISE EXCEPTION ''%'', OLD.iban; END'`);
    await db.query(`CREATE TRIGGER refuse BEFORE UPDATE ON invoices FOR EACH ROW
      WHEN (OLD.id = 'INV-3') EXECUTE FUNCTION refuse()`);
    const line = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(plane.url).port) });
    for (const id of ['INV-1', 'INV-2', 'INV-3']) plane.queue(jobFor(id));
    // The server names the whole row when this constraint is violated.
    plane.queue(jobFor('INV-4', { patch: { late_fee_cents: -1, waiver_reason: 'goodwill' } }));
    plane.queue(jobFor('INV-5', { target: { ...sampleJob.target, table: 'elsewhere' } }));
    const runner = await start({ planeUrl: `http://127.0.0.1:${line.port}` });
    await plane.until(() => plane.results.length === 5);
    runner.process.kill('SIGTERM');
    expect(await runner.exit()).toBe(0);
    expect(plane.results.map(({ status, error_code }) => [status, error_code]).sort()).toEqual([
      ['applied', undefined],
      ['conflict', 'VERSION_CONFLICT'],
      ['failed', 'CONSTRAINT_VIOLATED'],
      ['failed', 'REFUSED_BY_TRIGGER'],
      ['failed', 'TABLE_NOT_CONFIGURED'],
    ]);
    const { password, host } = new URL(db.url);
    expect(line.sent).toContain('CONSTRAINT_VIOLATED');
    for (const secret of [
      'postgres://',
      password,
      host,
      'an-iban',
      'a-reason',
      'goodwill',
      '5500',
      '-1,',
      db.name,
    ])
      expect(`${line.sent}${runner.text}`).not.toContain(secret);
    await line.stop();
  });

  test('works through many jobs, those of one row in the order in which they came', async () => {
    for (let n = 1; n <= 40; n += 1) plane.queue(jobFor(`INV-${n}`));
    for (let step = 0; step < 5; step += 1) {
      const guard = { kind: 'column' as const, column: 'version', expected_value: 7 + step };
      const id = `wrp_chain_${step}`;
      const change = {
        proposal_id: id,
        writeback_job_id: `wbj_${id}`,
        idempotency_key: id,
        conflict_guard: guard,
      };
      plane.queue(jobFor('INV-99', { ...change, patch: { late_fee_cents: step } }));
    }
    await startReady();
    await plane.until(() => plane.results.length === 45);
    expect(new Set(plane.results.map(({ status }) => status))).toEqual(new Set(['applied']));
    expect(await invoice('INV-99')).toMatchObject({ version: '12', late_fee_cents: '4' });
    expect(await db.query('SELECT count(*) FROM countersign_receipts')).toEqual([{ count: '45' }]);
  });

  test('reports the same receipt for a job that is handed out again', async () => {
    const job = jobFor('INV-1');
    plane.queue(job);
    await startReady();
    await plane.until(() => plane.results.length === 1);
    plane.queue(job);
    await plane.until(() => plane.results.length === 2);
    const [first, second] = plane.results;
    expect(second).toMatchObject({ status: 'already_applied', affected_rows: 0 });
    expect(second).toMatchObject({
      result_hash: first?.result_hash,
      result_version: first !== undefined && 'result_version' in first ? first.result_version : 'none',
    });
    expect(await invoice('INV-1')).toEqual(changed);
  });

  test('reports a conflict and leaves the row alone', async () => {
    await db.query(`UPDATE invoices SET late_fee_cents = 1, version = 8 WHERE id = 'INV-1'`);
    plane.queue(jobFor('INV-1'));
    plane.queue(jobFor('INV-404'));
    await startReady();
    await plane.until(() => plane.results.length === 2);
    expect(plane.resultsOf('wbj_wrp_INV-1')).toMatchObject([
      { status: 'conflict', error_code: 'VERSION_CONFLICT', affected_rows: 0, result_version: '8' },
    ]);
    expect(plane.resultsOf('wbj_wrp_INV-404')).toMatchObject([
      { status: 'conflict', error_code: 'ROW_NOT_FOUND' },
    ]);
    expect(await invoice('INV-1')).toMatchObject({ late_fee_cents: '1', version: '8' });
  });

  test('takes the good jobs of a claim and refuses or drops the broken ones', async () => {
    plane.isPaused = true;
    const runner = await startReady();
    const wide = { ...jobFor('INV-2'), allowed_columns: ['late_fee_cents', 'waiver_reason', 'total'] };
    const foreign = { ...jobFor('INV-3'), tenant_guard: { column: 'tenant_id', value: 'globex' } };
    const later = new Date(Date.now() + 30_000).toISOString();
    const leased = (job: PublicJob) =>
      claimedOf({ ...job, lease: { ...job.lease, expires_at: later } }, later);
    for (const odd of [null, 'job', 17, [], {}]) plane.queueRaw(odd);
    plane.queueRaw(leased(wide));
    plane.queueRaw(leased(foreign));
    plane.queue(jobFor('INV-1'));
    plane.isPaused = false;
    plane.expireLeases();
    await plane.until(() => plane.results.length === 3);
    expect(plane.resultsOf('wbj_wrp_INV-2')).toMatchObject([
      { status: 'failed', error_code: 'COLUMN_NOT_CONFIGURED' },
    ]);
    expect(plane.resultsOf('wbj_wrp_INV-3')).toMatchObject([
      { status: 'failed', error_code: 'TENANT_NOT_ALLOWED' },
    ]);
    expect(plane.resultsOf('wbj_wrp_INV-1')).toMatchObject([{ status: 'applied' }]);
    expect(await invoice('INV-2')).toEqual(untouched);
    expect(runner.lines.filter(({ event }) => event === 'job_dropped')).toHaveLength(5);
  });
});

describe('a control plane in trouble', () => {
  const busy = { kind: 'status', status: 503, code: 'overloaded', retryable: true } as const;
  const fault = { kind: 'status', status: 500, code: 'internal_error' } as const;

  test('is asked again until it answers, at the start too', async () => {
    plane.fail('doctor', busy, { kind: 'broken-connection' });
    plane.fail('register', { kind: 'garbage' }, fault);
    plane.fail('claim', busy, { kind: 'garbage' }, { kind: 'broken-connection' });
    plane.queue(jobFor('INV-1'));
    await startReady();
    await plane.until(() => plane.results.length === 1);
    expect(await invoice('INV-1')).toEqual(changed);
  });

  test('gets every result in the end, once for each job', async () => {
    plane.fail('result', busy, fault, { kind: 'garbage' }, { kind: 'broken-connection' });
    for (const id of ['INV-1', 'INV-2']) plane.queue(jobFor(id));
    await startReady();
    await plane.until(() => plane.results.length === 2);
    expect(plane.count('result')).toBe(6);
  });

  test('that loses an answer gets the very same result again', async () => {
    plane.fail('result', { kind: 'lost-answer' });
    plane.queue(jobFor('INV-1'));
    await startReady();
    await plane.until(() => plane.results.length === 2);
    expect(plane.results[1]).toEqual(plane.results[0]);
  });

  test('that refuses a result is believed, and the receipt stays', async () => {
    plane.fail('result', { kind: 'status', status: 409, code: 'result_differs' });
    plane.queue(jobFor('INV-1'));
    const runner = await startReady();
    expect(await runner.logged('report_refused')).toMatchObject({
      level: 'error',
      code: 'result_differs',
      job_id: 'wbj_wrp_INV-1',
    });
    expect(plane.count('result')).toBe(1);
    expect(await db.query('SELECT status FROM countersign_receipts')).toEqual([{ status: 'applied' }]);
  });

  test('does not get a late write: a lease that cannot be renewed is let go', async () => {
    plane.writeByMs = -1;
    plane.refusesRenewals = true;
    plane.queue(jobFor('INV-1'));
    const runner = await startReady();
    expect(await runner.logged('job_dropped')).toMatchObject({ reason: 'lease_lost' });
    expect(await invoice('INV-1')).toEqual(untouched);
    expect(plane.results).toEqual([]);
  });

  test('is given back at once where a freeze refuses its renewal, and written when that has ended', async () => {
    plane.writeByMs = -1;
    plane.fail('renew', { kind: 'status', status: 409, code: 'frozen' });
    plane.queue(jobFor('INV-1'));
    const runner = await startReady();
    await plane.until(() => plane.count('renew') > 0);
    plane.freeze(stop);
    plane.writeByMs = 10_000;
    expect(await runner.logged('job_released')).toMatchObject({ job_id: 'wbj_wrp_INV-1', reason: 'frozen' });
    await runner.logged('work_frozen');
    expect(await invoice('INV-1')).toEqual(untouched);
    plane.freeze(undefined);
    await plane.until(() => plane.results.length === 1);
    expect(await invoice('INV-1')).toEqual(changed);
    expect(runner.lines.some(({ event }) => event === 'job_dropped')).toBe(false);
  });

  test('is asked for a renewal when the time to write by has passed, and gets its write', async () => {
    plane.writeByMs = -1;
    plane.queue(jobFor('INV-1'));
    await startReady();
    await plane.until(() => plane.count('renew') > 0);
    plane.writeByMs = 10_000;
    await plane.until(() => plane.results.length === 1);
    expect(await invoice('INV-1')).toEqual(changed);
  });

  test.each([-600_000, 600_000])('may have a clock that is %i ms off', async (skewMs) => {
    plane.skewMs = skewMs;
    plane.queue(jobFor('INV-1'));
    await startReady();
    await plane.until(() => plane.results.length === 1);
    expect(plane.count('renew')).toBe(0);
    expect(await invoice('INV-1')).toEqual(changed);
  });

  test('that replaces the token finds the runner with the new one, once it is in the file', async () => {
    const runner = await startReady();
    await plane.until(() => plane.count('claim') === 1);
    plane.token = 'syn_run_second';
    plane.queue(jobFor('INV-1'));
    await plane.until(() => plane.results.length === 1 || plane.count('result') === 1);
    expect(await runner.logged('claim_unauthorized')).toMatchObject({
      level: 'error',
      code: 'token_invalid',
    });
    expect(plane.results).toEqual([]);
    await writeFile(join(folder, `${db.name}.token`), plane.token);
    await plane.until(() => plane.results.length === 1);
    expect(plane.results[0]).toMatchObject({ status: 'applied' });
  });
});

describe('a claim that is held', () => {
  /** Pings so often that pauses between the claims, were there any, would not end in time. */
  async function pingOften(rounds = 20): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const claims = plane.count('claim');
      plane.ping();
      await plane.until(() => plane.count('claim') > claims);
    }
  }

  test('is followed by the next one at once when it was answered by a ping', async () => {
    await startReady();
    await plane.until(() => plane.count('claim') > 0);
    await pingOften();
  });

  test('tells of a freeze: the log says so once when it begins, and once when it ends', async () => {
    const runner = await startReady();
    await plane.until(() => plane.count('claim') > 0);
    plane.freeze(stop);
    expect(await runner.logged('work_frozen')).toMatchObject({ freeze_id: 'frz_1', is_stop: true });
    await pingOften();
    plane.freeze(undefined);
    expect(await runner.logged('work_thawed')).toMatchObject({ freeze_id: 'frz_1' });
    await pingOften();
    const told = runner.lines.map(({ event }) => event).filter((event) => /^work_/.test(event));
    expect(told).toEqual(['work_frozen', 'work_thawed']);
  });
});

describe('a database in trouble', () => {
  test('is waited for at the start, without a registration', async () => {
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
    proxy.refuse(true);
    const runner = await start({ databaseUrl: server.url(db.name, { port: proxy.port }) });
    await runner.logged('database_away');
    expect(plane.count('register')).toBe(0);
    proxy.refuse(false);
    await runner.logged('ready');
    expect(plane.count('register')).toBe(1);
    await proxy.stop();
  });

  test('has its jobs given back, and nothing claimed until it is there again', async () => {
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
    const runner = await startReady({ databaseUrl: server.url(db.name, { port: proxy.port }) });
    proxy.refuse(true);
    proxy.cut();
    plane.queue(jobFor('INV-1'));
    await plane.until(() => plane.count('release') === 1);
    expect(plane.requests.findLast(({ route }) => route === 'release')?.body).toMatchObject({
      reason: 'database_unavailable',
    });
    await runner.logged('database_away');
    proxy.refuse(false);
    await plane.until(() => plane.results.length === 1);
    expect(plane.results[0]).toMatchObject({ status: 'applied' });
    await proxy.stop();
  });

  test('that cuts the line after the commit has its change reported, made once', async () => {
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
    await startReady({ databaseUrl: server.url(db.name, { port: proxy.port }), lanes: 1 });
    plane.queue(jobFor('INV-1'));
    await plane.until(() => plane.results.length === 1);
    const cut = proxy.cutNextAnswer();
    plane.queue(jobFor('INV-2'));
    await cut;
    await plane.until(() => plane.results.length === 2);
    expect(plane.results[1]).toMatchObject({ status: 'already_applied', result_version: '8' });
    expect(await invoice('INV-2')).toEqual(changed);
    await proxy.stop();
  });

  test('that locks the row has the job given back as busy', async () => {
    const blocker = await db.session();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' FOR UPDATE`);
    await startReady({ source: { lock_timeout_ms: 100 } });
    plane.queue(jobFor('INV-1'));
    await plane.until(() => plane.count('release') >= 1);
    expect(plane.requests.find(({ route }) => route === 'release')?.body).toMatchObject({ reason: 'busy' });
    await blocker.query('COMMIT');
    await plane.until(() => plane.results.length === 1);
    expect(await invoice('INV-1')).toEqual(changed);
  });
});

describe('a signal', () => {
  /** A runner with one write that waits for a lock, and the session that holds it. */
  async function blocked(options: StartOptions = {}) {
    const blocker = await db.session();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' FOR UPDATE`);
    const runner = await startReady({ source: { lock_timeout_ms: 4_000 }, ...options });
    plane.queue(jobFor('INV-1'));
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await db.query(waiting)).length === 0) await new Promise(setImmediate);
    return { runner, blocker };
  }

  test('lets the write that has begun finish, reports it, and gives back what has not begun', async () => {
    const { runner, blocker } = await blocked();
    const second = {
      proposal_id: 'wrp_second',
      writeback_job_id: 'wbj_wrp_second',
      idempotency_key: 'second',
    };
    plane.queue(jobFor('INV-1', second));
    await plane.until(() => plane.count('claim') >= 3);
    runner.process.kill('SIGTERM');
    await runner.logged('draining');
    await blocker.query('COMMIT');
    expect(await runner.exit()).toBe(0);
    expect(plane.resultsOf('wbj_wrp_INV-1')).toMatchObject([{ status: 'applied' }]);
    expect(plane.resultsOf('wbj_wrp_second')).toEqual([]);
    expect(plane.requests.find(({ route }) => route === 'release')?.body).toMatchObject({
      reason: 'draining',
    });
    expect(await invoice('INV-1')).toEqual(changed);
  });

  test('waits for reports, but not when it is the second one', async () => {
    plane.fail(
      'result',
      ...Array.from({ length: 50 }, () => ({ kind: 'status', status: 503, code: 'x' }) as const),
    );
    plane.queue(jobFor('INV-1'));
    const runner = await startReady();
    await plane.until(() => plane.count('result') === 2);
    runner.process.kill('SIGTERM');
    await runner.logged('draining');
    await plane.until(() => plane.count('result') === 4);
    runner.process.kill('SIGTERM');
    expect(await runner.exit()).toBe(1);
    expect(runner.lines).toContainEqual(expect.objectContaining({ event: 'report_undelivered' }));
    expect(await invoice('INV-1')).toEqual(changed);
  });

  test('ends it at once when it is the third one, and nothing was written halfway', async () => {
    const { runner, blocker } = await blocked();
    for (const event of ['draining', 'giving_up']) {
      runner.process.kill('SIGINT');
      await runner.logged(event);
    }
    runner.process.kill('SIGINT');
    expect(await runner.exit()).toBe(1);
    await blocker.query('COMMIT');
    const [rows] = await db.query(
      `SELECT (SELECT version FROM invoices WHERE id = 'INV-1') AS version, count(*) AS receipts FROM countersign_receipts`,
    );
    expect([
      { version: '7', receipts: '0' },
      { version: '8', receipts: '1' },
    ]).toContainEqual(rows);
  });
});

describe('a start for once', () => {
  test('does what is there, reports it, and ends', async () => {
    for (let n = 1; n <= 20; n += 1) plane.queue(jobFor(`INV-${n}`));
    const runner = await start({ flags: ['--once'] });
    expect(await runner.exit()).toBe(0);
    expect(plane.results.map(({ status }) => status)).toEqual(Array(20).fill('applied'));
    const claims = plane.requests.filter(({ route }) => route === 'claim');
    expect(claims.at(-1)).toMatchObject({ body: { wait_seconds: 0 } });
    // A daemon of the same name may go on.
    expect(plane.requests).not.toContainEqual(
      expect.objectContaining({
        route: 'runner-heartbeat',
        body: expect.objectContaining({ status: 'draining' }),
      }),
    );
  });

  test('ends at once when there is nothing', async () => {
    const runner = await start({ flags: ['--once'] });
    expect(await runner.exit()).toBe(0);
    expect(plane.count('claim')).toBe(1);
  });

  test('does not wait for a database that is away', async () => {
    const runner = await start({
      flags: ['--once'],
      databaseUrl: 'postgres://nobody:nothing@127.0.0.1:1/none',
    });
    expect(await runner.exit()).toBe(5);
    expect(plane.count('claim')).toBe(0);
  });
});

describe('a dry run', () => {
  test('says what each write would come to, gives every job back, and leaves no trace', async () => {
    plane.queue(jobFor('INV-1'));
    plane.queue(
      jobFor('INV-2', { conflict_guard: { kind: 'column', column: 'version', expected_value: 6 } }),
    );
    plane.queue(jobFor('INV-3', { patch: { late_fee_cents: -1 }, allowed_columns: ['late_fee_cents'] }));
    plane.queue(jobFor('INV-4', { allowed_columns: ['version'], patch: { version: 9 } }));
    const runner = await start({ flags: ['--once', '--dry-run'] });
    expect(await runner.exit()).toBe(0);
    const told = runner.lines.filter(({ event }) => event === 'job_rehearsed');
    expect(
      told
        .map(({ job_id, would_be, code, result_version }) => [job_id, would_be, code, result_version])
        .sort(),
    ).toEqual([
      ['wbj_wrp_INV-1', 'applied', undefined, '8'],
      ['wbj_wrp_INV-2', 'conflict', 'VERSION_CONFLICT', '7'],
      ['wbj_wrp_INV-3', 'failed', 'CONSTRAINT_VIOLATED', undefined],
    ]);
    expect(runner.lines.find(({ event }) => event === 'job_refused')).toMatchObject({
      reason: 'PROTECTED_COLUMN',
    });
    expect(plane.results).toEqual([]);
    const released = plane.requests.filter(({ route }) => route === 'release');
    expect(released.map(({ body }) => body)).toEqual(
      Array(4).fill(expect.objectContaining({ reason: 'rehearsed' })),
    );
    expect(await db.query('SELECT * FROM countersign_receipts')).toEqual([]);
    expect(await invoice('INV-1')).toEqual(untouched);
  });

  test('is what the configuration may ask for, and holds no lock when it has ended', async () => {
    plane.queue(jobFor('INV-1'));
    const runner = await startReady({ mode: 'dry_run' });
    expect(await runner.logged('starting')).toMatchObject({ mode: 'dry_run' });
    await runner.logged('job_released');
    await db.query(`SET lock_timeout = '1s'; UPDATE invoices SET late_fee_cents = 1 WHERE id = 'INV-1'`);
    runner.process.kill('SIGTERM');
    expect(await runner.exit()).toBe(0);
    expect(plane.results).toEqual([]);
  });
});

describe('the start', () => {
  test('is refused by a token that is not valid', async () => {
    const runner = await start({ token: 'syn_run_wrong' });
    expect(await runner.exit()).toBe(3);
    expect(await runner.logged('control_plane_refused')).toMatchObject({
      step: 'doctor',
      code: 'token_invalid',
    });
    expect(runner.text).not.toContain('syn_run_wrong');
  });

  test('is refused by a source that is not as configured, with every fault', async () => {
    await db.query('ALTER TABLE invoices DROP CONSTRAINT invoices_pkey, ALTER COLUMN version DROP NOT NULL');
    const runner = await start();
    expect(await runner.exit()).toBe(3);
    expect(runner.lines.filter(({ event }) => event === 'source_refused').map(({ fault }) => fault)).toEqual([
      'id must be unique by itself or together with tenant_id alone',
      'version column version must be NOT NULL',
    ]);
    expect(plane.count('register')).toBe(0);
  });

  test('is refused in production with a role that may do everything', async () => {
    const runner = await start({ profile: 'production' });
    expect(await runner.exit()).toBe(3);
    expect(runner.lines.filter(({ event }) => event === 'source_refused')).toMatchObject([
      { where: 'role', fault: expect.stringContaining('is a superuser') },
    ]);
    expect(plane.count('register')).toBe(0);
  });

  test('is refused by a configuration with a fault', async () => {
    const runner = await start({ source: { connections: 0, typo: 1 } });
    expect(await runner.exit()).toBe(3);
    expect(runner.lines.map(({ event }) => event)).toEqual(['config_invalid', 'config_invalid']);
  });

  test('can be interrupted while it waits', async () => {
    const runner = await start({ databaseUrl: 'postgres://nobody:nothing@127.0.0.1:1/none' });
    await runner.logged('database_away');
    runner.process.kill('SIGTERM');
    expect(await runner.exit()).toBe(0);
  });
});

describe('the command line', () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [bundle, ...args], { env: {} }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );

  test('tells the version and how it is used', async () => {
    expect((await run('version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run('help')).stdout).toContain('countersign-runner COMMAND --config FILE');
  });

  test.each([[['begin']], [['start']], [['start', '--config']], [['start', '--verbose']]])(
    'refuses %j as a usage error',
    async (args) => {
      expect(await run(...args)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^countersign-runner: .+\n`help( start)?` says more\n$/),
      });
    },
  );

  test('prints what creates the receipt table, and that works', async () => {
    await start();
    const { stdout } = await run('receipts-sql', '--config', join(folder, `${db.name}.json`));
    await db.query('DROP TABLE countersign_receipts');
    await db.query(stdout);
    expect(await db.query('SELECT * FROM countersign_receipts')).toEqual([]);
  });
});

describe('a failpoint', () => {
  const cases = jobFailpoints.flatMap((name) =>
    ['kill', 'throw', 'hang'].map((action) => [name, action] as const),
  );

  test.each(cases)(
    '(%s) at which the runner meets a %s leaves a change that is made exactly once',
    async (name, action) => {
      plane.queue(jobFor('INV-1'));
      const broken = await start({ failpoint: `${name}:${action}` });
      await broken.wrote(`failpoint ${name}`);
      if (action !== 'kill') broken.process.kill('SIGKILL');
      expect(await broken.exit()).toBe('SIGKILL');
      const isDone = ['after_commit', 'before_report', 'after_report'].includes(name);
      expect(await invoice('INV-1')).toEqual(isDone ? changed : untouched);
      expect(await db.query('SELECT status FROM countersign_receipts')).toEqual(
        isDone ? [{ status: 'applied' }] : [],
      );

      plane.queue(jobFor('INV-1'));
      await startReady();
      const status = isDone ? 'already_applied' : 'applied';
      await plane.until(() => plane.results.at(-1)?.status === status);
      expect(await invoice('INV-1')).toEqual(changed);
      expect(await db.query('SELECT result_hash FROM countersign_receipts')).toEqual([
        { result_hash: plane.results.at(-1)?.result_hash },
      ]);
      expect(new Set(plane.results.map(({ result_hash }) => result_hash)).size).toBe(1);
    },
  );

  test('is not in the production build', async () => {
    expect(await readFile(bundle, 'utf8')).not.toContain('COUNTERSIGN_FAILPOINT');
    expect(await readFile(failpointsBundle, 'utf8')).toContain('COUNTERSIGN_FAILPOINT');
  });
});
