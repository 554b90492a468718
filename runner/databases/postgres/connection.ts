import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import pg from 'pg';
import { cannotConnect, connectionLost, DatabaseFault, timedOut } from '../database-fault.ts';
import type { Row, Session } from '../session.ts';
import { type Complaint, meaningOf } from './sqlstates.ts';

/** How a source's sessions are set up. */
export interface SessionOptions {
  readonly databaseUrl: string;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** After which silence between two statements of a transaction the server ends it; usually a while more than a statement may take. */
  readonly silenceTimeoutMs?: number;
  /** The table of receipts, `schema.table`. */
  readonly receipts: string;
}

/** A statement's text under a name that no other text has; without a name it is parsed anew each time. */
export interface Statement {
  readonly name: string | undefined;
  readonly text: string;
}

/** What a parameter of a statement can be; an array is one of the database's texts. */
export type Parameter = string | null | readonly (string | null)[];

export interface TypedRows {
  readonly rows: readonly Row[];
  readonly types: readonly number[];
}

const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a statement by its own timeout; when it does not even do that, it is gone. */
const SERVER_SPARE_MS = 5_000;

/** A session of PostgreSQL. */
export class Connection implements Session {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  readonly #deadlineMs: number;
  /** Servers exist that share one session among all connections, and with it the names of statements. */
  readonly #tag = randomBytes(6).toString('hex');
  #usable = true;
  #hasExpired = false;

  private constructor(client: pg.Client, socket: Socket, options: SessionOptions) {
    this.#client = client;
    this.#socket = socket;
    this.#options = options;
    this.#deadlineMs = options.statementTimeoutMs + SERVER_SPARE_MS;
  }

  /** Opens a session and pins its settings; throws `DatabaseFault`. */
  static async open(options: SessionOptions): Promise<Connection> {
    const socket = new Socket();
    const client = newClient(options.databaseUrl, socket);
    const connection = new Connection(client, socket, options);
    // Without a listener, a server that goes away while the session is idle would end the process.
    client.on('error', () => connection.destroy());
    client.on('end', () => connection.destroy());
    try {
      await client.connect();
      await connection.#run(client.query(sessionSettings(options)));
    } catch (cause) {
      connection.destroy();
      throw cannotConnect(cause instanceof pg.DatabaseError ? cause.code : undefined, { cause });
    }
    return connection;
  }

  get isUsable(): boolean {
    return this.#usable;
  }

  /** Runs one statement with parameters and returns its rows, after the commit; throws `DatabaseFault`. */
  async execute(statement: Statement, values: readonly Parameter[]): Promise<readonly Row[]> {
    return (await this.#execute(statement, values)).rows;
  }

  /** The same, with the number in pg_type of each column's type; a domain counts as what it is made of. */
  async executeTyped(statement: Statement, values: readonly Parameter[]): Promise<TypedRows> {
    const { fields, rows } = await this.#execute(statement, values);
    return { rows, types: fields.map(({ dataTypeID }) => dataTypeID) };
  }

  #execute({ name, text }: Statement, values: readonly Parameter[]) {
    const query = this.#client.query<(string | null)[]>({
      name: name === undefined ? undefined : `${name}_${this.#tag}`,
      text,
      values: [...values],
      rowMode: 'array',
    });
    return this.#run(query);
  }

  /** Runs SQL text without parameters; throws `DatabaseFault`. */
  async run(text: string): Promise<void> {
    await this.#run(this.#client.query(text));
  }

  async close(): Promise<void> {
    this.#usable = false;
    const farewell = setTimeout(() => this.#socket.destroy(), CONNECT_TIMEOUT_MS);
    await this.#client.end().catch(() => undefined);
    clearTimeout(farewell);
    this.#socket.destroy();
  }

  destroy(): void {
    this.#usable = false;
    this.#socket.destroy();
  }

  async #run<Result>(query: Promise<Result>): Promise<Result> {
    const deadline = setTimeout(() => this.#expire(), this.#deadlineMs);
    try {
      return await query;
    } catch (cause) {
      throw this.#faultOf(cause);
    } finally {
      clearTimeout(deadline);
    }
  }

  #expire(): void {
    this.#hasExpired = true;
    this.destroy();
  }

  #faultOf(cause: unknown): DatabaseFault {
    if (cause instanceof pg.DatabaseError && cause.code !== undefined) {
      const { code, constraint, schema, table } = cause;
      const complaint: Complaint = {
        code,
        constraint,
        table: table === undefined ? undefined : `${schema}.${table}`,
      };
      return new DatabaseFault(code, meaningOf(complaint, this.#options.receipts), { cause });
    }
    this.destroy();
    return this.#hasExpired ? timedOut({ cause }) : connectionLost({ cause });
  }
}

/** Throws `DatabaseFault` where a file that the URL names cannot be read now, as while it is replaced. */
function newClient(connectionString: string, socket: Socket): pg.Client {
  try {
    return new pg.Client({
      connectionString,
      application_name: 'countersign-runner',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      stream: () => socket,
      types: { getTypeParser: () => (text: string) => text },
    });
  } catch (cause) {
    throw cannotConnect(undefined, { cause });
  }
}

/**
 * What statements mean depends on settings that a role, a database or a URL may have changed. `search_path` is not
 * among these: our own names are all qualified, and the triggers of the customer's tables may count on theirs.
 */
function sessionSettings({
  lockTimeoutMs,
  statementTimeoutMs,
  silenceTimeoutMs = statementTimeoutMs + SERVER_SPARE_MS,
}: SessionOptions): string {
  return [
    `SET TimeZone = 'UTC'`,
    `SET DateStyle = 'ISO, YMD'`,
    `SET IntervalStyle = 'postgres'`,
    'SET extra_float_digits = 3',
    'SET standard_conforming_strings = on',
    `SET default_transaction_isolation = 'read committed'`,
    'SET default_transaction_read_only = off',
    'SET default_transaction_deferrable = off',
    `SET lock_timeout = ${lockTimeoutMs}`,
    `SET statement_timeout = ${statementTimeoutMs}`,
    // Between the statements of a transaction there is no waiting but for the line: when that is gone, so are the locks.
    `SET idle_in_transaction_session_timeout = ${silenceTimeoutMs}`,
    // A receipt that is reported must outlive a crash of the server. Stricter settings stay as they are.
    `SELECT pg_catalog.set_config('synchronous_commit', 'on', false)
       WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'`,
  ].join('; ');
}
