import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import type { DatabaseServer, TestDatabase, UrlOptions } from './database-server.ts';
import { memoryFolder } from './memory-folder.ts';
import { GuardedProcess, HOST, markFinished, onFreePort } from './server-binaries/guarded-process.ts';
import type { MysqlBinaries } from './server-binaries/mysql-binaries.ts';
import { initialData, programSettings, sizeSettings } from './server-binaries/mysql-data.ts';

const USER = 'root';
/** Seconds after which SQL of the superuser's gives up on a table that a test left locked. */
const LONGEST_LOCK = 10;

/**
 * A real MySQL or MariaDB on a free port of 127.0.0.1, with its files in a temporary folder. It ends with the process
 * that started it, however that ends. A database is what other products call a schema.
 */
export class MysqlServer implements DatabaseServer<mysql.Connection> {
  readonly engine = 'mysql';
  readonly label: string;
  readonly #folder: string;
  readonly #binaries: MysqlBinaries;
  readonly #password = randomBytes(12).toString('hex');
  readonly #databases = new Set<TestDatabase>();
  readonly #templates = new Map<string, string>();
  #port = 0;
  #running: GuardedProcess | undefined;
  #made = 0;

  private constructor(folder: string, binaries: MysqlBinaries) {
    this.label = `${binaries.product} ${binaries.version}`;
    this.#folder = folder;
    this.#binaries = binaries;
  }

  static async start(binaries: MysqlBinaries): Promise<MysqlServer> {
    const data = await initialData(binaries);
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-mysql-'));
    const server = new MysqlServer(folder, binaries);
    try {
      await cp(data, server.#data, { recursive: true });
      await writeFile(server.#accounts, accountsSql(server.#password), { mode: 0o600 });
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
    return `mysql://${role}:${password}@${HOST}:${port}/${database}`;
  }

  /** The SQL runs once for each copy, in the copy. What it makes beside tables, such as users, is the server's. */
  async template(name: string, sql: string): Promise<void> {
    this.#templates.set(name, sql);
  }

  async clone(template: string): Promise<TestDatabase<mysql.Connection>> {
    const sql = this.#templates.get(template);
    if (sql === undefined) throw new Error(`there is no template ${template}`);
    this.#made += 1;
    const name = `test_${this.#made}`;
    await this.#run(`CREATE DATABASE ${name}; USE ${name}; ${sql}`);
    const database = this.#testDatabase(name);
    this.#databases.add(database);
    return database;
  }

  async crash(): Promise<void> {
    await this.#end();
  }

  async restart(): Promise<void> {
    await this.#launch(this.#port);
  }

  /** Nothing is to be kept, so the server is not asked to leave its files in order. */
  async stop(): Promise<void> {
    await Promise.allSettled([...this.#databases].map((database) => database.drop()));
    await markFinished(this.#folder);
    await this.#end();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  get #accounts(): string {
    return join(this.#folder, 'accounts.sql');
  }

  async #launch(port: number): Promise<void> {
    const command = [
      ...this.#binaries.command,
      ...programSettings(this.#binaries),
      ...sizeSettings(this.#binaries),
      ...serverSettings,
      ...(this.#binaries.product === 'MySQL' ? ['--mysqlx=OFF'] : []),
      `--datadir=${this.#data}`,
      `--tmpdir=${this.#folder}`,
      `--secure-file-priv=${this.#folder}`,
      `--socket=${join(this.#folder, 'socket')}`,
      `--pid-file=${join(this.#folder, 'pid')}`,
      `--init-file=${this.#accounts}`,
      `--port=${port}`,
    ];
    this.#running = await GuardedProcess.start({
      folder: this.#folder,
      command,
      ready: 'ready for connections',
      signal: 'KILL',
      account: {},
    });
    this.#port = port;
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.end('SIGKILL');
  }

  async #connect(database?: string): Promise<mysql.Connection> {
    const connection = await mysql.createConnection({
      host: HOST,
      port: this.#port,
      user: USER,
      password: this.#password,
      ...(database === undefined ? {} : { database }),
      multipleStatements: true,
      timezone: 'Z',
      // JSON says of itself that it is binary.
      typeCast: (field) => field.string(field.type === 'JSON' ? 'utf8' : undefined),
    });
    // A server that a test crashes takes this session with it; whoever uses it next hears of that.
    connection.on('error', () => undefined);
    return connection;
  }

  async #run(sql: string): Promise<void> {
    const connection = await this.#connect();
    try {
      await connection.query(`SET lock_wait_timeout = ${LONGEST_LOCK}`);
      await connection.query(sql);
    } finally {
      connection.destroy();
    }
  }

  /** Ends whoever uses a database: a table that is in use is not dropped. */
  async #expel(name: string): Promise<void> {
    const connection = await this.#connect();
    try {
      for (const { Id, db } of rowsOf(await connection.query('SHOW PROCESSLIST'))) {
        // It may have left by itself meanwhile.
        if (db === name) await connection.query(`KILL ${Id}`).catch(() => undefined);
      }
    } finally {
      connection.destroy();
    }
  }

  #testDatabase(name: string): TestDatabase<mysql.Connection> {
    const sessions: mysql.Connection[] = [];
    const session = async () => {
      const connection = await this.#connect(name);
      sessions.push(connection);
      return connection;
    };
    // Of the server as it runs now: after a crash and a restart it takes a new one.
    let own: { readonly connection: mysql.Connection; readonly run: GuardedProcess | undefined } | undefined;
    const database: TestDatabase<mysql.Connection> = {
      name,
      url: this.url(name),
      session,
      query: async (sql, values = []) => {
        if (own === undefined || own.run !== this.#running) {
          own = { connection: await session(), run: this.#running };
        }
        return rowsOf(await own.connection.query(sql, [...values]));
      },
      drop: async () => {
        this.#databases.delete(database);
        for (const connection of sessions) connection.destroy();
        await this.#expel(name);
        await this.#run(`DROP DATABASE IF EXISTS ${name}`);
      },
    };
    return database;
  }
}

/** What is tested is killed processes, never a loss of power; `/dev/shm` answers a sync at once anyway. */
const serverSettings = [
  `--bind-address=${HOST}`,
  '--skip-name-resolve',
  '--skip-log-bin',
  // As packages of MariaDB set it; its own is Latin 1.
  '--character-set-server=utf8mb4',
  '--max-connections=200',
];

/** The superuser, from wherever on this machine; runs at each start, before anybody is let in. One line a statement. */
function accountsSql(password: string): string {
  return [
    `CREATE USER IF NOT EXISTS ${USER}@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${USER}@'%' WITH GRANT OPTION;`,
    `ALTER USER ${USER}@localhost IDENTIFIED BY '${password}';`,
    '',
  ].join('\n');
}

/** The rows of a statement; of several in one text, those of the last one that has any to give. */
function rowsOf([result, fields]: readonly [unknown, unknown]): Record<string, string | null>[] {
  if (!Array.isArray(result)) return [];
  const areSeveral =
    Array.isArray(fields) && fields.some((shape) => shape === undefined || Array.isArray(shape));
  return areSeveral ? (result.findLast(Array.isArray) ?? []) : result;
}
