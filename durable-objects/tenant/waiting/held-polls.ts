import type { ClaimedAction } from '@countersign/protocol/action/action-job';
import type { ClaimedJob } from '@countersign/protocol/job/claimed-job';
import type { ClaimedTask } from '@countersign/protocol/run/task';
import { heldMessage } from '../hold.ts';
import type { Admitted, HeldAnswer } from '../turn/decide-turn.ts';
import type { Reply } from '../turn/reply.ts';
import type { Waiter } from './waiter.ts';

/** A lease that was sent down a socket and not acknowledged yet. */
export type SentLease = { readonly runnerId: string } & (
  | { readonly kind: 'job'; readonly jobId: string; readonly leaseId: string }
  | { readonly kind: 'action'; readonly actionId: string; readonly claimId: string }
  | { readonly kind: 'task'; readonly taskId: string; readonly claimId: string }
);

interface Claim {
  readonly kind: 'claim';
  readonly since: number;
  readonly waiter: Waiter;
  readonly sent: readonly SentLease[];
}

/** What a held poll's socket remembers of itself, so that it survives the object leaving memory. */
type Attachment = Claim | { readonly kind: 'watch'; readonly id: string };

/**
 * The polls that are held by sockets: claims that wait for a job, readers that wait for a change. The sockets
 * hibernate, so a waiting runner keeps nothing in memory; this index is rebuilt from them when the object wakes.
 * While it is awake it goes by the index: to ask a thousand sockets in every turn would cost more than the turn.
 */
export class HeldPolls {
  readonly #accept: (socket: WebSocket) => void;
  readonly #claims = new Map<string, { readonly socket: WebSocket; readonly claim: Claim }>();
  readonly #watchers = new Map<string, Set<WebSocket>>();
  #watching = 0;
  /** Who waits for the next poll of a runner. */
  readonly #expected = new Map<string, (() => void)[]>();

  constructor(sockets: readonly WebSocket[], accept: (socket: WebSocket) => void) {
    this.#accept = accept;
    for (const socket of [...sockets].sort((a, b) => since(a) - since(b)))
      this.#index(socket, attachmentOf(socket));
  }

  get claims(): number {
    return this.#claims.size;
  }

  get watches(): number {
    return this.#watching;
  }

  holdClaim(socket: WebSocket, waiter: Waiter, now: number): void {
    this.#accept(socket);
    this.#attach(socket, { kind: 'claim', since: now, waiter, sent: [] });
    for (const resolve of this.#expected.get(waiter.runnerId) ?? []) resolve();
    this.#expected.delete(waiter.runnerId);
  }

  holdWatch(socket: WebSocket, id: string): void {
    this.#accept(socket);
    this.#attach(socket, { kind: 'watch', id });
  }

  /** Claims that may still be given something, longest wait first. */
  waiters(): Waiter[] {
    return [...this.#claims.values()]
      .filter(({ claim }) => claim.sent.length === 0)
      .map(({ claim }) => claim.waiter);
  }

  polling(): ReadonlySet<string> {
    return new Set(this.waiters().map(({ runnerId }) => runnerId));
  }

  admit(claims: readonly Admitted[]): void {
    for (const { held, waiterId } of claims) {
      const known = this.#claims.get(waiterId);
      if (known === undefined) continue;
      const { socket, claim } = known;
      this.#attach(socket, { ...claim, waiter: { ...claim.waiter, isAdmitted: true } });
      trySend(socket, heldMessage(held));
    }
  }

  /** Ends the polls of these runners, but for those whose answer is on its way. */
  dismiss(runnerIds: readonly string[]): void {
    if (runnerIds.length === 0) return;
    for (const { socket, claim } of this.#claims.values()) {
      if (claim.sent.length > 0 || !runnerIds.includes(claim.waiter.runnerId)) continue;
      this.#forget(socket, claim);
      socket.close(1000, 'dismissed');
    }
  }

  /** Answers the polls of a runner with nothing; resolves when its next one is here. */
  ping(runnerId: string, now: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#expected.set(runnerId, [...(this.#expected.get(runnerId) ?? []), resolve]);
    const server_time = new Date(now).toISOString();
    const body = {
      ok: true,
      jobs: [],
      rehearsals: [],
      actions: [],
      tasks: [],
      ping: true,
      server_time,
    } as const;
    for (const { waiterId } of this.waiters().filter((waiter) => waiter.runnerId === runnerId))
      this.answer({ waiterId, runnerId, reply: { ok: true, status: 200, body } });
    return promise;
  }

  /**
   * Sends a claim its answer, and notes which leases are on their way: whether it arrived, the close will tell.
   * Returns the leases of an answer that was not sent, because nobody waits for it any more.
   */
  answer({ waiterId, runnerId, reply }: HeldAnswer): readonly SentLease[] {
    const held = this.#claims.get(waiterId);
    const leases = leasesIn(reply, runnerId);
    if (held === undefined) return leases;
    // What is no lease of a job is not given back: a rehearsal that does not arrive is missed.
    if (leases.length > 0) this.#attach(held.socket, { ...held.claim, sent: leases });
    else this.#forget(held.socket, held.claim);
    trySend(held.socket, JSON.stringify(reply));
    return [];
  }

  /** The other end has its answer. */
  acknowledge(socket: WebSocket): void {
    const attachment = attachmentOf(socket);
    if (attachment?.kind === 'claim') this.#attach(socket, { ...attachment, sent: [] });
    this.#forget(socket, attachment);
    socket.close(1000, 'answered');
  }

  /** The socket is gone: what it was sent but did not acknowledge must be given back. */
  close(socket: WebSocket): readonly SentLease[] {
    const attachment = attachmentOf(socket);
    this.#forget(socket, attachment);
    return attachment?.kind === 'claim' ? attachment.sent : [];
  }

  /** Ends polls that were sent leases and did not acknowledge them; returns those leases. */
  cutOff(waiterId: string): readonly SentLease[] {
    const held = this.#claims.get(waiterId);
    if (held === undefined || held.claim.sent.length === 0) return [];
    const { socket, claim } = held;
    this.#attach(socket, { ...claim, sent: [] });
    this.#forget(socket, claim);
    socket.close(1001, 'not acknowledged');
    return claim.sent;
  }

  /** Claims whose answer is on its way: after the object was out of memory nobody else remembers them. */
  unacknowledged(): string[] {
    return [...this.#claims].filter(([, { claim }]) => claim.sent.length > 0).map(([id]) => id);
  }

  changed(ids: readonly string[]): void {
    for (const id of ids) {
      for (const socket of this.#watchers.get(id) ?? []) trySend(socket, 'changed');
    }
  }

  #attach(socket: WebSocket, attachment: Attachment): void {
    socket.serializeAttachment(attachment);
    this.#index(socket, attachment);
  }

  #index(socket: WebSocket, attachment: Attachment | undefined): void {
    if (attachment?.kind === 'claim')
      this.#claims.set(attachment.waiter.waiterId, { socket, claim: attachment });
    if (attachment?.kind !== 'watch') return;
    const watchers = this.#watchers.get(attachment.id) ?? new Set();
    if (!watchers.has(socket)) this.#watching += 1;
    this.#watchers.set(attachment.id, watchers.add(socket));
  }

  #forget(socket: WebSocket, attachment: Attachment | undefined): void {
    if (attachment?.kind === 'claim') this.#claims.delete(attachment.waiter.waiterId);
    if (attachment?.kind !== 'watch') return;
    const watchers = this.#watchers.get(attachment.id);
    if (watchers?.delete(socket) === true) this.#watching -= 1;
    if (watchers?.size === 0) this.#watchers.delete(attachment.id);
  }
}

function attachmentOf(socket: WebSocket): Attachment | undefined {
  return socket.deserializeAttachment() ?? undefined;
}

function since(socket: WebSocket): number {
  const attachment = attachmentOf(socket);
  return attachment?.kind === 'claim' ? attachment.since : 0;
}

function leasesIn(reply: Reply, runnerId: string): SentLease[] {
  if (!reply.ok) return [];
  const jobs: readonly ClaimedJob[] = Array.isArray(reply.body.jobs) ? reply.body.jobs : [];
  const actions: readonly ClaimedAction[] = Array.isArray(reply.body.actions) ? reply.body.actions : [];
  const tasks: readonly ClaimedTask[] = Array.isArray(reply.body.tasks) ? reply.body.tasks : [];
  return [
    ...tasks.map(({ task_id, claim_id }) => ({
      kind: 'task' as const,
      taskId: task_id,
      claimId: claim_id,
      runnerId,
    })),
    ...jobs.map(({ job_id, lease_id }) => ({
      kind: 'job' as const,
      jobId: job_id,
      leaseId: lease_id,
      runnerId,
    })),
    ...actions.map(({ action_id, claim_id }) => ({
      kind: 'action' as const,
      actionId: action_id,
      claimId: claim_id,
      runnerId,
    })),
  ];
}

/** A socket that is closing refuses; its close event gives the leases back. */
function trySend(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    socket.close(1011, 'not sent');
  }
}
