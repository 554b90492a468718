import { cannotConnect, DatabaseFault } from './database-fault.ts';
import type { FaultMeaning } from './fault-meaning.ts';
import type { Session } from './session.ts';

interface Waiter<S> {
  readonly resolve: (session: S) => void;
  readonly reject: (reason: unknown) => void;
}

/** An idle session is memory on the server, and a firewall may forget it. */
const MOST_IDLE_MS = 300_000;

/** After these a session is not there any more, or not to be used again. */
const SPOILS_SESSION: ReadonlySet<FaultMeaning['kind']> = new Set([
  'unknown',
  'unavailable',
  'again_elsewhere',
]);

interface Idle<S> {
  readonly session: S;
  readonly since: number;
}

/**
 * At most so many sessions of one source, opened when needed. Waiting for a free one has no time limit, since
 * each statement has one; failing to open one rejects whoever waited for it, and nobody else.
 */
export class SessionPool<S extends Session> {
  readonly #open: () => Promise<S>;
  readonly #most: number;
  /** Oldest first. */
  readonly #idle: Idle<S>[] = [];
  readonly #waiting: Waiter<S>[] = [];
  readonly #sessions = new Set<S>();
  #opening = 0;
  #closed = false;
  #sweep: NodeJS.Timeout | undefined;

  /** @param open opens a session; throws `DatabaseFault` */
  constructor(open: () => Promise<S>, most: number) {
    this.#open = open;
    this.#most = most;
  }

  /** A session for the caller alone until it is given back; throws `DatabaseFault` when none can be opened. */
  acquire(): Promise<S> {
    if (this.#closed) return Promise.reject(cannotConnect());
    const session = this.#takeIdle();
    if (session !== undefined) return Promise.resolve(session);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#openForWaiters();
    });
  }

  /** Gives a session back; one that is no longer usable is dropped. */
  release(session: S): void {
    if (this.#closed || !session.isUsable) {
      this.#sessions.delete(session);
      session.destroy();
      this.#openForWaiters();
      return;
    }
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#rest(session);
    else waiter.resolve(session);
  }

  /** Lends a session for as long as `use` takes. One that a fault may have left in disorder is not used again. */
  async lend<Result>(use: (session: S) => Promise<Result>): Promise<Result> {
    const session = await this.acquire();
    try {
      return await use(session);
    } catch (error) {
      if (!(error instanceof DatabaseFault) || SPOILS_SESSION.has(error.meaning.kind)) session.destroy();
      throw error;
    } finally {
      this.release(session);
    }
  }

  /** Closes the idle sessions, and the others as they come back. Whoever waits for one is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sweep);
    for (const { reject } of this.#waiting.splice(0)) reject(cannotConnect());
    await Promise.all(this.#idle.splice(0).map(({ session }) => session.close()));
  }

  #rest(session: S): void {
    this.#idle.push({ session, since: performance.now() });
    this.#sweep ??= setTimeout(() => this.#closeRested(), MOST_IDLE_MS).unref();
  }

  #closeRested(): void {
    this.#sweep = undefined;
    const isOld = ({ since }: Idle<S>) => performance.now() - since >= MOST_IDLE_MS;
    for (let oldest = this.#idle[0]; oldest !== undefined && isOld(oldest); oldest = this.#idle[0]) {
      this.#idle.shift();
      this.#sessions.delete(oldest.session);
      void oldest.session.close();
    }
    if (this.#idle.length > 0) this.#sweep = setTimeout(() => this.#closeRested(), MOST_IDLE_MS).unref();
  }

  /** The one used last is the likeliest to be alive, and the others may come to rest. */
  #takeIdle(): S | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.session.isUsable) return idle.session;
      this.#sessions.delete(idle.session);
    }
    return undefined;
  }

  #openForWaiters(): void {
    while (this.#opening < this.#waiting.length && this.#sessions.size + this.#opening < this.#most) {
      this.#opening += 1;
      void this.#openOne();
    }
  }

  async #openOne(): Promise<void> {
    try {
      const session = await this.#open();
      this.#opening -= 1;
      if (this.#closed) return await session.close();
      this.#sessions.add(session);
      this.release(session);
    } catch (error) {
      this.#opening -= 1;
      this.#waiting.shift()?.reject(error);
      this.#openForWaiters();
    }
  }
}
