import { DurableObject } from 'cloudflare:workers';
import type { LimitMark } from '@countersign/protocol/limits';
import { PING, PONG } from '@countersign/protocol/live-messages';
import { faultFields } from '@countersign/protocol/log/fault-fields';
import { log } from '@countersign/protocol/log/log';
import { Refused } from '@countersign/protocol/problem';
import { type Address, HOLD_HEADER, type Hold, NEAR_HEADER } from './hold.ts';
import { Admission } from './limits/admission.ts';
import type { Urgency } from './limits/counted-calls.ts';
import { limitsIn } from './limits/limits-in.ts';
import { LiveEntrance } from './live/live-entrance.ts';
import { LiveFeed } from './live/live-feed.ts';
import { ExpressionStatistics } from './policies/expression-statistics.ts';
import { runLook } from './queries/run-look.ts';
import { ownSqlOf } from './search/own-sql.ts';
import { SearchIndex } from './search/search-index.ts';
import { d1Database } from './storage/d1-database.ts';
import { DatabaseFault } from './storage/database.ts';
import { SchemaWatch } from './storage/schema-watch.ts';
import { type Call, type Command, isLook, type Query } from './turn/command.ts';
import { type HeldAnswer, jobsIn } from './turn/decide-turn.ts';
import type { Deps } from './turn/deps.ts';
import { type Reply, refuse } from './turn/reply.ts';
import { Turns } from './turn/turns.ts';
import { heldNow } from './waiting/held-now.ts';
import { HeldPolls, type SentLease } from './waiting/held-polls.ts';
import { returning } from './waiting/returning.ts';
import { waitingFor } from './waiting/waiting-for.ts';

/** How long the gateway may take to acknowledge leases that it was sent. */
const ACKNOWLEDGE_MS = 3_000;
/** How long a runner's next poll is waited for. */
const PING_MS = 10_000;
const SWEEP_AGAIN_MS = 5_000;

type TenantEvent = 'tenant.fault' | 'rule.fault' | 'sweep.failed' | 'indexing.failed';

/** The bindings that the object uses: its D1 databases, by the name of their shard, and the setting `LIMITS`. */
export type TenantEnv = Readonly<Record<string, unknown>>;

/**
 * One tenant's object: the shell around its turns. It keeps nothing that the database does not have; its memory
 * may go at any time and costs a read.
 */
export class TenantShell extends DurableObject<TenantEnv> {
  readonly #startedAt = this.now();
  readonly #polls: HeldPolls;
  protected readonly live: LiveFeed;
  readonly #entrance: LiveEntrance;
  /** On the platform clocks stand still while code runs, so a compilation takes no time there. */
  readonly #expressions = new ExpressionStatistics(() => performance.now());
  #address: Address | undefined;
  #database: SchemaWatch | undefined;
  #turns: Turns | undefined;
  #admission: Admission | undefined;
  #index: SearchIndex | undefined;
  #isIndexing = false;

  constructor(state: DurableObjectState, env: TenantEnv) {
    super(state, env);
    const accept = (socket: WebSocket) => state.acceptWebSocket(socket);
    this.#polls = new HeldPolls(state.getWebSockets(), accept);
    this.live = new LiveFeed(state.getWebSockets(), accept);
    this.#entrance = new LiveEntrance(this.live);
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    for (const waiterId of this.#polls.unacknowledged()) this.#expectAcknowledgement(waiterId);
  }

  /** Unix milliseconds; the only clock that leases and expiry are judged by. */
  protected now(): number {
    return Date.now();
  }

  /** A text that no other batch ever carries. */
  protected nonce(): string {
    return crypto.randomUUID();
  }

  /** Answers a call. Never throws: what the caller sees thrown came from the platform and passes. */
  async call(address: Address, call: Call): Promise<Reply> {
    try {
      const admission = this.#admissionAt(address);
      const admitted = admission.request(call, this.now());
      if (!admitted.isAdmitted) return this.#told(address, admitted.reply, admitted.reply.near ?? []);
      const reply = await this.#answer(address, call, admitted.urgency);
      return this.#told(address, reply, admission.answered(call, reply, admitted.near, this.now()));
    } catch (fault) {
      return this.#replyToFault(fault, call.requestId);
    }
  }

  /** Asks as the tenant itself does: for what the clock brings, and for the provisioner. */
  protected asked(address: Address, ask: Call['ask']): Promise<Reply> {
    return this.call(address, { caller: { kind: 'system' }, ask, key: null });
  }

  protected databaseAt(address: Address): SchemaWatch {
    return this.#databaseAt(address);
  }

  /** What was remembered of a record that is there no more. */
  protected forgetRecord(): void {
    this.#address = undefined;
    this.#database = undefined;
    this.#turns = undefined;
    this.#index = undefined;
    this.#admission = undefined;
  }

  /** Opens a held poll, or the live feed. The upgrade is the claim: the socket is registered before the queue is read. */
  override async fetch(request: Request): Promise<Response> {
    const hold = JSON.parse(decodeURIComponent(request.headers.get(HOLD_HEADER) ?? 'null')) as Hold | null;
    if (hold === null || request.headers.get('upgrade') !== 'websocket')
      return new Response(null, { status: 400 });
    const turns = this.#turnsAt(hold.address);
    const admitted = this.#admissionAt(hold.address).hold(hold, this.now());
    if (!admitted.isAdmitted) {
      const { reply } = admitted;
      return Response.json(this.#told(hold.address, reply, reply.near ?? []), { status: 429 });
    }
    const { 0: outer, 1: inner } = new WebSocketPair();
    let { near } = admitted;
    if (hold.kind === 'live') {
      const refused = await this.#entrance.enter(inner, hold, {
        now: () => this.now(),
        ask: (caller, ask) => this.call(hold.address, { caller, ask, key: null }),
      });
      if (refused !== undefined) return Response.json(refused, { status: 403 });
    } else if (hold.kind === 'watch') this.#polls.holdWatch(inner, hold.id);
    else near = await this.#holdClaim(turns, inner, hold, near);
    this.#note(hold.address, near);
    const headers = { [NEAR_HEADER]: JSON.stringify(near) };
    return new Response(null, { status: 101, webSocket: outer, headers });
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (!this.live.heard(socket, message)) this.#polls.acknowledge(socket);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    if (!this.live.closed(socket)) await this.#giveBack(this.#polls.close(socket));
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    if (!this.live.closed(socket)) await this.#giveBack(this.#polls.close(socket));
  }

  /** The net under every deadline. It always sets itself again: an alarm that gives up is a lease that never ends. */
  override async alarm(): Promise<void> {
    try {
      const address = this.#address ?? (await this.ctx.storage.get<Address>('address'));
      if (address === undefined) return;
      const reply = await this.asked(address, { type: 'sweep' });
      if (!reply.ok && reply.refusal.code !== 'project_not_found')
        await this.#wakeAt(this.now() + SWEEP_AGAIN_MS);
    } catch (fault) {
      this.#log('sweep.failed', fault);
      await this.#wakeAt(this.now() + SWEEP_AGAIN_MS);
    }
  }

  async #holdClaim(
    turns: Turns,
    socket: WebSocket,
    { address, caller, claim }: Extract<Hold, { kind: 'claim' }>,
    near: readonly LimitMark[],
  ): Promise<readonly LimitMark[]> {
    const waiterId = crypto.randomUUID();
    const actor = { kind: 'runner', id: caller.kind === 'runner' ? caller.credentialId : '' } as const;
    const { runner_id: runnerId, limit } = claim.request;
    const waiter = { waiterId, runnerId, actor, limit, isAdmitted: false, ...waitingFor(claim) };
    this.#polls.holdClaim(socket, waiter, this.now());
    const command: Command = { caller, ask: { ...claim, waiterId }, key: null };
    const reply = await turns.submit(command).catch((fault: unknown) => this.#replyToFault(fault));
    if (!reply.ok || jobsIn(reply) > 0) this.#deliver({ waiterId, runnerId, reply });
    return this.#admissionAt(address).answered(command, reply, near, this.now());
  }

  #deliver(answer: HeldAnswer): void {
    const unsent = this.#polls.answer(answer);
    if (unsent.length > 0) this.ctx.waitUntil(this.#giveBack(unsent));
    else this.#expectAcknowledgement(answer.waiterId);
  }

  /** A lease that nobody acknowledges is short: it is given back, at no cost of an attempt. */
  #expectAcknowledgement(waiterId: string): void {
    setTimeout(() => {
      this.ctx.waitUntil(this.#giveBack(this.#polls.cutOff(waiterId)));
    }, ACKNOWLEDGE_MS);
  }

  async #giveBack(leases: readonly SentLease[]): Promise<void> {
    const address = this.#address ?? (await this.ctx.storage.get<Address>('address'));
    if (address === undefined) return;
    for (const lease of leases) await this.asked(address, returning(lease));
  }

  async #answer(address: Address, { ask, ...rest }: Call, urgency: Urgency): Promise<Reply> {
    return isLook(ask)
      ? this.#look(address, { ...rest, ask })
      : this.#turnsAt(address).submit({ ...rest, ask }, urgency);
  }

  /** The reply with the limits that are near, which are noted too. */
  #told(address: Address, reply: Reply, near: readonly LimitMark[]): Reply {
    this.#note(address, near);
    const all = [...new Set([...near, ...(reply.near ?? [])])];
    return all.length === 0 ? reply : { ...reply, near: all };
  }

  /** The limits of the tenant, and what is used up of those that only memory counts. */
  #admissionAt({ tenant }: Address): Admission {
    this.#admission ??= new Admission(limitsIn(this.env, tenant), heldNow(this.#polls, this.live));
    return this.#admission;
  }

  /** Writes down, once an hour, that most of a limit is used up; whoever met it is not kept waiting for that. */
  #note(address: Address, near: readonly LimitMark[]): void {
    const admission = this.#admissionAt(address);
    for (const mark of admission.unnoted(near, this.now())) {
      const command: Command = { caller: { kind: 'system' }, ask: { type: 'note-limit', mark }, key: null };
      const noted = this.#turnsAt(address)
        .submit(command, 'urgent')
        .catch((fault: unknown) => this.#replyToFault(fault))
        .then((reply) => {
          if (!reply.ok) admission.forgetNoted(mark.name);
        });
      this.ctx.waitUntil(noted);
    }
  }

  #look(address: Address, query: Query) {
    const memory = {
      vitals: () => ({
        startedAt: this.#startedAt,
        heldPolls: this.#polls.claims + this.#polls.watches,
        waitingCommands: this.#turnsAt(address).depth,
        tally: this.#turnsAt(address).tally,
        expressions: this.#expressions,
      }),
      workings: () => ({
        record: this.#turnsAt(address).record,
        alarmAt: () => this.ctx.storage.getAlarm(),
      }),
      surroundings: () => ({
        database: this.#databaseAt(address),
        shard: address.shard,
        ownBytes: () => this.ctx.storage.sql.databaseSize,
        now: () => this.now(),
      }),
      polling: () => this.#polls.polling(),
      ping: (runnerId: string) => this.#ping(runnerId),
      limits: () => this.#admissionAt(address).standing(this.now()),
      index: () => {
        this.#index ??= new SearchIndex(ownSqlOf(this.ctx.storage));
        return this.#index;
      },
      live: this.#entrance.door(() => this.#admissionAt(address).room('live'), this.now()),
      later: (work: () => Promise<void>) => this.#later(work),
      rest: () => scheduler.wait(0),
    };
    return runLook(this.#databaseAt(address), address.tenant, query, memory, this.now());
  }

  async #ping(runnerId: string): Promise<number | undefined> {
    const sentAt = this.now();
    const next = this.#polls.ping(runnerId, sentAt);
    const isBack = await Promise.race([next.then(() => true), scheduler.wait(PING_MS).then(() => false)]);
    return isBack ? this.now() - sentAt : undefined;
  }

  /** One such work at a time: they all follow the same ledger. */
  #later(work: () => Promise<void>): void {
    if (this.#isIndexing) return;
    this.#isIndexing = true;
    const done = work()
      .catch((fault: unknown) => this.#log('indexing.failed', fault))
      .finally(() => {
        this.#isIndexing = false;
      });
    this.ctx.waitUntil(done);
  }

  #databaseAt({ shard }: Address): SchemaWatch {
    const binding = this.env[shard];
    if (binding === undefined) {
      throw new Refused({ code: 'misconfigured', message: `the binding ${shard} is missing` });
    }
    this.#database ??= new SchemaWatch(d1Database(binding as D1Database));
    return this.#database;
  }

  #turnsAt(address: Address): Turns {
    if (this.#address !== undefined && this.#address.shard !== address.shard) {
      this.#database = undefined;
      this.#turns = undefined;
    }
    this.#address = address;
    this.#turns ??= new Turns(address.tenant, this.#deps(address), this.#expressions);
    return this.#turns;
  }

  #deps(address: Address): Deps {
    const database = this.#databaseAt(address);
    return {
      database,
      refusalOfWrites: () => database.refusalOfWrites(),
      limits: this.#admissionAt(address).limits,
      now: () => this.now(),
      nonce: () => this.nonce(),
      yield: () => scheduler.wait(0),
      waiters: () => this.#polls.waiters(),
      admit: (claims) => this.#polls.admit(claims),
      dismiss: (runnerIds) => this.#polls.dismiss(runnerIds),
      deliver: (answer) => this.#deliver(answer),
      changed: (ids) => this.#polls.changed(ids),
      committed: (base, changes) => this.live.tell(base, changes, this.now()),
      fault: (fault) => this.#log('rule.fault', fault),
      wakeAt: (time) => this.#wakeAt(time),
    };
  }

  #replyToFault(fault: unknown, requestId?: string): Reply {
    if (fault instanceof Refused) return { ok: false, refusal: fault.refusal };
    if (fault instanceof DatabaseFault) return refuse('unavailable', 'the record could not be reached');
    this.#log('tenant.fault', fault, requestId);
    return refuse(
      'internal_error',
      'something is wrong on our side; nothing more is known than this request id',
    );
  }

  #log(event: TenantEvent, fault: unknown, requestId?: string): void {
    log(event, { ...faultFields(fault), tenant: this.#address?.tenant, request_id: requestId });
  }

  /**
   * Sets the alarm only to an earlier time than the one set: each time costs a row. What is set is asked of the
   * storage each time: an instance that has been superseded would remember an alarm that has rung elsewhere since,
   * and the storage stops it here.
   */
  async #wakeAt(time: number): Promise<boolean> {
    const alarmAt = await this.ctx.storage.getAlarm();
    if (alarmAt !== null && alarmAt <= time) return false;
    await this.#rememberAddress();
    await this.ctx.storage.setAlarm(time);
    return true;
  }

  /** An alarm comes without an address. Written once in a tenant's life, and when it moves. */
  async #rememberAddress(): Promise<void> {
    const stored = await this.ctx.storage.get<Address>('address');
    if (this.#address !== undefined && stored?.shard !== this.#address.shard) {
      await this.ctx.storage.put('address', this.#address);
    }
  }
}
