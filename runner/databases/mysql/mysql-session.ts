import { connect, type Socket } from 'node:net';
import { type Connection, createConnection, type QueryError } from 'mysql2';
import { cannotConnect, connectionLost, DatabaseFault, timedOut } from '../database-fault.ts';
import type { Row, Session } from '../session.ts';
import type { Ending } from '../table-writer.ts';
import { type Complaint, meaningOf, type Place } from './error-numbers.ts';
import type { MysqlAddress } from './mysql-url.ts';
import { type Server, serverOf, sessionSettings } from './session-settings.ts';

/** How a source's sessions are set up. */
export interface SessionOptions {
  readonly address: MysqlAddress;
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** One statement of a transaction. */
export interface Step {
  readonly sql: string;
  /** Whether it inserts the receipt, so that what goes wrong there is told from what the customer's table says. */
  readonly isReceipt?: boolean;
  /** Whether it looks for the one row that a plan names. */
  readonly isRow?: boolean;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** MariaDB ends a statement by its own timeout; when it does not even do that, it is gone. */
const SERVER_SPARE_MS = 5_000;
/** Every trip begins so: whatever an earlier one may have left open must never be committed by this one. */
const BEGIN: readonly Step[] = [{ sql: 'ROLLBACK' }, { sql: 'START TRANSACTION' }];

/** All that one trip consists of. */
export function transaction(steps: readonly Step[], ending: Ending): readonly Step[] {
  return [...BEGIN, ...steps, { sql: ending }];
}

/**
 * A session of MySQL or MariaDB. Any error ends it: a transaction may be open then, and only the end of its session
 * undoes it for certain.
 */
export class MysqlSession implements Session {
  readonly #connection: Connection;
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  /** Whether nobody is called for help when it hangs: it is the help. */
  readonly #isLast: boolean;
  #server = serverOf('');
  #usable = true;
  #hasExpired = false;

  private constructor(connection: Connection, socket: Socket, options: SessionOptions, isLast: boolean) {
    this.#connection = connection;
    this.#socket = socket;
    this.#options = options;
    this.#isLast = isLast;
  }

  /** Opens a session, pins its settings and looks whether they hold; throws `DatabaseFault`. */
  static async open(options: SessionOptions, isLast = false): Promise<MysqlSession> {
    const { host, password, port, ssl, user } = options.address;
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
    const connection = createConnection({
      user,
      password,
      // The socket is ours, so that it can be dropped; the host is what a certificate must be for.
      host,
      stream: () => socket,
      ...(ssl === undefined ? {} : { ssl }),
      charset: 'UTF8MB4_BIN',
      multipleStatements: true,
      rowsAsArray: true,
      typeCast: (field) => field.string('utf8'),
      disableEval: true,
      flags: ['-LOCAL_FILES'],
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
    const session = new MysqlSession(connection, socket, options, isLast);
    // Without a listener, a server that goes away while the session is idle would end the process.
    connection.on('error', () => session.destroy());
    socket.on('close', () => session.destroy());
    try {
      await session.#pin();
    } catch (cause) {
      session.destroy();
      throw cannotConnect(saidBy(cause), { cause });
    }
    return session;
  }

  get isUsable(): boolean {
    return this.#usable;
  }

  get server(): Server {
    return this.#server;
  }

  /** Only MariaDB limits the time of a statement that writes, and then says that it was undone. */
  get #deadlineMs(): number {
    const { statementTimeoutMs } = this.#options;
    return this.#server.isMariaDb ? statementTimeoutMs + SERVER_SPARE_MS : statementTimeoutMs;
  }

  /**
   * Runs statements as one transaction, in one trip; throws `DatabaseFault`, after which nothing of it stands unless
   * the fault's meaning is `unknown`.
   *
   * @returns the rows of each step; none for one that has no result
   */
  async transact(steps: readonly Step[], ending: Ending = 'COMMIT'): Promise<readonly (readonly Row[])[]> {
    const results = await this.#send(transaction(steps, ending), ending);
    return results.slice(BEGIN.length, -1);
  }

  /** As `transact`, each step a trip of its own, so that a test can stop the process before the end. */
  async transactSlowly(
    steps: readonly Step[],
    ending: Ending,
    beforeEnd: () => Promise<void>,
  ): Promise<readonly (readonly Row[])[]> {
    const results: (readonly Row[])[] = [];
    for (const step of [...BEGIN, ...steps]) results.push((await this.#send([step], 'ROLLBACK'))[0] ?? []);
    await beforeEnd();
    await this.#send([{ sql: ending }], ending);
    return results.slice(BEGIN.length);
  }

  /**
   * Begins a transaction that goes on over several trips, and runs its first statements; throws as `transact`. Nothing
   * of it stands before `end` has been sent, and whatever breaks before that undoes it.
   */
  async begin(steps: readonly Step[]): Promise<readonly (readonly Row[])[]> {
    return (await this.#send([...BEGIN, ...steps], 'ROLLBACK')).slice(BEGIN.length);
  }

  /** The next statements of such a transaction. */
  proceed(steps: readonly Step[]): Promise<readonly (readonly Row[])[]> {
    return this.#send(steps, 'ROLLBACK');
  }

  async end(ending: Ending): Promise<void> {
    await this.#send([{ sql: ending }], ending);
  }

  /** Runs one statement that changes nothing; throws `DatabaseFault`. */
  async read(sql: string): Promise<readonly Row[]> {
    const [, rows = []] = await this.#send([{ sql: 'ROLLBACK' }, { sql }], 'ROLLBACK');
    return rows;
  }

  async close(): Promise<void> {
    this.#usable = false;
    const farewell = setTimeout(() => this.#socket.destroy(), CONNECT_TIMEOUT_MS);
    await new Promise<void>((resolve) => this.#connection.end(() => resolve()));
    clearTimeout(farewell);
    this.#socket.destroy();
  }

  destroy(): void {
    this.#usable = false;
    this.#socket.destroy();
  }

  async #pin(): Promise<void> {
    const [version = []] = await this.#send([{ sql: 'SELECT VERSION()' }], 'ROLLBACK');
    this.#server = serverOf(version[0]?.[0] ?? '');
    const { settings, question, isPinned } = sessionSettings(this.#options, this.#server);
    const results = await this.#send(
      [...settings, question].map((sql) => ({ sql })),
      'ROLLBACK',
    );
    if (!isPinned(results.at(-1)?.[0] ?? [])) throw cannotConnect('session_not_pinned');
  }

  /** @param ending what the last step does; only a COMMIT can leave in doubt what was done */
  async #send(steps: readonly Step[], ending: Ending): Promise<readonly (readonly Row[])[]> {
    let begun = 0;
    const deadline = setTimeout(() => this.#expire(), this.#deadlineMs);
    try {
      return await new Promise<readonly (readonly Row[])[]>((resolve, reject) => {
        const text = steps.map(({ sql }) => sql).join('; ');
        const query = this.#connection.query(text, (error, result) => {
          if (error !== null) reject(error);
          else resolve(resultsOf(result, steps.length));
        });
        // Told at the beginning of each result, so that it is known which statement an error is of.
        query.on('fields', () => {
          begun += 1;
        });
      });
    } catch (cause) {
      throw this.#faultOf(cause, placeOf(steps, begun, ending));
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Gives up, and has the server give up too: it has no such limit of its own for a statement that writes. */
  #expire(): void {
    const { threadId } = this.#connection;
    this.#hasExpired = true;
    this.destroy();
    // Before the greeting there is nothing yet that the server could be told to end.
    if (this.#isLast || !Number.isInteger(threadId)) return;
    void MysqlSession.#end(threadId, this.#options).catch(() => undefined);
  }

  /** Ends another session. Where that fails too, the server notices by itself when it next writes to the line. */
  static async #end(threadId: number, options: SessionOptions): Promise<void> {
    const session = await MysqlSession.open(options, true);
    await session.read(`KILL ${threadId}`);
    await session.close();
  }

  #faultOf(cause: unknown, place: Place): DatabaseFault {
    this.destroy();
    const complaint = complaintOf(cause);
    if (complaint === undefined) return this.#hasExpired ? timedOut({ cause }) : connectionLost({ cause });
    return new DatabaseFault(String(complaint.errno), meaningOf(complaint, place), { cause });
  }
}

/** The code by which the server, or this program, says why there is no session; none where the line failed. */
function saidBy(cause: unknown): string | undefined {
  if (!(cause instanceof DatabaseFault)) return undefined;
  const { code } = cause;
  return code === connectionLost().code || code === timedOut().code ? undefined : code;
}

function placeOf(steps: readonly Step[], index: number, ending: Ending): Place {
  if (index >= steps.length - 1 && ending === 'COMMIT') return 'commit';
  const step = steps[index];
  if (step?.isRow === true) return 'row';
  return step?.isReceipt === true ? 'receipt' : 'statement';
}

/** What the server complained of; undefined where it was the line, or the driver, that failed. */
function complaintOf(cause: unknown): Complaint | undefined {
  if (!(cause instanceof Error) || !isQueryError(cause)) return undefined;
  const { errno, sqlState } = cause;
  // The driver's own errors and those of the line have the numbers of the operating system, which are negative.
  return errno === undefined || errno < LEAST_SERVER_ERRNO ? undefined : { errno, sqlState };
}

const LEAST_SERVER_ERRNO = 1_000;

function isQueryError(error: Error): error is QueryError {
  return 'errno' in error && typeof error.errno === 'number';
}

/** What the driver gives for so many statements: for each its rows, or a summary for one that has none. */
function resultsOf(result: unknown, count: number): readonly (readonly Row[])[] {
  const results = count === 1 ? [result] : result;
  if (!Array.isArray(results) || results.length !== count)
    throw new TypeError(`the driver gave no result for each of ${count} statements`);
  return results.map((rows) => (Array.isArray(rows) ? rows.filter(isRow) : []));
}

function isRow(row: unknown): row is Row {
  return Array.isArray(row) && row.every((value) => value === null || typeof value === 'string');
}
