import type { Admitted } from '../limits/admission.ts';
import type { Caller } from '../turn/command.ts';
import { type Reply, refuse } from '../turn/reply.ts';
import type { Followed } from './follow-ledger.ts';
import type { LiveFrom, LiveLook } from './live-asks.ts';
import type { LiveFeed } from './live-feed.ts';
import { LiveTickets } from './live-tickets.ts';
import type { LiveDoor } from './watch-live.ts';

const NEW_TICKET = 'ask for another at /v1/live/tickets';

/** With which ticket (its digest) somebody has come, and from where on they follow. */
interface Entering {
  readonly ticket: string;
  readonly from: LiveFrom;
}

interface Means {
  /** Unix milliseconds. */
  now(): number;
  /** Asks in the name of whoever has come. Never throws. */
  ask(caller: Caller, look: LiveLook): Promise<Reply>;
}

/** How somebody comes to the live feed: with a ticket that they were given a moment before. */
export class LiveEntrance {
  readonly #feed: LiveFeed;
  readonly #tickets = new LiveTickets();

  constructor(feed: LiveFeed) {
    this.#feed = feed;
  }

  door(room: () => Admitted, now: number): LiveDoor {
    return { room, keep: (digest, caller) => this.#tickets.keep(digest, caller, now) };
  }

  /**
   * Registers a socket, and judges whoever it is for anew in the one read that finds what they have missed. Undefined: the
   * feed is theirs.
   */
  async enter(
    socket: WebSocket,
    { from, ticket }: Entering,
    { ask, now }: Means,
  ): Promise<Reply | undefined> {
    const caller = this.#tickets.take(ticket, now());
    if (caller === undefined) {
      return refuse('ticket_invalid', 'the ticket was used, or is over; nothing was opened', NEW_TICKET);
    }
    this.#feed.hold(socket, caller);
    const reply = await ask(caller, { type: 'watch-live', wish: { kind: 'follow', from } });
    if (reply.ok) this.#feed.open(socket, reply.body.followed as Followed, now());
    else this.#feed.refuse(socket);
    return reply.ok ? undefined : reply;
  }
}
