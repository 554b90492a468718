import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import type { RehearsalResult } from '@countersign/protocol/rehearsal';
import type { RehearsalLimits } from '../config/runner-config.ts';
import type { RehearsalOutcome, SourceDatabase } from '../databases/source-database.ts';
import { faultFields } from '../log.ts';
import type { RehearsalReason } from '../verify/refusal-reasons.ts';
import type { RehearsalPlan } from '../verify/rehearsal-plan.ts';
import type { VerifyScope } from '../verify/verify-job.ts';
import { verifyRehearsal } from '../verify/verify-rehearsal.ts';
import { AgentRates } from './agent-rates.ts';
import { Lanes } from './lanes.ts';
import type { RehearsalEnd } from './loop-event.ts';
import type { RunnerContext } from './runner-context.ts';

const RETRY = { leastMs: 100, mostMs: 1_000 } as const;
const MOST_TRIES = 4;

type ResultFields = Pick<
  RehearsalResult,
  'status' | 'before' | 'after' | 'version' | 'lock_held_ms' | 'error_code'
>;
/** Under which name an answer counts, and until when, where that is known. */
type Claimed = Pick<RehearsalPlan, 'rehearsalId' | 'leaseId'> & Partial<RehearsalPlan>;

/** How the rehearsals of a source are carried out and answered for, in lanes of their own: no job waits for them. */
export class Rehearsals {
  readonly #context: RunnerContext;
  readonly #scope: VerifyScope;
  readonly #database: SourceDatabase;
  readonly #rates: AgentRates;
  /** Two of one row go one after another, and not against each other. */
  readonly lanes: Lanes;
  /** How many may be carried out at once. */
  readonly most: number;
  /** Set when the database could not be used. */
  databaseIsAway = false;

  constructor(
    context: RunnerContext,
    scope: VerifyScope,
    database: SourceDatabase,
    { at_once, per_agent_a_minute }: RehearsalLimits,
  ) {
    this.#context = context;
    this.#scope = scope;
    this.#database = database;
    this.#rates = new AgentRates(per_agent_a_minute, () => performance.now());
    this.lanes = new Lanes(at_once);
    this.most = at_once;
  }

  /** Takes one element of a claim's `rehearsals`, whatever it is. Never throws. */
  take(claimed: unknown): void {
    const verified = verifyRehearsal(this.#scope, claimed);
    if (verified.kind === 'accepted') {
      const { plan } = verified;
      this.lanes.run(JSON.stringify([plan.table, plan.tenant, plan.primaryKey]), () => this.#run(plan));
    } else if (verified.kind === 'refused') {
      this.lanes.run(verified.rehearsalId, () => this.#refuse(verified, verified.reason));
    } else {
      this.#context.log('error', 'rehearsal_dropped', { source_id: this.#scope.sourceId });
      this.#tell('dropped');
    }
  }

  /** Never rejects. */
  async #run(plan: RehearsalPlan): Promise<void> {
    const { clock, log } = this.#context;
    if (clock.latestMs() >= plan.expiresAtMs) {
      log('warn', 'rehearsal_expired', idsOf(plan));
      return this.#tell('expired');
    }
    if (!this.#rates.take(plan.agent)) return this.#refuse(plan, 'RATE_LIMITED');
    try {
      const outcome = await this.#database.rehearseChange(plan, this.#context.runnerId);
      await this.#answer(plan, outcome);
    } catch (error) {
      // A fault of this program. Nothing was written, and the rehearsal runs out.
      log('error', 'rehearsal_fault', { ...idsOf(plan), ...faultFields(error) });
      this.#tell('fault');
    }
  }

  async #refuse(claimed: Claimed, reason: RehearsalReason): Promise<void> {
    this.#context.log('warn', 'rehearsal_refused', { ...idsOf(claimed), reason });
    this.#tell('refused');
    await this.#report(claimed, { status: 'refused', error_code: reason });
  }

  async #answer(plan: RehearsalPlan, outcome: RehearsalOutcome): Promise<void> {
    if (outcome.kind === 'failed' && outcome.code === 'DATABASE_UNAVAILABLE') this.databaseIsAway = true;
    const told = { outcome: outcome.kind, ...codesOf(outcome) };
    const heldMs = outcome.kind === 'done' ? outcome.lockHeldMs : undefined;
    this.#context.log('info', 'rehearsed', { ...idsOf(plan), ...told, lock_held_ms: heldMs });
    this.#tell(outcome.kind, heldMs);
    await this.#report(plan, resultOf(outcome));
  }

  /** Sends the answer until there is one to it, or nobody wants it any more. What is lost then was only a look. */
  async #report(claimed: Claimed, fields: ResultFields): Promise<void> {
    const { api, clock, giveUp, log, runnerId } = this.#context;
    const { leaseId, rehearsalId, expiresAtMs = Number.POSITIVE_INFINITY } = claimed;
    const result: RehearsalResult = {
      rehearsal_id: rehearsalId,
      runner_id: runnerId,
      lease_id: leaseId,
      rehearsed_at: new Date().toISOString(),
      ...fields,
    };
    for (let tries = 1; ; tries += 1) {
      try {
        await clock.timed(() => api.rehearsalResult(result, { signal: giveUp }));
        return;
      } catch (error) {
        const isRefused = error instanceof ApiError && error.isRefusal;
        const isOver = isRefused || tries === MOST_TRIES || clock.latestMs() >= expiresAtMs || giveUp.aborted;
        const event = isOver ? 'rehearsal_not_reported' : 'rehearsal_report_failed';
        log('warn', event, { ...idsOf(claimed), ...faultFields(error) });
        if (isOver) return;
      }
      await pause(backoffMs(tries, RETRY, Math.random()), giveUp);
    }
  }

  #tell(outcome: RehearsalEnd, lockHeldMs?: number): void {
    const { sourceId } = this.#scope;
    const lockHeldSeconds = lockHeldMs === undefined ? undefined : lockHeldMs / 1_000;
    this.#context.observe({ kind: 'rehearsal', sourceId, outcome, lockHeldSeconds });
  }
}

function idsOf({ rehearsalId, leaseId, proposalId }: Claimed) {
  return { rehearsal_id: rehearsalId, lease_id: leaseId, proposal_id: proposalId };
}

function codesOf(outcome: RehearsalOutcome): { readonly code?: string; readonly cause?: string | undefined } {
  return outcome.kind === 'failed' ? { code: outcome.code, cause: outcome.cause } : {};
}

function resultOf(outcome: RehearsalOutcome): ResultFields {
  switch (outcome.kind) {
    case 'done': {
      const { after, before, lockHeldMs, version } = outcome;
      return { status: 'done', before, after, version, lock_held_ms: lockHeldMs };
    }
    case 'row_not_found':
      return { status: 'row_not_found' };
    case 'failed':
      return { status: 'failed', error_code: outcome.code };
  }
}
