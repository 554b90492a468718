import {
  type RehearsalLimits,
  runnerConfigSchema,
  type SourceConfig,
  type TablePermission,
} from '@countersign/runner/config/runner-config';
import { connectDatabase } from '@countersign/runner/databases/connect-database';
import type {
  Authority,
  Outcome,
  RehearsalOutcome,
  SourceDatabase,
} from '@countersign/runner/databases/source-database';
import type { RehearsalPlan } from '@countersign/runner/verify/rehearsal-plan';
import type { AttemptFacts, WritePlan } from '@countersign/runner/verify/write-plan';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { DatabaseServer, TestDatabase } from '../../../support/database-server.ts';
import type { TestEngine } from '../../../support/engines.ts';
import { eventually } from '../../../support/eventually.ts';
import { sharedServer } from '../../../support/shared-servers.ts';
import { TcpProxy } from '../../../support/tcp-proxy.ts';
import type { EngineShop, OwnSession } from './engine-shop.ts';
import { shops } from './mysql-shop.ts';
import { postgresShop } from './postgres-shop.ts';

export interface ConnectOptions {
  readonly url?: string;
  readonly connections?: number;
  readonly lockTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  /** Without them there are no rehearsals. */
  readonly rehearsals?: Partial<RehearsalLimits>;
  /** Beside the shop's own, by name without schema. */
  readonly tables?: Readonly<Record<string, TablePermission>>;
}

export interface RunOptions {
  readonly database?: SourceDatabase;
  readonly authority?: Authority;
  readonly giveUp?: AbortSignal;
}

export const always: Authority = { holds: () => true, regain: () => Promise.resolve(true) };
const facts: AttemptFacts = { attempt: 1, leaseId: 'lse_1', runnerId: 'runner-1' };

const invoices: TablePermission = {
  primary_key: 'id',
  tenant: { column: 'tenant_id' },
  version: { column: 'version', advance: 'integer' },
  columns: ['late_fee_cents', 'waiver_reason', 'memo', 'code', 'paid', 'total'],
  protected_columns: [],
};
const notes: TablePermission = {
  primary_key: 'id',
  tenant: { single_tenant: true },
  version: { column: 'changed_at', advance: 'timestamp' },
  columns: ['body'],
  protected_columns: [],
};

export function shopOf({ engine, name }: Pick<TestEngine, 'engine' | 'name'>): EngineShop {
  if (engine === 'postgres') return postgresShop;
  return name.startsWith('MariaDB') ? shops.MariaDB : shops.MySQL;
}

/** The shop on a server of one engine: a fresh database for each test, and the runner's way into it. */
export class Shop {
  readonly sql: EngineShop;
  readonly #engine: TestEngine;
  readonly #opened: SourceDatabase[] = [];
  readonly #proxies: TcpProxy[] = [];
  readonly #users: string[] = [];
  readonly #sessions: { end(): Promise<unknown> }[] = [];
  #server: DatabaseServer | undefined;
  #db: TestDatabase | undefined;
  #reader: OwnSession | undefined;

  constructor(engine: TestEngine) {
    this.#engine = engine;
    this.sql = shopOf(engine);
  }

  get server(): DatabaseServer {
    if (this.#server === undefined) throw new Error('the server has not been started');
    return this.#server;
  }

  get db(): TestDatabase {
    if (this.#db === undefined) throw new Error('there is no database');
    return this.#db;
  }

  async start(server: DatabaseServer, sql: string): Promise<void> {
    this.#server = server;
    await server.template('shop', `${this.sql.sql}${sql}`);
  }

  async open(): Promise<void> {
    this.#db = await this.server.clone('shop');
    this.#reader = undefined;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((database) => database.close()));
    await Promise.all(this.#proxies.splice(0).map((proxy) => proxy.stop()));
    await Promise.all(this.#sessions.splice(0).map((session) => session.end()));
    for (const user of this.#users.splice(0)) await this.db.query(this.sql.dropUser(user));
    await this.#db?.drop();
  }

  /** A table's name in the configuration. */
  table(name: string): string {
    return `${this.sql.schemaOf(this.db)}.${name}`;
  }

  config({
    connections = 4,
    lockTimeoutMs = 5_000,
    statementTimeoutMs = 8_000,
    rehearsals,
    tables = {},
  }: ConnectOptions = {}): SourceConfig {
    const timed = this.sql.timedTables.map(({ table }) => [this.table(table), notes] as const);
    const others = Object.entries(tables).map(
      ([name, permission]) => [this.table(name), permission] as const,
    );
    const { sources } = runnerConfigSchema.parse({
      control_plane: { url: 'http://127.0.0.1:1', token: { env: 'TOKEN' } },
      runner_id: 'runner-1',
      sources: {
        src_shop: {
          engine: this.#engine.engine,
          database_url: { env: 'SHOP_DATABASE_URL' },
          connections,
          ...(rehearsals === undefined ? {} : { rehearsals }),
          receipts: { schema: this.sql.schemaOf(this.db), table: 'countersign_receipts' },
          tables: Object.fromEntries([[this.table('invoices'), invoices], ...timed, ...others]),
        },
      },
    });
    const { src_shop: source } = sources;
    if (source === undefined) throw new Error('the configuration has no source');
    // Tests look at limits that no configuration may have.
    return { ...source, lock_timeout_ms: lockTimeoutMs, statement_timeout_ms: statementTimeoutMs };
  }

  connect(options: ConnectOptions = {}): SourceDatabase {
    const database = connectDatabase(this.config(options), options.url ?? this.db.url);
    this.#opened.push(database);
    return database;
  }

  /** The change that most tests are about: of one invoice, from version 7. */
  plan(change: Partial<WritePlan> = {}): WritePlan {
    return {
      table: this.table('invoices'),
      primaryKey: 'INV-1',
      tenant: 'acme',
      expectedVersion: '7',
      columns: ['late_fee_cents', 'waiver_reason'],
      values: ['0', 'goodwill'],
      idempotencyKey: 'wrp_1:INV-1',
      jobId: 'wbj_wrp_1',
      proposalId: 'wrp_1',
      proposalHash: 'sha256:one',
      ...change,
    };
  }

  run(
    change: Partial<WritePlan> = {},
    { database = this.connect(), authority = always, giveUp = new AbortController().signal }: RunOptions = {},
  ): Promise<Outcome> {
    return database.apply(this.plan(change), facts, authority, giveUp);
  }

  /** The change of `plan`, with everything that may be told of the invoice. */
  rehearsalPlan(change: Partial<RehearsalPlan> = {}): RehearsalPlan {
    const { columns, primaryKey, table, tenant, values } = this.plan();
    return {
      ...{ columns, primaryKey, table, tenant, values },
      rehearsalId: 'rhs_1',
      leaseId: 'lse_1',
      proposalId: 'wrp_1',
      agent: 'ada',
      expiresAtMs: Number.POSITIVE_INFINITY,
      visible: ['id', 'version', 'late_fee_cents', 'waiver_reason', 'memo'],
      ...change,
    };
  }

  rehearse(
    change: Partial<RehearsalPlan> = {},
    database = this.connect({ rehearsals: {} }),
  ): Promise<RehearsalOutcome> {
    return database.rehearseChange(this.rehearsalPlan(change), 'runner-1');
  }

  /** Opens a session and fills what is remembered, so that the next write is one trip. */
  async warmUp(database: SourceDatabase): Promise<void> {
    await this.run({ primaryKey: 'warm up', idempotencyKey: 'warm' }, { database });
  }

  async invoice(id: string, tenant: string) {
    const [row] = await this.db.query(
      `SELECT * FROM invoices WHERE id = '${id}' AND tenant_id = '${tenant}'`,
    );
    return row;
  }

  receipts() {
    return this.db.query('SELECT * FROM countersign_receipts ORDER BY idempotency_key');
  }

  async session(): Promise<OwnSession> {
    const session = await this.db.session();
    if (!isSession(session)) throw new TypeError('the driver has no query()');
    return session;
  }

  /** Rows, also after a crash: by a session that is replaced once it has ended. */
  async rows(sql: string): Promise<readonly Record<string, unknown>[]> {
    this.#reader ??= await this.session();
    let result: unknown;
    try {
      result = await this.#reader.query(sql);
    } catch {
      this.#reader = await this.session();
      result = await this.#reader.query(sql);
    }
    const rows: unknown = Array.isArray(result) ? result[0] : Object(result).rows;
    return Array.isArray(rows) ? rows : [];
  }

  /** A session that holds the lock of the invoice that most tests are about, until it ends its transaction. */
  async blocker(): Promise<OwnSession> {
    const session = await this.session();
    await session.query('BEGIN');
    await session.query(`SELECT 1 FROM invoices WHERE id = 'INV-1' AND tenant_id = 'acme' FOR UPDATE`);
    return session;
  }

  /** Waits until that many sessions of the runner stand before a lock. */
  async untilBlocked(count: number): Promise<void> {
    await eventually(
      () => this.sql.blocked(this.db),
      (blocked) => blocked >= count,
    );
  }

  async proxied(): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: this.server.port });
    this.#proxies.push(proxy);
    return { proxy, url: this.server.url(this.db.name, { port: proxy.port }) };
  }

  async sessionAt(url: string): Promise<OwnSession> {
    const session = await this.sql.connect(url);
    this.#sessions.push(session);
    return session;
  }

  /** The address for a new user, made by the SQL that the runner prints. */
  async urlOfGranted(config: SourceConfig): Promise<string> {
    const name = `clerk_${this.db.name}`;
    await this.db.query(this.sql.grantsSql(config, name, 'secret'));
    this.#users.push(name);
    return this.server.url(this.db.name, { role: name, password: 'secret' });
  }

  /** The address for a new user, who has these rights on tables: `SELECT, INSERT ON audit`. */
  async urlOfUser(...grants: readonly string[]): Promise<string> {
    const name = `clerk_${this.db.name}`;
    await this.db.query(this.sql.makeUser(name, 'secret'));
    this.#users.push(name);
    for (const grant of grants) await this.db.query(`GRANT ${grant} TO ${this.sql.user(name)}`);
    return this.server.url(this.db.name, { role: name, password: 'secret' });
  }
}

function isSession(value: unknown): value is OwnSession {
  return typeof Object(value).query === 'function';
}

/** A shop for the tests around it, with a database of its own for each of them, on the server that files share. */
export function useShop(engine: TestEngine, sql = ''): Shop {
  return use(engine, async (shop) => shop.start(await sharedServer(engine), sql));
}

/** The same with a server of its own, for tests that do something to it. */
export function useShopAlone(engine: TestEngine, sql = ''): Shop {
  let server: DatabaseServer | undefined;
  const shop = use(engine, async (made) => {
    server = await engine.start();
    await made.start(server, sql);
  });
  afterAll(() => server?.stop(), 30_000);
  return shop;
}

function use(engine: TestEngine, start: (shop: Shop) => Promise<void>): Shop {
  const shop = new Shop(engine);
  beforeAll(() => start(shop), 60_000);
  beforeEach(() => shop.open(), 30_000);
  afterEach(() => shop.close(), 30_000);
  return shop;
}
