import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
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
import { FakeControlPlane } from '../support/fake-control-plane.ts';
import { PostgresServer, type TestDatabase } from '../support/postgres-server.ts';
import { builtRunner } from '../support/runner-builds.ts';

const run = promisify(execFile);
const DEPLOY = join(import.meta.dirname, '../../runner/deploy');
const ROLE_PASSWORD = 'only-of-this-test';
const { user, entrypoint, command, healthcheck } = imageFacts();
const [uid = '', gid = ''] = user.split(':');

/** Becomes root of a user namespace, which may mount; needs no rights on the machine. */
const asMounter = ['--user', '--map-root-user', '--mount'];
/** From there: the image's user without a capability, and namespaces in which the next process is number 1. */
const asContainer = [
  ...['--user', `--map-user=${uid}`, `--map-group=${gid}`],
  ...['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'],
];
/** Makes the folder $1 a file system that nobody inside can write, and the root of what follows. */
const containerScript = `set -e; root=$1; shift
mount --bind "$root" "$root"
mount -o remount,bind,ro,nosuid,nodev "$root"
exec unshare --root="$root" --wd=/ "$@"`;

/** Why this machine cannot do what a container needs; undefined when it can. */
function whyNoNamespaces(): string | undefined {
  const probe = spawnSync('unshare', [...asMounter, 'unshare', ...asContainer, 'true'], { encoding: 'utf8' });
  if (probe.status === 0) return undefined;
  return probe.error?.message ?? (probe.stderr.trim() || `unshare ended with ${probe.status}`);
}
const obstacle = whyNoNamespaces();
if (obstacle !== undefined) console.warn(`The runner is NOT tested as process 1: ${obstacle}`);

let folder: string;
let root: string;
let server: PostgresServer;
let db: TestDatabase;
let plane: FakeControlPlane;
let container: ChildProcess | undefined;

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
  if (container !== undefined && container.exitCode === null && container.signalCode === null) {
    const ended = once(container, 'close');
    container.kill('SIGKILL');
    await ended;
  }
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

interface Started {
  /** Process 1, by its number on this machine. */
  readonly pid: () => Promise<number>;
  readonly exit: Promise<number | string>;
  /** What is waited for, or an error with all that the runner wrote when it ends first. */
  readonly unlessEnded: (waited: Promise<void>) => Promise<void>;
}

/** Runs what the Dockerfile says, as the user that it says. */
function startContainer(): Started {
  const inner = [...asContainer, '--', ...entrypoint, ...command];
  const args = [...asMounter, '/bin/sh', '-c', containerScript, 'sh', root, ...inner];
  const started = spawn('unshare', args, {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  container = started;
  let text = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (data) => {
      text += data;
    });
  }
  const exit = once(started, 'close').then(([code, signal]): number | string => code ?? signal);
  const early = async () => {
    throw new Error(`the runner ended (${await exit}):\n${text}`);
  };
  return {
    pid: async () => Number(await childrenOf(started.pid)),
    exit,
    unlessEnded: (waited) => Promise.race([waited, early()]),
  };
}

/** The children of a process, also those that have ended and were not waited for: numbers with blanks between. */
async function childrenOf(pid: number | undefined): Promise<string> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim();
}

/** Runs a command beside process 1, as a container engine runs a health check; resolves with what it prints. */
async function inside(pid: number, argv: readonly string[]): Promise<string> {
  const enter = ['--user', '--preserve-credentials', '--pid', '--mount', '--root', '--wd'];
  const { stdout } = await run('nsenter', [`--target=${pid}`, ...enter, '--', ...argv]);
  return stdout.trim();
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
  const { pid: findPid, exit, unlessEnded } = startContainer();
  await unlessEnded(plane.until(() => plane.results.length === 1));
  expect(plane.results).toMatchObject([{ job_id: job.writeback_job_id, status: 'applied' }]);
  expect(await db.query('SELECT version, late_fee_cents, waiver_reason FROM invoices')).toEqual([
    { version: '8', late_fee_cents: '0', waiver_reason: 'goodwill' },
  ]);
  expect(await db.query('SELECT status FROM countersign_receipts')).toEqual([{ status: 'applied' }]);

  const pid = await findPid();
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
  expect(await exit).toBe(0);
  await expect(access(`/proc/${pid}`)).rejects.toThrow('ENOENT');
  expect(plane.requests.at(-1)).toMatchObject({ route: 'runner-heartbeat', body: { status: 'draining' } });
});

test.skipIf(obstacle !== undefined)(`the health check fails where nothing answers${skipped}`, async () => {
  await configure();
  plane.queue(job);
  const { pid: findPid, unlessEnded } = startContainer();
  await unlessEnded(plane.until(() => plane.results.length === 1));
  const pid = await findPid();
  await inside(pid, healthcheck);
  const config = JSON.parse(await readFile(join(root, 'etc/countersign/runner.json'), 'utf8'));
  config.http.port = await freePort();
  await writeFile(join(root, 'etc/countersign/runner.json'), JSON.stringify(config));
  await expect(inside(pid, healthcheck)).rejects.toMatchObject({ code: 1 });
});
