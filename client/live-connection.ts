import {
  ACK,
  type LiveEntry,
  type LiveHead,
  type LiveMessage,
  liveClosings,
  liveMessageSchema,
  PING,
  PONG,
} from '@countersign/protocol/live-messages';
import type { LiveMeans, LiveSocket } from './live-means.ts';

/** The newest entry that is known, as far as it is. */
export interface LiveFrom {
  readonly seq: number;
  /** Where it is known too, a ledger that was set back meanwhile is noticed. */
  readonly hash?: string | undefined;
}

/** What was recorded since the last time: in order, each once. */
export interface LiveChanges {
  readonly entries: readonly LiveEntry[];
  readonly head: LiveHead;
  /** Runners that were heard of; this alone is not said again after a disconnection. */
  readonly seen: readonly string[];
}

/** What one connection tells. */
export interface ConnectionListener {
  /** It is open, and what was missed follows. */
  live(): void;
  /** What is shown has to be read anew, from here on. */
  reset(head: LiveHead): void;
  changed(changes: LiveChanges): void;
}

/** How a connection ended: `renew`, its time was over; `lost`, anything else. */
export type ConnectionEnd = 'renew' | 'lost';

/** How long a plane may take to begin. */
const HELLO_WITHIN_MS = 10_000;
/** After so long without a word the plane is asked whether it is there. */
const PING_AFTER_MS = 20_000;
const PONG_WITHIN_MS = 10_000;

/** One connection to the feed: it keeps to the order of the ledger, and ends by itself when it is no connection any more. */
export class LiveConnection {
  readonly ended: Promise<ConnectionEnd>;
  readonly #end: PromiseWithResolvers<ConnectionEnd> = Promise.withResolvers();
  readonly #listener: ConnectionListener;
  readonly #means: LiveMeans;
  /** Undefined while it is being opened. */
  #socket: LiveSocket | undefined;
  #known: LiveFrom | undefined;
  #cancelSilence: () => void;
  #cancelRenewal: () => void = () => undefined;
  #isOver = false;

  /**
   * @param known from where on; undefined where nothing is known, and all has to be read
   */
  constructor(
    means: LiveMeans,
    { url, protocols }: { readonly url: string; readonly protocols: readonly string[] },
    known: LiveFrom | undefined,
    listener: ConnectionListener,
  ) {
    this.ended = this.#end.promise;
    this.#listener = listener;
    this.#means = means;
    this.#known = known;
    this.#cancelSilence = means.after(HELLO_WITHIN_MS, () => this.close('lost'));
    this.#socket = means.open(url, protocols, {
      message: (text) => this.#hear(text),
      closed: (code) => this.close(code === liveClosings.ended.code ? 'renew' : 'lost'),
    });
  }

  /** The newest entry that the listener has been told of. */
  get known(): LiveFrom | undefined {
    return this.#known;
  }

  close(end: ConnectionEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelSilence();
    this.#cancelRenewal();
    this.#socket?.close();
    this.#end.resolve(end);
  }

  #hear(text: string): void {
    if (this.#isOver) return;
    this.#cancelSilence();
    this.#cancelSilence = this.#means.after(PING_AFTER_MS, () => this.#ping());
    if (text === PONG) return;
    const message = messageIn(text);
    if (message === undefined) {
      this.close('lost');
      return;
    }
    try {
      this.#take(message);
    } catch (fault) {
      // A listener that throws ends the watching.
      this.#end.reject(fault);
      this.close('lost');
    }
  }

  #take(message: LiveMessage): void {
    switch (message.kind) {
      case 'hello':
        this.#cancelRenewal = this.#means.after(
          Math.max(0, Date.parse(message.ends_at) - Date.parse(message.at)),
          () => this.close('renew'),
        );
        this.#listener.live();
        if (this.#known === undefined) this.#reset(message.head);
        return;
      case 'reset':
        this.#reset(message.head);
        return;
      case 'ack':
        this.#socket?.send(ACK);
        return;
      case 'changes':
        this.#change(message);
    }
  }

  #reset(head: LiveHead): void {
    this.#known = head;
    this.#listener.reset(head);
  }

  #change({ after, entries, head, seen = [] }: Extract<LiveMessage, { kind: 'changes' }>): void {
    const known = this.#known?.seq ?? 0;
    if (after > known) {
      this.close('lost');
      return;
    }
    const news = entries.filter(({ seq }) => seq > known);
    if (head.seq >= known) this.#known = head;
    if (news.length > 0 || seen.length > 0) this.#listener.changed({ entries: news, head, seen });
  }

  #ping(): void {
    this.#cancelSilence = this.#means.after(PONG_WITHIN_MS, () => this.close('lost'));
    this.#socket?.send(PING);
  }
}

/** Undefined for what is no message of this protocol. */
function messageIn(text: string): LiveMessage | undefined {
  try {
    return liveMessageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
