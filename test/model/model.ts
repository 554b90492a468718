import { type ErrorCode, errorCodes } from '@countersign/protocol/error-codes';
import type { ResultRequest } from '@countersign/protocol/job-requests';
import type { JobState, ProposalState } from '@countersign/protocol/proposal-requests';
import type { Taken } from './transitions.ts';

const MOST_ATTEMPTS = 5;
const REST_MS = { draining: 0, busy: 1_000, database_unavailable: 5_000 } as const;
export type Reason = keyof typeof REST_MS;
export type Status = ResultRequest['status'];

/** What a request must be answered with. */
export interface Expected {
  readonly status: number;
  readonly code: ErrorCode | undefined;
}
const done = (status = 200): Expected => ({ status, code: undefined });
const refused = (code: ErrorCode): Expected => ({ status: errorCodes[code].status, code });

interface Word {
  readonly who: string;
  readonly verdict: 'approved' | 'rejected';
}
interface Result {
  readonly status: Status;
  readonly hash: string;
}
export interface Lease {
  readonly proposal: Proposal;
  readonly id: string;
  readonly runner: string;
}

/** What is true of one proposal and its job. `place` is its sequence among all, `id` its name on the wire. */
export interface Proposal {
  readonly place: number;
  id: string;
  readonly proposer: string;
  readonly required: number;
  readonly isWritable: boolean;
  readonly expiresAt: number;
  state: ProposalState;
  words: Word[];
  job: JobState | null;
  queuedAt: number;
  notBefore: number | null;
  attempt: number;
  charged: number;
  lease: { id: string; runner: string; until: number } | null;
  result: Result | null;
}

const stateAfter: Record<Status, ProposalState> = {
  applied: 'applied',
  already_applied: 'applied',
  conflict: 'conflict',
  failed: 'failed',
  canceled: 'canceled',
  reconciliation_required: 'indeterminate',
};
const isWritten = (status: Status) => status === 'applied' || status === 'already_applied';
const outcome = (status: Status) => (isWritten(status) ? 'applied' : status);

/** The rules of the product once more, in as few words as will do: what each request must do to each state. */
export class Model {
  now = 0;
  readonly proposals: Proposal[] = [];
  readonly leases: Lease[] = [];
  readonly #taken: Taken;

  constructor(taken: Taken) {
    this.#taken = taken;
  }

  propose(facts: Pick<Proposal, 'proposer' | 'required' | 'isWritable'>, lifetime: number): Proposal {
    const empty = {
      words: [],
      job: null,
      queuedAt: 0,
      notBefore: null,
      attempt: 0,
      charged: 0,
      lease: null,
      result: null,
    };
    const place = this.proposals.length;
    const proposal: Proposal = {
      place,
      id: '',
      ...facts,
      expiresAt: this.now + lifetime,
      state: 'pending_review',
      ...empty,
    };
    this.proposals.push(proposal);
    this.#taken.count('proposal', null, 'pending_review');
    return proposal;
  }

  decide(proposal: Proposal, who: string, verdict: Word['verdict'], isOutdated: boolean): Expected {
    if (proposal.state === 'expired') return refused('proposal_expired');
    if (proposal.state !== 'pending_review') return refused('proposal_already_decided');
    if (proposal.words.some((word) => word.who === who)) return refused('proposal_already_decided');
    if (isOutdated) return refused('decision_outdated');
    if (verdict === 'approved' && proposal.proposer === who) return refused('separation_of_duty');
    proposal.words.push({ who, verdict });
    if (verdict === 'rejected') this.#become(proposal, 'rejected');
    else if (proposal.words.length < proposal.required) this.#become(proposal, 'pending_review');
    else {
      this.#become(proposal, 'approved');
      if (proposal.isWritable) this.#queue(proposal);
    }
    return done();
  }

  cancel(proposal: Proposal, who: string): Expected {
    const isOther = who.toLowerCase().endsWith('agent') && who !== proposal.proposer;
    if (isOther) return refused('proposal_not_found');
    const isUntouched = proposal.job === null || (proposal.job === 'queued' && proposal.attempt === 0);
    const isOpen = proposal.state === 'pending_review' || (proposal.state === 'approved' && isUntouched);
    if (!isOpen) return refused('proposal_not_cancelable');
    this.#become(proposal, 'canceled');
    if (proposal.job !== null) this.#work(proposal, 'canceled');
    return done();
  }

  /** The jobs that a claim gets; their leases become known with the answer. */
  claim(limit: number): Proposal[] {
    return this.proposals
      .filter(({ job, notBefore }) => job === 'queued' && notBefore === null)
      .sort((a, b) => a.queuedAt - b.queuedAt || a.place - b.place)
      .slice(0, limit);
  }

  lease(proposal: Proposal, id: string, runner: string, seconds: number): void {
    this.#work(proposal, 'leased');
    proposal.attempt += 1;
    proposal.lease = { id, runner, until: this.now + seconds * 1_000 };
    this.leases.push({ proposal, id, runner });
  }

  renew({ proposal, id }: Lease, runner: string, seconds: number): Expected {
    const refusal = this.#refusalOf(proposal, id, runner);
    if (refusal === undefined && proposal.lease !== null) {
      proposal.lease.until = Math.max(proposal.lease.until, this.now + seconds * 1_000);
    }
    return refusal ?? done();
  }

  release({ proposal, id }: Lease, runner: string, reason: Reason): Expected {
    const refusal = this.#refusalOf(proposal, id, runner);
    if (refusal !== undefined) return refusal;
    const rest = REST_MS[reason];
    this.#work(proposal, 'queued', rest === 0 ? null : this.now + rest);
    proposal.lease = null;
    return done();
  }

  report(lease: Lease, runner: string, result: Result): Expected {
    const { proposal } = lease;
    if (lease.runner !== runner) return refused('lease_foreign');
    if (!['leased', 'queued', 'dead_letter'].includes(String(proposal.job)))
      return this.#compare(proposal, result);
    const isOvertaken = proposal.job === 'leased' && proposal.lease?.id !== lease.id;
    if (isOvertaken && !isWritten(result.status) && result.status !== 'conflict') return done();
    this.#work(proposal, result.status);
    this.#become(proposal, stateAfter[result.status]);
    proposal.lease = null;
    proposal.result = result;
    return done();
  }

  settle(proposal: Proposal, verb: 'requeue' | 'discard'): Expected {
    if (proposal.job === null) return refused('job_not_found');
    if (proposal.job !== 'dead_letter') return refused('job_not_dead');
    if (verb === 'requeue') {
      proposal.charged = 0;
      this.#queue(proposal);
    } else {
      this.#work(proposal, 'canceled');
      this.#become(proposal, 'canceled');
    }
    return done();
  }

  /** What the clock does when it has moved on. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    for (const proposal of this.proposals) {
      if (proposal.state === 'pending_review' && proposal.expiresAt <= this.now)
        this.#become(proposal, 'expired');
      if (proposal.notBefore !== null && proposal.notBefore <= this.now) this.#work(proposal, 'queued');
      if (proposal.lease !== null && proposal.lease.until <= this.now) {
        proposal.charged += 1;
        proposal.lease = null;
        this.#work(proposal, proposal.charged >= MOST_ATTEMPTS ? 'dead_letter' : 'queued');
      }
    }
  }

  #refusalOf({ job, lease }: Proposal, id: string, runner: string): Expected | undefined {
    if (job === 'queued' || job === 'dead_letter') return refused('lease_lost');
    if (lease === null) return refused('job_terminal');
    if (lease.id !== id) return refused('lease_lost');
    return lease.runner === runner ? undefined : refused('lease_foreign');
  }

  #compare(proposal: Proposal, { status, hash }: Result): Expected {
    const { result } = proposal;
    if (result !== null && outcome(result.status) === outcome(status) && result.hash === hash) return done();
    if (proposal.state !== 'applied' && isWritten(status)) this.#become(proposal, 'indeterminate');
    return refused('result_differs');
  }

  #queue(proposal: Proposal): void {
    proposal.queuedAt = this.now;
    this.#work(proposal, 'queued');
  }

  #become(proposal: Proposal, state: ProposalState): void {
    this.#taken.count('proposal', proposal.state, state);
    proposal.state = state;
  }

  #work(proposal: Proposal, job: JobState, notBefore: number | null = null): void {
    const name = (state: JobState | null, rest: number | null) => (rest === null ? state : 'resting');
    this.#taken.count('job', name(proposal.job, proposal.notBefore), String(name(job, notBefore)));
    proposal.job = job;
    proposal.notBefore = notBefore;
  }
}
