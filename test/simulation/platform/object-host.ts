import { HOLD_HEADER, type Hold } from '@countersign/durable-objects/tenant/hold';
import { TenantObject } from '@countersign/durable-objects/tenant/tenant-object';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import { type Reply, refuse } from '@countersign/durable-objects/tenant/turn/reply';
import type { Faults } from '../faults.ts';
import type { Random } from '../random.ts';
import { newProcess, type Process, type Schedule } from '../schedule.ts';
import { ADDRESS } from '../tenant.ts';
import type { D1Link } from './d1.ts';
import { leasesIn, leasesInMessage } from './leases-in.ts';
import { ObjectStorage } from './object-storage.ts';
import type { RecordedDatabase } from './record.ts';
import type { Arrival, SocketEnd } from './socket.ts';

/** An object in memory: the live one, or a stale one that a partition or a deploy left running. */
interface Instance {
  readonly process: Process;
  readonly object: TenantObject;
  /** The object's ends of held polls. */
  readonly sockets: Set<SocketEnd>;
  /** How to tell each caller that waits for it that it was cut off. */
  readonly waiting: Map<number, () => void>;
  /** Handlers of the platform's events that have not come to their end. */
  busy: number;
  isRinging: boolean;
  /** Nothing that it says leaves it any more. */
  isCut: boolean;
}

const CUT_OFF = refuse('unavailable', 'the project was interrupted');

/**
 * The platform's side of one Durable Object: it wakes instances, keeps their storage, alarm and sockets, and takes
 * them away again in each way that it does: put to sleep, crashed, or superseded while the old one goes on.
 */
export class ObjectHost {
  readonly uncaught: string[] = [];
  /** How far the clock of an instance has been ahead, at most: deadlines that it set lie as far off. Milliseconds. */
  farthestAhead = 0;
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #link: D1Link;
  readonly #database: RecordedDatabase;
  readonly #storage: ObjectStorage;
  readonly #stale: Instance[] = [];
  readonly #asleep = new Set<SocketEnd>();
  #live: Instance | undefined;
  #born = 0;
  #calls = 0;

  constructor(schedule: Schedule, random: Random, faults: Faults, link: D1Link, database: RecordedDatabase) {
    this.#schedule = schedule;
    this.#random = random;
    this.#faults = faults;
    this.#link = link;
    this.#database = database;
    this.#storage = new ObjectStorage(schedule, random, faults, () => this.#ring());
  }

  /** Calls that instances which still answer have not answered. */
  get unanswered(): number {
    return [...this.#stale, ...(this.#live === undefined ? [] : [this.#live])]
      .filter(({ isCut }) => !isCut)
      .reduce((sum, { waiting }) => sum + waiting.size, 0);
  }

  /** Hands a call to an instance. The reply comes when it leaves the instance, or when that is cut off. */
  call(call: Call, onReply: (reply: Reply) => void): void {
    const instance = this.#route();
    const name = `${call.ask.type} ${this.#calls + 1}`;
    this.#schedule.trace?.(`  ${name} to ${instance.process.name}`);
    const settle = this.#expect(instance, () => onReply(CUT_OFF));
    this.#database.called(call);
    this.#watch(
      instance,
      instance.object.call(ADDRESS, call).then((reply) => {
        if (!settle()) return;
        this.#schedule.trace?.(
          `  ${name} answered by ${instance.process.name}: ${reply.ok ? JSON.stringify(reply.body).slice(0, 200) : reply.refusal.code}`,
        );
        this.#database.answered(call, reply);
        this.#database.sent(leasesIn(reply));
        onReply(reply);
      }),
    );
  }

  /** Opens a held poll, by an upgrade. Undefined when the instance was cut off meanwhile. */
  hold(hold: Hold, onOpen: (outer: SocketEnd | undefined) => void): void {
    const instance = this.#route();
    const settle = this.#expect(instance, () => onOpen(undefined));
    const headers = new Map([
      ['upgrade', 'websocket'],
      [HOLD_HEADER, encodeURIComponent(JSON.stringify(hold))],
    ]);
    const request = { headers: { get: (name: string) => headers.get(name) ?? null } } as Request;
    this.#watch(
      instance,
      instance.object.fetch(request).then(({ webSocket }) => {
        if (settle()) onOpen(webSocket === null ? undefined : asSocketEnd(webSocket));
      }),
    );
  }

  /** Memory is taken from an object that nothing is going on in. Its sockets stay. */
  evict(): void {
    const instance = this.#live;
    if (
      instance === undefined ||
      instance.waiting.size > 0 ||
      instance.busy > 0 ||
      instance.process.timers > 0
    )
      return;
    if (!this.#faults.strikes('object_evicted')) return;
    instance.process.isAlive = false;
    for (const socket of instance.sockets) this.#asleep.add(socket);
    this.#live = undefined;
  }

  /** The instance is gone at once, with all that it was doing, but for what is already on its way to D1. */
  crash(): void {
    const instance = this.#live;
    if (instance === undefined || !this.#faults.strikes('object_crashed')) return;
    this.#retire(instance);
    instance.process.isAlive = false;
    this.#cut(instance);
    for (const socket of instance.sockets) socket.break(undefined, this.#random.between(0, 500));
  }

  /** Another instance takes over, while the old one goes on, perhaps after a long pause, and does not know it. */
  supersede(): void {
    const instance = this.#live;
    if (instance === undefined || !this.#faults.strikes('object_superseded')) return;
    this.#retire(instance);
    const { process, sockets } = instance;
    process.isStale = true;
    this.#stale.push(instance);
    if (this.#random.chance(0.6)) process.pausedUntil = this.#schedule.now + this.#random.between(10, 60_000);
    if (this.#random.chance(0.5)) this.#cut(instance);
    for (const socket of sockets)
      socket.break(this.#random.between(0, 10_000), this.#random.between(0, 10_000));
  }

  /** The live instance's clock is set forward, or a little back. */
  jumpClock(): void {
    if (this.#live === undefined || !this.#faults.strikes('clock_jumped')) return;
    this.#database.jolts.push(this.#schedule.now);
    const { process } = this.#live;
    process.clockOffset += this.#random.between(-2_000, 40_000);
    this.farthestAhead = Math.max(this.farthestAhead, process.clockOffset);
  }

  /** No pause holds any longer. */
  resumeAll(): void {
    for (const { process } of this.#stale) process.pausedUntil = 0;
  }

  #retire(instance: Instance): void {
    this.#database.trouble(instance.process.name, this.#schedule.now);
    this.#live = undefined;
    if (instance.isRinging) this.#storage.ringAgain();
  }

  #cut(instance: Instance): void {
    instance.isCut = true;
    this.#database.trouble(instance.process.name, this.#schedule.now);
    const waiting = [...instance.waiting.values()];
    instance.waiting.clear();
    for (const tell of waiting) tell();
  }

  /** One alarm at a time: the next waits for the handler of the one before. */
  #ring(): void {
    const instance = this.#wake();
    if (instance.isRinging) {
      this.#storage.ringAgain();
      return;
    }
    instance.isRinging = true;
    const ended = () => {
      instance.isRinging = false;
    };
    this.#handle(instance, instance.object.alarm().then(ended));
  }

  #arrive(socket: SocketEnd, arrival: Arrival): void {
    const owner = this.#ownerOf(socket);
    if (owner === undefined) return;
    this.#schedule.current = owner.process;
    const theirs = asWebSocket(socket);
    if (arrival.kind === 'close') owner.sockets.delete(socket);
    const { object } = owner;
    const work =
      arrival.kind === 'close'
        ? object.webSocketClose(theirs)
        : object.webSocketMessage(theirs, arrival.text);
    this.#handle(owner, work);
  }

  #ownerOf(socket: SocketEnd): Instance | undefined {
    if (this.#asleep.has(socket)) this.#wake();
    if (this.#live?.sockets.has(socket)) return this.#live;
    return this.#stale.find(({ sockets, process }) => process.isAlive && sockets.has(socket));
  }

  #handle(instance: Instance, work: Promise<void>): void {
    instance.busy += 1;
    const ended = () => {
      instance.busy -= 1;
    };
    this.#watch(instance, work.finally(ended));
  }

  /** A stale instance may fail as it likes; of the live one nothing may go uncaught. */
  #watch(instance: Instance, work: Promise<void>): void {
    work.catch((fault: unknown) => {
      if (!instance.isCut)
        this.uncaught.push(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
    });
  }

  /** Remembers that somebody waits. The function that it returns says whether the answer still counts. */
  #expect(instance: Instance, onCut: () => void): () => boolean {
    this.#calls += 1;
    const id = this.#calls;
    instance.waiting.set(id, onCut);
    return () => instance.waiting.delete(id) && !instance.isCut;
  }

  #route(): Instance {
    const stale = this.#random.anyOf(this.#stale.filter(({ isCut }) => !isCut));
    if (stale !== undefined && this.#faults.strikes('request_to_stale_object')) {
      this.#schedule.current = stale.process;
      return stale;
    }
    return this.#wake();
  }

  /** The live instance, made anew when there is none; the code that follows runs on its behalf. */
  #wake(): Instance {
    const live = this.#live ?? this.#create();
    this.#schedule.current = live.process;
    return live;
  }

  #create(): Instance {
    this.#born += 1;
    const process = newProcess(`object ${this.#born}`, this.#random.between(-300, 300));
    this.#schedule.current = process;
    const sockets = new Set(this.#asleep);
    this.#asleep.clear();
    const onStale = () => this.#cut(instance);
    const state = {
      storage: this.#storage.forInstance(process, onStale),
      getWebSockets: () => [...sockets].map(asWebSocket),
      setWebSocketAutoResponse: () => undefined,
      acceptWebSocket: (socket: WebSocket) => {
        const end = asSocketEnd(socket);
        sockets.add(end);
        end.onArrival = (arrival) => this.#arrive(end, arrival);
        end.onSend = (text) => this.#database.sent(leasesInMessage(text));
      },
      waitUntil: (work: Promise<unknown>) =>
        this.#handle(
          instance,
          work.then(() => undefined),
        ),
    } as DurableObjectState;
    const env = { [ADDRESS.shard]: this.#link.bindingFor(process) };
    const instance: Instance = {
      process,
      object: new TenantObject(state, env),
      sockets,
      waiting: new Map(),
      busy: 0,
      isRinging: false,
      isCut: false,
    };
    this.#live = instance;
    return instance;
  }
}

const asWebSocket = (end: SocketEnd): WebSocket => end as Pick<SocketEnd, 'send' | 'close'> as WebSocket;
const asSocketEnd = (socket: WebSocket): SocketEnd =>
  socket as Pick<WebSocket, 'send' | 'close'> as SocketEnd;
