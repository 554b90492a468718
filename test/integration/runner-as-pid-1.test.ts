import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PublicJob } from '@countersign/protocol/writeback-job';
import { imageFacts } from '@countersign/runner/deploy/dockerfile';
import { sampleJob } from '@countersign/runner/verify/sample-job';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Container, childrenOf, inside, whyNoNamespaces } from '../support/container.ts';
import { FakeControlPlane } from '../support/fake-control-plane.ts';
import { PostgresServer, type TestDatabase } from '../support/postgres-server.ts';
import { builtRunner } from '../support/runner-builds.ts';

const run = promisify(execFile);
const DEPLOY = join(import.meta.dirname, '../../runner/deploy');
const ROLE_PASSWORD = 'only-of-this-test';
const { user, entrypoint, command, healthcheck } = imageFacts();

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) console.warn(`The runner is NOT tested as process 1: ${obstacle}`);

let folder: string;
let root: string;
let server: PostgresServer;
let db: TestDatabase;
let plane: FakeControlPlane;
let container: Container | undefined;

beforeAll(async () => {
  if (obstacle !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'countersign-image-'));
  root = join(folder, 'root');
  const bundle = await builtRunner();
  await run('sh', [join(DEPLOY, 'image-root.sh'), process.execPath, bundle, root]);
  server = await PostgresServer.start();
  await server.template('billing', await exampleSql());
});

afterAll(async () => {
  if (obstacle !== undefined) return;
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  if (obstacle !== undefined) return;
  db = await server.clone('billing');
  plane = await FakeControlPlane.start();
});

afterEach(async () => {
  await container?.kill();
  container = undefined;
  await plane?.stop();
  await db?.drop();
});

/** The SQL of the compose file's database, with the one line done that only psql understands. */
async function exampleSql(): Promise<string> {
  const sql = await readFile(join(DEPLOY, 'database.sql'), 'utf8');
  const plain = sql.replace(/^\\set password .*\n/m, '').replace(`:'password'`, `'${ROLE_PASSWORD}'`);
  return `${plain} INSERT INTO invoices VALUES ('INV-3001', 'acme', 7, 5500, NULL)`;
}

/** The example's configuration, but for where the control plane is and which port is free; and its two secrets. */
async function configure(): Promise<void> {
  const config = JSON.parse(await readFile(join(DEPLOY, 'runner.json'), 'utf8'));
  config.control_plane.url = plane.url;
  config.http.port = await freePort();
  await writeFile(join(root, 'etc/countersign/runner.json'), JSON.stringify(config));
  const databaseUrl = server.url(db.name, { role: 'countersign', password: ROLE_PASSWORD });
  await writeFile(join(root, 'run/secrets/countersign-token'), plane.token);
  await writeFile(join(root, 'run/secrets/database-url'), databaseUrl);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Runs what the Dockerfile says, as the user that it says. */
function startContainer(): Container {
  container = new Container({ root, user, argv: [...entrypoint, ...command] });
  return container;
}

const job: PublicJob = {
  ...sampleJob,
  runner_scope: { ...sampleJob.runner_scope, source_id: 'src_billing' },
};

const title = 'the image works as process 1, without rights, on a root that cannot be written';
const skipped = obstacle === undefined ? '' : ` (SKIPPED, no namespaces here: ${obstacle})`;
test.skipIf(obstacle !== undefined)(`${title}${skipped}`, async () => {
  await configure();
  plane.queue(job);
  const started = startContainer();
  await started.unlessEnded(plane.until(() => plane.results.length === 1));
  expect(plane.results).toMatchObject([{ job_id: job.writeback_job_id, status: 'applied' }]);
  expect(await db.query('SELECT version, late_fee_cents, waiver_reason FROM invoices')).toEqual([
    { version: '8', late_fee_cents: '0', waiver_reason: 'goodwill' },
  ]);
  expect(await db.query('SELECT status FROM countersign_receipts')).toEqual([{ status: 'applied' }]);

  const pid = await started.pid();
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  expect(status).toMatch(/^NSpid:.*\t1$/m);
  expect(status).toMatch(/^CapEff:\t0+$/m);
  const node = entrypoint.slice(0, 1);
  expect(await inside(pid, [...node, '-p', `[process.getuid(), process.getgid()].join(':')`])).toBe(user);
  const write = `try { fs.writeFileSync('/written', '') } catch ({ code }) { console.log(code) }`;
  expect(await inside(pid, [...node, '-e', write])).toBe('EROFS');

  // Fails unless it ends with 0.
  await inside(pid, healthcheck);
  expect(await childrenOf(pid)).toBe('');

  process.kill(pid, 'SIGTERM');
  expect(await started.exit).toBe(0);
  await expect(access(`/proc/${pid}`)).rejects.toThrow('ENOENT');
  expect(plane.requests.at(-1)).toMatchObject({ route: 'runner-heartbeat', body: { status: 'draining' } });
});

test.skipIf(obstacle !== undefined)(`the health check fails where nothing answers${skipped}`, async () => {
  await configure();
  plane.queue(job);
  const started = startContainer();
  await started.unlessEnded(plane.until(() => plane.results.length === 1));
  const pid = await started.pid();
  await inside(pid, healthcheck);
  const config = JSON.parse(await readFile(join(root, 'etc/countersign/runner.json'), 'utf8'));
  config.http.port = await freePort();
  await writeFile(join(root, 'etc/countersign/runner.json'), JSON.stringify(config));
  await expect(inside(pid, healthcheck)).rejects.toMatchObject({ code: 1 });
});
