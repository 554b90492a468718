import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FreezeMark } from '@countersign/protocol/freeze-mark';
import {
  claimRequestSchema,
  type ResultRequest,
  releaseRequestSchema,
  renewRequestSchema,
  resultRequestSchema,
} from '@countersign/protocol/job-requests';
import {
  type Rehearsal,
  type RehearsalResult,
  rehearsalClaimSchema,
  rehearsalResultSchema,
  rehearsalSchema,
} from '@countersign/protocol/rehearsal';
import { heartbeatSchema, registrationSchema } from '@countersign/protocol/runner-messages';
import type { PublicJob } from '@countersign/protocol/writeback-job';
import { FakeJobQueue } from './fake-job-queue.ts';
import {
  bodyOf,
  type FoundRoute,
  problem,
  type Reply,
  type Route,
  routeOf,
  send,
} from './fake-plane-wire.ts';

/** What one request gets instead of its answer. */
export type Mishap =
  | { readonly kind: 'status'; readonly status: number; readonly code: string; readonly retryable?: boolean }
  /** Done, but the connection breaks before the answer. */
  | { readonly kind: 'lost-answer' }
  | { readonly kind: 'broken-connection' }
  | { readonly kind: 'garbage' };

export interface SeenRequest {
  readonly route: Route;
  readonly body: unknown;
  /** Of which trace it said that it is a part. */
  readonly traceparent?: string | undefined;
}

/**
 * The control plane as far as a runner sees it: real HTTP, real leases, and a list of everything that was asked. It
 * checks requests with the protocol's own schemas, so a runner that sends something else gets a 422.
 */
export class FakeControlPlane {
  readonly #server: Server;
  readonly #jobs = new FakeJobQueue(() => this.#now);
  readonly #rehearsals: unknown[] = [];
  readonly #mishaps = new Map<Route, Mishap[]>();
  readonly #events = new EventEmitter().setMaxListeners(0);
  #frozen: FreezeMark | undefined;
  #pings = 0;

  /** The one that is valid. */
  token: string;
  readonly requests: SeenRequest[] = [];
  /** Every accepted result, in order; also those that say the same again. */
  readonly results: ResultRequest[] = [];
  /** Every accepted answer to a rehearsal, in order. */
  readonly rehearsed: RehearsalResult[] = [];
  /** How far this clock is from the machine's. */
  skewMs = 0;
  /** How long after a lease or renewal a write may begin. */
  writeByMs = 10_000;
  /** Renewals are refused, as of a lease that went to another. */
  refusesRenewals = false;
  /** No new leases. */
  isPaused = false;
  /** What a heartbeat is told besides. */
  heartbeat: Readonly<Record<string, unknown>> = {};
  /** What a token is told that it is good for. */
  doctor: Readonly<Record<string, unknown>> = { authenticated: true };

  private constructor(server: Server, token: string) {
    this.#server = server;
    this.token = token;
  }

  static async start(token = 'syn_run_test'): Promise<FakeControlPlane> {
    const server = createServer();
    const plane = new FakeControlPlane(server, token);
    server.on('request', (request, response) => void plane.#serve(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return plane;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the control plane does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#events.emit('change');
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Approves a job: it is handed out until it has a result, with the trace that it was proposed in. */
  queue(job: PublicJob, traceparent?: string): void {
    this.#jobs.add(job, traceparent);
    this.#changed();
  }

  /** Hands this out, once, among the jobs of the next claim. */
  queueRaw(claimed: unknown): void {
    this.#jobs.addRaw(claimed);
    this.#changed();
  }

  /** Hands this out to the next runner that claims rehearsals, to be answered within so many milliseconds. */
  rehearse(rehearsal: Omit<Rehearsal, 'expires_at'>, withinMs = 10_000): void {
    const expires_at = new Date(this.#now + withinMs).toISOString();
    this.#rehearsals.push(rehearsalSchema.parse({ ...rehearsal, expires_at }));
    this.#changed();
  }

  /** The same with whatever this is. */
  rehearseRaw(claimed: unknown): void {
    this.#rehearsals.push(claimed);
    this.#changed();
  }

  /** The next requests on a route end like this. */
  fail(route: Route, ...mishaps: Mishap[]): void {
    this.#mishaps.set(route, [...(this.#mishaps.get(route) ?? []), ...mishaps]);
  }

  /** Holds all work back from now on, and answers the claims that wait; undefined: ends that. */
  freeze(mark: FreezeMark | undefined): void {
    this.#frozen = mark;
    this.#changed();
  }

  /** Answers the claims that wait with nothing but that. */
  ping(): void {
    this.#pings += 1;
    this.#changed();
  }

  /** Ends every lease, as if its time were over. */
  expireLeases(): void {
    this.#jobs.expireLeases();
    this.#changed();
  }

  resultsOf(jobId: string): readonly ResultRequest[] {
    return this.results.filter(({ job_id }) => job_id === jobId);
  }

  count(route: Route): number {
    return this.requests.filter((request) => request.route === route).length;
  }

  /** Resolves when the condition holds, which is looked at after every request. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#events, 'change');
  }

  #changed(): void {
    this.#events.emit('change');
  }

  get #now(): number {
    return Date.now() + this.skewMs;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routeOf(request);
    const body = await bodyOf(request);
    if (route === undefined) return send(response, problem(404, 'not_found'));
    const { traceparent } = request.headers;
    const named = typeof traceparent === 'string' ? { traceparent } : {};
    this.requests.push({ route: route.name, body, ...named });
    this.#changed();
    const mishap = this.#mishaps.get(route.name)?.shift();
    if (mishap?.kind === 'broken-connection') return void request.socket.destroy();
    if (mishap?.kind === 'garbage') return void response.writeHead(200).end('<html>busy</html>');
    if (mishap?.kind === 'status')
      return send(response, problem(mishap.status, mishap.code, mishap.retryable));
    const isKnown = request.headers.authorization === `Bearer ${this.token}`;
    const reply = isKnown ? await this.#reply(route, body, request) : problem(401, 'token_invalid');
    if (mishap?.kind === 'lost-answer') request.socket.destroy();
    else send(response, reply);
    this.#changed();
  }

  async #reply({ name, jobId }: FoundRoute, body: unknown, request: IncomingMessage): Promise<Reply> {
    switch (name) {
      case 'doctor':
        return this.#ok(this.doctor);
      case 'register':
        return registrationSchema.safeParse(body).success ? this.#ok() : problem(422, 'validation_failed');
      case 'runner-heartbeat':
        return heartbeatSchema.safeParse(body).success
          ? this.#ok(this.heartbeat)
          : problem(422, 'validation_failed');
      case 'claim':
        return this.#claim(body, request);
      case 'renew':
        return this.#renew(jobId, body);
      case 'release':
        return this.#release(jobId, body);
      case 'result':
        return this.#result(jobId, body);
      case 'rehearsal-claim':
        return this.#claimRehearsals(body, request);
      case 'rehearsal-result':
        return this.#rehearsed(jobId, body);
    }
  }

  #ok(more: object = {}): Reply {
    return { status: 200, body: { ok: true, server_time: new Date(this.#now).toISOString(), ...more } };
  }

  async #claim(body: unknown, request: IncomingMessage): Promise<Reply> {
    const parsed = claimRequestSchema.safeParse(body);
    if (!parsed.success) return problem(422, 'validation_failed');
    const { limit, lease_seconds: seconds, source_id: sourceId, wait_seconds } = parsed.data;
    const [frozen, pings] = [this.#frozen, this.#pings];
    const isStirred = () => this.#frozen !== frozen || this.#pings !== pings;
    const isIdle = () => this.isPaused || this.#frozen !== undefined;
    const lease = () => (isIdle() ? [] : this.#jobs.lease({ limit, seconds, sourceId }, this.#writeBy));
    const jobs = await this.#held(request, wait_seconds, lease, isStirred);
    return this.#ok({
      jobs,
      ...(this.#frozen === undefined ? {} : { frozen: this.#frozen }),
      ...(this.#pings === pings ? {} : { ping: true }),
    });
  }

  async #claimRehearsals(body: unknown, request: IncomingMessage): Promise<Reply> {
    const parsed = rehearsalClaimSchema.safeParse(body);
    if (!parsed.success) return problem(422, 'validation_failed');
    const { limit, wait_seconds } = parsed.data;
    const rehearsals = await this.#held(request, wait_seconds, () => this.#rehearsals.splice(0, limit));
    return this.#ok({ rehearsals });
  }

  #rehearsed(rehearsalId: string, body: unknown): Reply {
    const parsed = rehearsalResultSchema.safeParse(body);
    if (!parsed.success || parsed.data.rehearsal_id !== rehearsalId) return problem(422, 'validation_failed');
    this.rehearsed.push(parsed.data);
    return this.#ok();
  }

  /** What is there to be taken, as soon as there is something; nothing when the time is over or the client has gone. */
  async #held(
    request: IncomingMessage,
    waitSeconds: number,
    take: () => readonly unknown[],
    isStirred: () => boolean = () => false,
  ): Promise<readonly unknown[]> {
    const until = Date.now() + waitSeconds * 1_000;
    const end = new AbortController();
    const close = () => end.abort();
    request.socket.once('close', close);
    const timer = setTimeout(() => end.abort(), waitSeconds * 1_000);
    try {
      for (;;) {
        if (request.socket.destroyed) return [];
        const taken = take();
        if (taken.length > 0 || isStirred() || Date.now() >= until) return taken;
        await once(this.#events, 'change', { signal: end.signal }).catch(() => undefined);
        if (end.signal.aborted) return [];
      }
    } finally {
      clearTimeout(timer);
      request.socket.off('close', close);
    }
  }

  get #writeBy(): string {
    return new Date(this.#now + this.writeByMs).toISOString();
  }

  #renew(jobId: string, body: unknown): Reply {
    const parsed = renewRequestSchema.safeParse(body);
    if (!parsed.success) return problem(422, 'validation_failed');
    if (this.#frozen !== undefined) return problem(409, 'frozen');
    const { lease_id, lease_seconds } = parsed.data;
    const lease = this.refusesRenewals ? undefined : this.#jobs.renew(jobId, lease_id, lease_seconds);
    if (lease === undefined) return problem(409, 'lease_lost');
    return this.#ok({ job_id: jobId, lease, write_by: this.#writeBy });
  }

  #release(jobId: string, body: unknown): Reply {
    const parsed = releaseRequestSchema.safeParse(body);
    if (!parsed.success) return problem(422, 'validation_failed');
    const { lease_id, reason } = parsed.data;
    if (!this.#jobs.release(jobId, lease_id, reason)) return problem(409, 'lease_lost');
    return this.#ok();
  }

  #result(jobId: string, body: unknown): Reply {
    const parsed = resultRequestSchema.safeParse(body);
    if (!parsed.success || parsed.data.job_id !== jobId) return problem(422, 'validation_failed');
    this.#jobs.end(jobId);
    this.results.push(parsed.data);
    return this.#ok();
  }
}
