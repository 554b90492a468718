import type { JobState, ProposalState } from '@countersign/protocol/proposal-requests';
import {
  done,
  type Expected,
  isUndecided,
  type Proposal,
  type Result,
  refused,
  type Status,
} from './proposal.ts';
import { ReviewModel } from './review-model.ts';
import type { Taken } from './transitions.ts';

const MOST_ATTEMPTS = 5;
const REST_MS = { draining: 0, busy: 1_000, database_unavailable: 5_000 } as const;
export type Reason = keyof typeof REST_MS;

export interface Lease {
  readonly proposal: Proposal;
  readonly id: string;
  readonly runner: string;
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
export class Model extends ReviewModel {
  readonly leases: Lease[] = [];
  readonly #taken: Taken;

  constructor(taken: Taken) {
    super(taken);
    this.#taken = taken;
  }

  cancel(proposal: Proposal, who: string): Expected {
    const isOther = who.toLowerCase().endsWith('agent') && who !== proposal.proposer;
    if (isOther) return refused('proposal_not_found');
    const isUntouched = proposal.job === null || (proposal.job === 'queued' && proposal.attempt === 0);
    const isOpen = isUndecided(proposal) || (proposal.state === 'approved' && isUntouched);
    if (!isOpen) return refused('proposal_not_cancelable');
    this.become(proposal, 'canceled');
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
    this.become(proposal, stateAfter[result.status]);
    proposal.lease = null;
    proposal.result = result;
    return done();
  }

  settle(proposal: Proposal, verb: 'requeue' | 'discard'): Expected {
    if (proposal.job === null) return refused('job_not_found');
    if (proposal.job !== 'dead_letter') return refused('job_not_dead');
    if (verb === 'requeue') {
      proposal.charged = 0;
      this.queue(proposal);
    } else {
      this.#work(proposal, 'canceled');
      this.become(proposal, 'canceled');
    }
    return done();
  }

  /** What the clock does when it has moved on. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    for (const proposal of this.proposals) {
      this.review(proposal);
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
    if (proposal.state !== 'applied' && isWritten(status)) this.become(proposal, 'indeterminate');
    return refused('result_differs');
  }

  protected override queue(proposal: Proposal): void {
    proposal.queuedAt = this.now;
    this.#work(proposal, 'queued');
  }

  #work(proposal: Proposal, job: JobState, notBefore: number | null = null): void {
    const name = (state: JobState | null, rest: number | null) => (rest === null ? state : 'resting');
    this.#taken.count('job', name(proposal.job, proposal.notBefore), String(name(job, notBefore)));
    proposal.job = job;
    proposal.notBefore = notBefore;
  }
}
