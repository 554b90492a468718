import { Connection, type SessionOptions } from './connection.ts';
import { DatabaseFault } from './database-fault.ts';

interface Waiter {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (reason: unknown) => void;
}

/** An idle session is memory on the server, and a firewall may forget it. */
const MOST_IDLE_MS = 300_000;

interface Idle {
  readonly connection: Connection;
  readonly since: number;
}

/**
 * At most so many sessions of one source, opened when needed. Waiting for a free one has no time limit, since
 * each statement has one; failing to open one rejects whoever waited for it, and nobody else.
 */
export class ConnectionPool {
  readonly #options: SessionOptions;
  readonly #most: number;
  /** Oldest first. */
  readonly #idle: Idle[] = [];
  readonly #waiting: Waiter[] = [];
  readonly #open = new Set<Connection>();
  #opening = 0;
  #closed = false;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions, most: number) {
    this.#options = options;
    this.#most = most;
  }

  /** A session for the caller alone until it is given back; throws `DatabaseFault` when none can be opened. */
  acquire(): Promise<Connection> {
    if (this.#closed) return Promise.reject(new DatabaseFault('cannot_connect'));
    const connection = this.#takeIdle();
    if (connection !== undefined) return Promise.resolve(connection);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#openForWaiters();
    });
  }

  /** Gives a session back; one that is no longer usable is dropped. */
  release(connection: Connection): void {
    if (this.#closed || !connection.isUsable) {
      this.#open.delete(connection);
      connection.destroy();
      this.#openForWaiters();
      return;
    }
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#rest(connection);
    else waiter.resolve(connection);
  }

  /** Closes the idle sessions, and the others as they come back. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sweep);
    await Promise.all(this.#idle.splice(0).map(({ connection }) => connection.close()));
  }

  #rest(connection: Connection): void {
    this.#idle.push({ connection, since: performance.now() });
    this.#sweep ??= setTimeout(() => this.#closeRested(), MOST_IDLE_MS).unref();
  }

  #closeRested(): void {
    this.#sweep = undefined;
    const isOld = ({ since }: Idle) => performance.now() - since >= MOST_IDLE_MS;
    for (let oldest = this.#idle[0]; oldest !== undefined && isOld(oldest); oldest = this.#idle[0]) {
      this.#idle.shift();
      this.#open.delete(oldest.connection);
      void oldest.connection.close();
    }
    if (this.#idle.length > 0) this.#sweep = setTimeout(() => this.#closeRested(), MOST_IDLE_MS).unref();
  }

  /** The one used last is the likeliest to be alive, and the others may come to rest. */
  #takeIdle(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.connection.isUsable) return idle.connection;
      this.#open.delete(idle.connection);
    }
    return undefined;
  }

  #openForWaiters(): void {
    while (this.#opening < this.#waiting.length && this.#open.size + this.#opening < this.#most) {
      this.#opening += 1;
      void this.#openOne();
    }
  }

  async #openOne(): Promise<void> {
    try {
      const connection = await Connection.open(this.#options);
      this.#opening -= 1;
      this.#open.add(connection);
      this.release(connection);
    } catch (error) {
      this.#opening -= 1;
      this.#waiting.shift()?.reject(error);
      this.#openForWaiters();
    }
  }
}
