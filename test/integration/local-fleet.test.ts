import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { proposal, SOURCE } from '../support/change-set.ts';
import { WAIVE_IN_SHOP } from '../support/contract.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer } from '../support/http.ts';
import type { PostgresServer, TestDatabase } from '../support/postgres-server.ts';
import { builtRunner } from '../support/runner-builds.ts';
import { endOf, ServedPlane } from '../support/served-plane.ts';
import { sharedPostgres } from '../support/shared-servers.ts';
import type { TestTenant } from '../support/tenant.ts';

/* Runners that the command line started, at a plane that it serves: whichever process is killed, the others do the work. */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const JOBS = 60;
const WORKERS = 3;
const shopSql = `
  CREATE TABLE invoices (
    id text PRIMARY KEY, tenant_id text NOT NULL, version bigint NOT NULL, late_fee_cents integer);
  INSERT INTO invoices SELECT 'INV-' || n, 'acme', 7, 5500 FROM generate_series(1, ${JOBS}) AS n;
  ${receiptTableSql('public', 'countersign_receipts')};
`;

interface Word {
  readonly event: string;
  readonly runner_id?: string;
  readonly pid?: number;
  readonly signal?: string | null;
  readonly safe_to_stop?: boolean;
}

let server: PostgresServer;
let served: ServedPlane;
let tenant: TestTenant;
let database: TestDatabase;
let bundle: string;
/** Every process of a runner that was ever told of. */
const pids = new Set<number>();

beforeAll(async () => {
  [server, served, bundle] = await Promise.all([sharedPostgres(), ServedPlane.configure(), builtRunner()]);
  await server.template('fleetshop', shopSql);
});
afterAll(() => served?.remove());
beforeEach(async () => {
  tenant = await served.addTenant();
  database = await server.clone('fleetshop');
  expect(await served.run('serve', '--daemon')).toMatchObject({ code: 0 });
  await served.govern(tenant);
});
afterEach(async () => {
  for (const pid of pids) signalTo(pid);
  pids.clear();
  await served.run('serve', '--stop');
  await database.drop();
});

function signalTo(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** A local fleet, and what it says. */
class Fleet {
  readonly words: Word[] = [];
  readonly process: ChildProcess;
  readonly ended: ReturnType<typeof endOf>;

  constructor(child: ChildProcess) {
    this.process = child;
    if (child.stdout === null) throw new TypeError('its output is not read');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const word = JSON.parse(line) as Word;
      this.words.push(word);
      if (word.event === 'started' && word.pid !== undefined) pids.add(word.pid);
    });
    this.ended = endOf(child);
  }

  /** Resolves with the words of an event once there are so many. */
  async said(event: string, count = 1): Promise<readonly Word[]> {
    return eventually(
      async () => this.words.filter((word) => word.event === event),
      ({ length }) => length >= count,
      90_000,
    );
  }
}

async function startFleet(config: object = {}, ...more: string[]): Promise<Fleet> {
  const file = join(served.folder, 'runner.json');
  const table = {
    primary_key: 'id',
    tenant: { column: 'tenant_id' },
    version: { column: 'version', advance: 'integer' },
    columns: ['late_fee_cents'],
  };
  const source = {
    engine: 'postgres',
    database_url: { env: 'SHOP_URL' },
    tables: { 'public.invoices': table },
  };
  const whole = {
    control_plane: { url: served.origin, token: { env: 'RUNNER_TOKEN' }, project_id: tenant.project },
    runner_id: { env: 'COUNTERSIGN_RUNNER_ID' },
    lanes: 2,
    sources: { [SOURCE]: source },
    ...config,
  };
  await writeFile(file, JSON.stringify(whole));
  const environment = {
    COUNTERSIGN_URL: served.origin,
    COUNTERSIGN_PROJECT: tenant.project,
    COUNTERSIGN_TOKEN: tenant.olivia.token,
    RUNNER_TOKEN: tenant.runner.token,
    SHOP_URL: database.url,
  };
  const args = [
    'fleet',
    'start',
    '--workers',
    String(WORKERS),
    '--config',
    file,
    '--runner',
    bundle,
    '--json',
  ];
  return new Fleet(served.startWith(environment, ...args, ...more));
}

/** Sent until it is answered, as a careful client would while the plane is away. */
async function insist(ask: () => Promise<Answer>): Promise<Answer> {
  return eventually(
    () => ask().catch(() => undefined),
    (answer) => answer !== undefined && answer.status < 500,
    60_000,
  ).then((answer) => answer as Answer);
}

/** Proposes and approves the waiver of an invoice's fee, whatever becomes of the plane meanwhile. */
async function approve(number: number): Promise<void> {
  const id = `INV-${number}`;
  const source = {
    kind: 'external_postgres',
    source_id: SOURCE,
    schema: 'public',
    table: 'invoices',
    primary_key: { column: 'id', value: id },
  };
  const wanted = proposal({
    action: WAIVE_IN_SHOP,
    scope: { tenant_id: 'acme', business_object: 'invoice', object_id: id },
    source,
  });
  const headers = { 'idempotency-key': `propose ${id}`.replace(' ', '-') };
  const made = await insist(() => tenant.service.post('/v1/proposals', wanted, { headers }));
  expect(made.text).toContain('proposal_id');
  const decided = await insist(() => tenant.ada.post(`/v1/proposals/${made.body.proposal_id}/approve`));
  expect([200, 409]).toContain(decided.status);
}

async function approveAll(from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number += 1) await approve(number);
}

/** Resolves when so many rows are changed, or more. */
async function applied(count: number): Promise<void> {
  const rows = () =>
    database.query('SELECT count(*) AS count FROM invoices WHERE late_fee_cents = 0 AND version = 8');
  await eventually(rows, ([row]) => Number(row?.count) >= count, 120_000);
}

async function expectAppliedOnce(count: number): Promise<void> {
  await applied(count);
  expect(await database.query('SELECT max(version) AS version FROM invoices')).toEqual([{ version: '8' }]);
  const receipts = await database.query(
    "SELECT count(*) AS count, count(DISTINCT proposal_id) AS proposals FROM countersign_receipts WHERE status = 'applied'",
  );
  expect(receipts).toEqual([{ count: String(count), proposals: String(count) }]);
  const told = async () => {
    const { body } = await insist(() => tenant.olivia.get('/v1/proposals?limit=500'));
    return (body.proposals ?? []).filter(({ status }) => status === 'applied').length;
  };
  expect(await eventually(told, (found) => found === count, 90_000)).toBe(count);
}

test('all come online; whichever process is killed under load, every job is applied exactly once', async () => {
  const fleet = await startFleet();
  await fleet.said('converged');
  const [first] = fleet.words.filter(({ event }) => event === 'started');

  const approving = Promise.all([approveAll(1, 17), approveAll(18, 34), approveAll(35, 50)]);
  await applied(3);
  // A runner.
  signalTo(Number(first?.pid));
  await applied(12);
  // The plane: who watches it, it, and workerd below it.
  const plane = await served.processes();
  for (const pid of [plane.supervisor, plane.plane, plane.workerd]) signalTo(pid);
  await eventually(
    () => served.run('serve', '--daemon'),
    ({ code }) => code === 0,
  );
  await approving;
  const [ended] = await fleet.said('ended');
  expect(ended).toMatchObject({ runner_id: first?.runner_id, signal: 'SIGKILL' });
  expect(await fleet.said('started', WORKERS + 1)).toHaveLength(WORKERS + 1);
  await fleet.said('back');
  await fleet.said('converged', 2);

  // And who started them: they go on by themselves.
  fleet.process.kill('SIGKILL');
  await fleet.ended;
  await approveAll(51, JOBS);
  await expectAppliedOnce(JOBS);
});

test('Ctrl-C drains all: each ends well, and holds nothing', async () => {
  const fleet = await startFleet({}, '--name', 'desk');
  await fleet.said('converged');
  const busy = await (await startFleet({}, '--name', 'desk')).ended;
  expect(busy).toMatchObject({ code: 4, out: '' });
  expect(JSON.parse(busy.err).next).toContain('--name');
  await approveAll(1, 10);
  fleet.process.kill('SIGINT');
  expect((await fleet.ended).code).toBe(0);
  const drained = fleet.words.filter(({ event }) => event === 'drained');
  expect(drained).toEqual(
    ['desk-1', 'desk-2', 'desk-3'].map((runner_id) =>
      expect.objectContaining({ runner_id, safe_to_stop: true }),
    ),
  );
  const { body } = await tenant.olivia.get('/v1/runners');
  expect(body.runners?.map(({ status }) => status)).toEqual(['draining', 'draining', 'draining']);
});

test('a configuration with one name for all, or one that may not work, leaves no process', async () => {
  for (const [config, code, next] of [
    [{ runner_id: 'only' }, 2, 'COUNTERSIGN_RUNNER_ID'],
    [{ lanes: 0 }, 3, 'doctor'],
  ] as const) {
    const fleet = await startFleet(config);
    const { err, ...ended } = await fleet.ended;
    expect(ended.code, err).toBe(code);
    expect(err).toContain(next);
    expect([...pids].filter(isThere)).toEqual([]);
  }
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
