import type { Outcome, SourceDatabase } from '../databases/source-database.ts';
import { faultFields } from '../log.ts';
import type { JobTrace } from '../tracing/job-trace.ts';
import type { JobAnswer } from '../verify/job-answer.ts';
import { type VerifiedClaim, verifyClaim } from '../verify/verify-claim.ts';
import type { VerifyScope } from '../verify/verify-job.ts';
import { HeldLease } from './held-lease.ts';
import type { Lanes } from './lanes.ts';
import type { JobOutcome, SourceEvent } from './loop-event.ts';
import { release } from './release.ts';
import type { ReportQueue } from './report-queue.ts';
import { resultOf, type ToldResult } from './result-of.ts';
import type { RunnerContext } from './runner-context.ts';

/** The cause of a release that no database was asked about. */
const NOT_BEGUN = 'not_begun';

/** How a job of a source is taken, carried out and answered for. */
export class Jobs {
  readonly #context: RunnerContext;
  readonly #scope: VerifyScope;
  readonly #database: SourceDatabase;
  readonly #lanes: Lanes;
  readonly #reports: ReportQueue;
  /** Set when the database could not be used; whoever claims asks it again before it takes more. */
  databaseIsAway = false;

  constructor(
    context: RunnerContext,
    scope: VerifyScope,
    database: SourceDatabase,
    lanes: Lanes,
    reports: ReportQueue,
  ) {
    this.#context = context;
    this.#scope = scope;
    this.#database = database;
    this.#lanes = lanes;
    this.#reports = reports;
  }

  /** Takes one element of a claim's `jobs`, whatever it is. Never throws. */
  take(claimed: unknown): void {
    const claim = verifyClaim(this.#scope, claimed);
    const trace = this.#context.tracing.begin(this.#scope, claim, claimed);
    if (claim.kind === 'accepted') {
      const lease = new HeldLease(this.#context, claim.plan.jobId, claim.terms, trace.traceparent);
      this.#lanes.run(laneOf(claim.plan), () => this.#carryOut(claim, lease, trace));
      return;
    }
    const { jobId, reason } = claim;
    this.#context.log('error', `job_${claim.kind}`, {
      source_id: this.#scope.sourceId,
      job_id: jobId,
      reason,
    });
    this.#tell({ kind: 'job', outcome: claim.kind });
    if (claim.kind === 'refused' && this.#context.isDryRun) {
      const lease = { leaseId: claim.leaseId };
      this.#lanes.run(claim.jobId, () => release(this.#context, claim.jobId, lease, 'rehearsed'));
    } else if (claim.kind === 'refused') {
      const { answer, leaseId } = claim;
      this.#report(resultOf(answer, claim.jobId, { kind: 'refused', reason: claim.reason }), leaseId, trace);
    }
    trace.end(claim.kind, reason);
  }

  async #carryOut({ answer, plan }: Accepted, lease: HeldLease, trace: JobTrace): Promise<void> {
    const { log } = this.#context;
    let end: JobOutcome = 'fault';
    try {
      const outcome = await this.#apply(plan, lease, trace);
      const isTried = this.#context.isDryRun && outcome.kind !== 'released';
      if (isTried) await this.#giveBack(plan, lease, outcome, trace);
      else await this.#answerFor(plan, lease, outcome, { answer, trace });
      end = isTried ? 'rehearsed' : outcome.kind;
    } catch (error) {
      // A fault of this program. The lease runs out, and the receipt, or its absence, tells the next attempt.
      log('error', 'job_fault', { job_id: plan.jobId, ...faultFields(error) });
    } finally {
      lease.end();
      trace.end(end);
      this.#tell({ kind: 'job', outcome: end });
    }
  }

  async #apply(plan: Plan, lease: HeldLease, trace: JobTrace): Promise<Outcome> {
    const { drain, giveUp, isDryRun, runnerId } = this.#context;
    if (drain.aborted || this.databaseIsAway)
      return { kind: 'released', reason: 'database_unavailable', cause: NOT_BEGUN };
    const { attempt, leaseId } = lease.terms;
    const begunAt = performance.now();
    const facts = { attempt, leaseId, runnerId };
    const outcome = await trace.applying(async () =>
      isDryRun
        ? this.#database.rehearse(plan, facts)
        : orFrozen(await this.#database.apply(plan, facts, lease, giveUp), lease),
    );
    this.#tell({ kind: 'apply', seconds: (performance.now() - begunAt) / 1_000 });
    return outcome;
  }

  /** Says what a write would have come to, and lets the job go as it was. */
  async #giveBack(plan: Plan, lease: HeldLease, outcome: Outcome, trace: JobTrace): Promise<void> {
    const ids = { job_id: plan.jobId, proposal_id: plan.proposalId, lease_id: lease.terms.leaseId };
    const version = 'resultVersion' in outcome ? outcome.resultVersion : undefined;
    this.#context.log('info', 'job_rehearsed', {
      ...ids,
      would_be: outcome.kind,
      ...codeOf(outcome),
      result_version: version,
    });
    await release(this.#context, plan.jobId, lease.terms, 'rehearsed', trace.traceparent);
  }

  async #answerFor(
    plan: Plan,
    lease: HeldLease,
    outcome: Outcome,
    { answer, trace }: { readonly answer: JobAnswer; readonly trace: JobTrace },
  ): Promise<void> {
    const { drain, log } = this.#context;
    const ids = { job_id: plan.jobId, proposal_id: plan.proposalId, lease_id: lease.terms.leaseId };
    if (outcome.kind === 'released') {
      const { reason, cause } = outcome;
      if (reason === 'database_unavailable' && cause !== NOT_BEGUN) this.#databaseLeft();
      log('warn', 'job_not_written', { ...ids, reason, cause });
      const why = drain.aborted ? 'draining' : reason;
      await release(this.#context, plan.jobId, lease.terms, why, trace.traceparent);
    } else if (outcome.kind === 'lease_lost' || outcome.kind === 'unknown') {
      if (outcome.kind === 'lease_lost')
        this.#tell({ kind: 'lease_lost', outcome: lease.wasRefused ? 'refused' : 'lapsed' });
      log('error', 'job_dropped', { ...ids, reason: outcome.kind });
    } else {
      this.#tell({ kind: 'database', isReachable: true });
      log('info', 'job_settled', { ...ids, outcome: outcome.kind, ...codeOf(outcome) });
      this.#report(resultOf(answer, plan.jobId, outcome), lease.terms.leaseId, trace);
    }
  }

  #databaseLeft(): void {
    this.databaseIsAway = true;
    this.#tell({ kind: 'database', isReachable: false });
  }

  #tell(event: SourceEvent): void {
    this.#context.observe({ ...event, sourceId: this.#scope.sourceId });
  }

  #report(result: ToldResult, leaseId: string, trace: JobTrace): void {
    const request = {
      ...result,
      runner_id: this.#context.runnerId,
      lease_id: leaseId,
      completed_at: new Date().toISOString(),
    };
    this.#reports.push(request, trace.reporting());
  }
}

type Accepted = Extract<VerifiedClaim, { readonly kind: 'accepted' }>;
type Plan = Accepted['plan'];

/** A lease that a freeze keeps from being renewed is given back: nothing was written, and it need not run out. */
function orFrozen(outcome: Outcome, { isFrozen }: HeldLease): Outcome {
  return outcome.kind === 'lease_lost' && isFrozen
    ? { kind: 'released', reason: 'frozen', cause: 'renewal_refused' }
    : outcome;
}

function codeOf(outcome: Outcome): { readonly code?: string } {
  if (outcome.kind === 'failed') return { code: outcome.code };
  return outcome.kind === 'conflict' ? { code: outcome.reason } : {};
}

/** Jobs of one row go one after another; several rows at once count as one of their own, and the database keeps them apart from the others. */
function laneOf(plan: Plan): string {
  const { table, tenant } = plan;
  if (!('operation' in plan)) return JSON.stringify([table, tenant, plan.primaryKey]);
  const [row, ...others] = plan.rows;
  return JSON.stringify([table, tenant, others.length > 0 ? null : row?.key]);
}
