import type { Random } from '../random.ts';
import { newProcess, type Process, type Schedule } from '../schedule.ts';

type Listener = (event: { readonly data?: string }) => void;
export type Arrival = { readonly kind: 'message'; readonly text: string } | { readonly kind: 'close' };

/** The platform takes no larger attachment. Bytes. */
const LARGEST_ATTACHMENT = 16_384;
const OPEN = 1;
const CLOSED = 3;
const wire = newProcess('wire');

/**
 * One end of a WebSocket: ordered and reliable until it breaks, and then both ends learn of it, each in its time.
 * The gateway's end has listeners; the object's end wakes an instance, by `onArrival`.
 */
export class SocketEnd {
  readyState = OPEN;
  onArrival: ((arrival: Arrival) => void) | undefined;
  onSend: ((text: string) => void) | undefined;
  #peer: SocketEnd | undefined;
  #isBroken = false;
  #isAccepted = false;
  #hasSeenClose = false;
  #attachment = 'null';
  #lastArrival = 0;
  readonly #early: Arrival[] = [];
  readonly #listeners: { readonly type: string; readonly listener: Listener }[] = [];
  readonly #owner: Process;
  readonly #schedule: Schedule;
  readonly #random: Random;

  constructor(owner: Process, schedule: Schedule, random: Random) {
    this.#owner = owner;
    this.#schedule = schedule;
    this.#random = random;
  }

  /** Two ends of one connection: the first is the gateway's, the second the object's. */
  static pair(outer: Process, inner: Process, schedule: Schedule, random: Random): [SocketEnd, SocketEnd] {
    const ends: [SocketEnd, SocketEnd] = [
      new SocketEnd(outer, schedule, random),
      new SocketEnd(inner, schedule, random),
    ];
    ends[0].#peer = ends[1];
    ends[1].#peer = ends[0];
    return ends;
  }

  /** What arrived before is handed over now. */
  accept(): void {
    this.#isAccepted = true;
    for (const arrival of this.#early.splice(0)) this.#tell(arrival);
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  send(text: string): void {
    if (this.readyState !== OPEN) throw new TypeError("Can't call WebSocket send() after close().");
    this.onSend?.(text);
    this.#transmit({ kind: 'message', text });
  }

  close(_code?: number, _reason?: string): void {
    if (this.readyState !== OPEN) return;
    this.readyState = CLOSED;
    this.#transmit({ kind: 'close' });
  }

  serializeAttachment(value: unknown): void {
    const text = JSON.stringify(value);
    if (text.length > LARGEST_ATTACHMENT) throw new Error('the attachment is larger than the platform takes');
    this.#attachment = text;
  }

  deserializeAttachment(): unknown {
    return JSON.parse(this.#attachment);
  }

  /** The connection is cut: what is on its way is lost. Each end learns of it after its own while, or never. */
  break(delay: number | undefined, peerDelay: number | undefined): void {
    this.#learnOfBreak(delay);
    const peer = this.#peer;
    if (peer !== undefined) peer.#learnOfBreak(peerDelay);
  }

  #learnOfBreak(delay: number | undefined): void {
    this.#isBroken = true;
    if (delay === undefined) return;
    this.#schedule.after(wire, delay, 'socket breaks', () => this.#receive({ kind: 'close' }));
  }

  #transmit(arrival: Arrival): void {
    const peer = this.#peer;
    if (peer === undefined || this.#isBroken) return;
    const at = Math.max(this.#lastArrival, this.#schedule.now + this.#random.between(0, 3));
    this.#lastArrival = at;
    this.#schedule.after(wire, at - this.#schedule.now, arrival.kind, () => {
      if (!peer.#isBroken) peer.#receive(arrival);
    });
  }

  #receive(arrival: Arrival): void {
    if (this.#hasSeenClose || (arrival.kind === 'message' && this.readyState !== OPEN)) return;
    if (arrival.kind === 'close') this.#hasSeenClose = true;
    if (this.onArrival === undefined && !this.#isAccepted) this.#early.push(arrival);
    else this.#tell(arrival);
    if (arrival.kind === 'close') this.close();
  }

  #tell(arrival: Arrival): void {
    this.onArrival?.(arrival);
    if (this.onArrival !== undefined || !this.#owner.isAlive) return;
    this.#schedule.current = this.#owner;
    const event = arrival.kind === 'message' ? { data: arrival.text } : {};
    for (const { type, listener } of this.#listeners) if (type === arrival.kind) listener(event);
  }
}
