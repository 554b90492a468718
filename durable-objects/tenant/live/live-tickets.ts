import { TICKET_LIVES_MS } from '@countersign/protocol/live-ticket';
import { Bounded } from '../turn/bounded.ts';
import type { Caller } from '../turn/command.ts';

/** What each holds may be as large as a token. Whoever loses theirs to a flood asks for another. */
const MOST_TICKETS = 1_000;

/**
 * The tickets that were handed out and not used yet: by digest, whose they are. They are memory, so an object that has
 * left it knows none, and their owners ask for others.
 */
export class LiveTickets {
  readonly #tickets = new Bounded<string, { readonly caller: Caller; readonly until: number }>(MOST_TICKETS);

  /** Returns until when it counts, in Unix milliseconds. */
  keep(digest: string, caller: Caller, now: number): number {
    const until = now + TICKET_LIVES_MS;
    this.#tickets.set(digest, { caller, until });
    return until;
  }

  /** Whose it is, once; undefined where it was used, or is over, or was never handed out. */
  take(digest: string, now: number): Caller | undefined {
    const found = this.#tickets.get(digest);
    this.#tickets.delete(digest);
    return found !== undefined && now < found.until ? found.caller : undefined;
  }
}
