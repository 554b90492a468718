import type { LiveMessage } from '@countersign/protocol/live-messages';
import type { LiveMeans, SocketListener } from './live-means.ts';

const START = Date.UTC(2027, 0, 15);

/** One socket as a plane holds it. */
export class FakePlaneSocket {
  readonly url: URL;
  readonly protocols: readonly string[];
  /** What the client has sent. */
  readonly heard: string[] = [];
  isClosed = false;
  readonly #listener: SocketListener;

  constructor(url: string, protocols: readonly string[], listener: SocketListener) {
    this.url = new URL(url);
    this.protocols = protocols;
    this.#listener = listener;
  }

  say(message: LiveMessage | string): void {
    this.#listener.message(typeof message === 'string' ? message : JSON.stringify(message));
  }

  close(code: number): void {
    this.isClosed = true;
    this.#listener.closed(code);
  }
}

/** A world with a clock that stands still until a test moves it. */
export class FakeLiveMeans {
  readonly sockets: FakePlaneSocket[] = [];
  readonly tickets: string[] = [];
  /** How asking for a ticket fails, the next times. */
  readonly faults: Error[] = [];
  readonly #timers = new Set<{ readonly at: number; readonly call: () => void }>();
  #now = START;

  get now(): number {
    return this.#now;
  }

  /** The newest. Throws where there is none. */
  get socket(): FakePlaneSocket {
    const newest = this.sockets.at(-1);
    if (newest === undefined) throw new TypeError('no socket was opened');
    return newest;
  }

  readonly means: LiveMeans = {
    now: () => this.#now,
    random: () => 0,
    after: (milliseconds, call) => {
      const timer = { at: this.#now + milliseconds, call };
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    },
    ticket: async () => {
      const fault = this.faults.shift();
      if (fault !== undefined) throw fault;
      const ticket = `ticket-${this.tickets.length + 1}`;
      this.tickets.push(ticket);
      return ticket;
    },
    open: (url, protocols, listener) => {
      const socket = new FakePlaneSocket(url, protocols, listener);
      this.sockets.push(socket);
      return {
        send: (text) => socket.heard.push(text),
        close: () => {
          socket.isClosed = true;
        },
      };
    },
  };

  /** Lets happen what is due by then, in order. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await settled();
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      this.#now = due.at;
      this.#timers.delete(due);
      due.call();
      await settled();
    }
    this.#now = until;
  }

  #next(until: number) {
    return [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }
}

/** Everything that only waits for promises is done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
