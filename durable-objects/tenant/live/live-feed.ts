import { ACK, type LiveClosing, type LiveMessage, liveClosings } from '@countersign/protocol/live-messages';
import type { Head } from '../schema.ts';
import type { Caller } from '../turn/command.ts';
import type { Changes } from '../turn/rows.ts';
import type { Followed } from './follow-ledger.ts';
import { messagesOf, type News, newsOf } from './live-news.ts';
import { hasAccessChanged, type LiveReader, readerOf } from './live-reader.ts';
import type { Noun } from './shown-nouns.ts';

/** After so many characters a reader is asked whether it reads. */
const ASK_AFTER = 65_536;
/** It may be so many behind, */
const MOST_UNREAD = 1_048_576;
/** and take so long to say that it reads. */
const READ_WITHIN_MS = 10_000;
/** Turns that may pass while a reader's place is read. */
const MOST_PASSED = 64;

/** What a socket remembers of itself, so that it survives the object leaving memory. */
interface Attachment {
  readonly kind: 'live';
  readonly reader: LiveReader;
  readonly hidden: readonly Noun[];
  /** Unix milliseconds. */
  readonly endsAt: number;
  /** `opening`: its place is still being read; who lost its place then cannot know what it missed. */
  readonly state: 'opening' | 'open' | 'over';
  /** When it was asked whether it reads, in Unix milliseconds; null where it owes no answer. */
  readonly askedAt: number | null;
}

interface Watch {
  readonly socket: WebSocket;
  attachment: Attachment;
  /** Characters that it was sent since it last was known to read. Who has just come, or was forgotten, is asked at once. */
  unread: number;
  /** Of these, how many since it was asked. */
  unreadSinceAsked: number;
  /** News of turns that ended while its place was read. */
  passed: News[];
}

/**
 * The sockets of the live feed. They hibernate, so whoever only looks keeps nothing in memory; this index is rebuilt
 * from them when the object wakes. A reader is told of a turn after its facts are durable, and what it misses it reads from
 * the ledger when it comes back, so nothing here has to be kept.
 */
export class LiveFeed {
  readonly #accept: (socket: WebSocket) => void;
  readonly #watches = new Map<WebSocket, Watch>();

  constructor(sockets: readonly WebSocket[], accept: (socket: WebSocket) => void) {
    this.#accept = accept;
    for (const socket of sockets) {
      const attachment = attachmentOf(socket);
      if (attachment === undefined || attachment.state === 'over') continue;
      const watch = this.#index(socket, attachment);
      if (attachment.state === 'opening') this.#end(watch, 'interrupted');
    }
  }

  /** Sockets that are open, or about to be. */
  get readers(): number {
    return this.#watches.size;
  }

  /** Registers a socket. From now on no turn is lost to it; `open` or `refuse` follows. */
  hold(socket: WebSocket, caller: Caller): void {
    this.#accept(socket);
    const reader = readerOf(caller);
    const attachment = {
      kind: 'live',
      reader,
      hidden: [],
      endsAt: 0,
      state: 'opening',
      askedAt: null,
    } as const;
    socket.serializeAttachment(attachment);
    this.#index(socket, attachment);
  }

  /** Tells a registered socket where the ledger ends and what it has missed, and what has happened since that was read. */
  open(socket: WebSocket, { head, hidden, endsAt, missed }: Followed, now: number): void {
    const watch = this.#watches.get(socket);
    if (watch === undefined) return;
    this.#attach(watch, { ...watch.attachment, hidden, endsAt, state: 'open' });
    const { passed } = watch;
    watch.passed = [];
    const [at, ends_at] = [now, endsAt].map((time) => new Date(time).toISOString()) as [string, string];
    const known = missed === null || missed === 'too much' ? [] : [missed];
    const news = [...known, ...passed.filter((later) => later.after >= head.seq)];
    const texts = [
      textOf({ kind: 'hello', head, at, ends_at }),
      ...(missed === 'too much' ? [textOf({ kind: 'reset', head })] : []),
      ...news.flatMap((one) => textsFor(one, hidden)),
    ];
    this.#send(watch, texts, now);
  }

  /** The reader may not read, and has been told so otherwise. */
  refuse(socket: WebSocket): void {
    const watch = this.#watches.get(socket);
    if (watch !== undefined) this.#end(watch, 'access_changed');
  }

  /** Tells every reader what a turn has done, and ends the sockets of those whose access it has changed. */
  tell(base: Head, changes: Changes, now: number): void {
    if (this.#watches.size === 0) return;
    const news = newsOf(base, changes);
    const texts = new Map<string, readonly string[]>();
    for (const watch of [...this.#watches.values()]) {
      const { hidden, reader, state } = watch.attachment;
      if (hasAccessChanged(reader, changes)) this.#end(watch, 'access_changed');
      else if (news !== undefined && state === 'opening') this.#pass(watch, news);
      else if (news !== undefined) {
        const view = hidden.join();
        const known = texts.get(view) ?? textsFor(news, hidden);
        texts.set(view, known);
        this.#send(watch, known, now);
      }
    }
  }

  /** What a reader has said. False where the socket is none of the feed's. */
  heard(socket: WebSocket, message: unknown): boolean {
    const watch = this.#watches.get(socket);
    if (watch === undefined) return attachmentOf(socket) !== undefined;
    if (message !== ACK || watch.attachment.askedAt === null) this.#end(watch, 'unexpected');
    else {
      watch.unread = watch.unreadSinceAsked;
      this.#attach(watch, { ...watch.attachment, askedAt: null });
    }
    return true;
  }

  /** The socket is gone. False where it is none of the feed's. */
  closed(socket: WebSocket): boolean {
    this.#watches.delete(socket);
    return attachmentOf(socket) !== undefined;
  }

  endAll(closing: LiveClosing): void {
    for (const watch of [...this.#watches.values()]) this.#end(watch, closing);
  }

  /** A reader whose place takes too long to read comes back; it misses nothing, since it has not begun. */
  #pass(watch: Watch, news: News): void {
    if (watch.passed.length >= MOST_PASSED) this.#end(watch, 'interrupted');
    else watch.passed.push(news);
  }

  #send(watch: Watch, texts: readonly string[], now: number): void {
    if (watch.attachment.state !== 'open') return;
    const fault = watch.attachment.endsAt <= now ? 'ended' : sendAll(watch, texts, now);
    if (fault !== undefined) {
      this.#end(watch, fault);
      return;
    }
    if (texts.length > 0 && watch.attachment.askedAt === null && watch.unread >= ASK_AFTER)
      this.#ask(watch, now);
  }

  #ask(watch: Watch, now: number): void {
    trySend(watch.socket, textOf({ kind: 'ack' }));
    watch.unreadSinceAsked = 0;
    this.#attach(watch, { ...watch.attachment, askedAt: now });
  }

  #index(socket: WebSocket, attachment: Attachment): Watch {
    const watch: Watch = { socket, attachment, unread: ASK_AFTER, unreadSinceAsked: 0, passed: [] };
    this.#watches.set(socket, watch);
    return watch;
  }

  #attach(watch: Watch, attachment: Attachment): void {
    watch.attachment = attachment;
    watch.socket.serializeAttachment(attachment);
  }

  /** What was sent before may still be on its way, so the socket is there for a while; nothing more is sent to it. */
  #end(watch: Watch, closing: LiveClosing): void {
    this.#attach(watch, { ...watch.attachment, state: 'over' });
    this.#watches.delete(watch.socket);
    const { code, reason } = liveClosings[closing];
    watch.socket.close(code, reason);
  }
}

/** Why the socket must end, where it must. */
function sendAll(watch: Watch, texts: readonly string[], now: number): LiveClosing | undefined {
  for (const text of texts) {
    if (isSlow(watch, now)) return 'slow';
    if (!trySend(watch.socket, text)) return 'interrupted';
    watch.unread += text.length;
    watch.unreadSinceAsked += text.length;
  }
  return undefined;
}

function isSlow({ attachment: { askedAt }, unread }: Watch, now: number): boolean {
  return askedAt !== null && (unread > MOST_UNREAD || now - askedAt > READ_WITHIN_MS);
}

function textsFor(news: News, hidden: readonly Noun[]): readonly string[] {
  return messagesOf(news, new Set(hidden)).map(textOf);
}

function textOf(message: LiveMessage): string {
  return JSON.stringify(message);
}

/** Undefined for a socket that is none of the feed's. */
function attachmentOf(socket: WebSocket): Attachment | undefined {
  const attachment: Attachment | { readonly kind: string } | null = socket.deserializeAttachment();
  return attachment !== null && attachment.kind === 'live' ? (attachment as Attachment) : undefined;
}

function trySend(socket: WebSocket, text: string): boolean {
  try {
    socket.send(text);
    return true;
  } catch {
    return false;
  }
}
