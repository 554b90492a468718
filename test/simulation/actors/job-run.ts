import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { GuardedUpdateResult } from '@countersign/protocol/job/result';
import type { ReleaseRequest } from '@countersign/protocol/job-requests';
import type { GuardedUpdateJob } from '@countersign/protocol/writeback-job';
import { ConnectionLost } from '../customer/customer-database.ts';
import { type GuardedJob, readReceipt, type Written, writeGuarded } from '../customer/guarded-write.ts';
import type { InjectedFault } from '../faults.ts';
import type { Process } from '../schedule.ts';
import type { RunnerSeat } from '../tenant.ts';
import type { World } from '../world.ts';

/** An answer's time by the control plane's clock, and when its request was sent by the runner's own. */
export interface ClockReading {
  readonly serverTime: number;
  readonly sentAt: number;
}

type Result = Partial<GuardedUpdateResult> & Pick<GuardedUpdateResult, 'status'>;

/** About how long a write takes, and a report until its answer: whoever dies within, dies in the middle or just after. */
const WRITTEN_MS = 8;
const REPORTED_MS = 30;
const MOST_WRITES = 4;
const REPORTS = 12;
const releaseReasons: readonly [ReleaseRequest['reason'], ...ReleaseRequest['reason'][]] = [
  'draining',
  'busy',
  'database_unavailable',
];

/** One job in a runner's hands, from the claim's answer to the report, with a place to die at every step. */
export class JobRun {
  readonly #world: World;
  readonly #self: Process;
  readonly #seat: RunnerSeat;
  readonly #job: GuardedUpdateJob;
  readonly #guarded: GuardedJob;
  #clock: ClockReading;
  #writeBy: number;

  constructor(world: World, self: Process, seat: RunnerSeat, job: GuardedUpdateJob, clock: ClockReading) {
    this.#world = world;
    this.#self = self;
    this.#seat = seat;
    this.#job = job;
    this.#clock = clock;
    this.#writeBy = Date.parse(job.write_by);
    this.#guarded = {
      key: job.idempotency_key,
      row: String(job.target.primary_key.value),
      expected: Number(job.conflict_guard.expected_value),
    };
  }

  async carryOut(): Promise<void> {
    const { faults, random, schedule, isDeadly } = this.#world;
    // So late that the gateway has acknowledged the job, and the lease has to run out.
    if (isDeadly) await schedule.sleep(this.#self, random.between(150, 400), 'works slowly');
    await this.#mayDie('died_with_job');
    const refusal = refusedLocally(this.#job);
    if (refusal !== undefined) return this.#report({ status: refusal, error_code: 'TABLE_NOT_CONFIGURED' });
    if (faults.strikes('runner_releases')) return this.#release();
    if (faults.strikes('runner_paused')) this.#self.pausedUntil = schedule.now + random.between(100, 40_000);
    if (faults.strikes('runner_renews_early')) await this.#renew();
    await this.#mayDie('died_before_write');
    const written = await this.#write();
    if (written === undefined) return;
    if (written === 'unknown') return this.#reportUnknown();
    await this.#mayDie('died_after_commit');
    const { status, receipt } = written;
    await this.#report({
      status,
      affected_rows: status === 'applied' ? 1 : 0,
      result_version: String(receipt.version),
      result_hash: receipt.hash,
    });
  }

  /** Undefined: the authority to write is over, and nothing was written. */
  async #write(): Promise<Written | 'unknown' | undefined> {
    const { customer, database, faults } = this.#world;
    let isInDoubt = false;
    for (let attempt = 0; attempt < MOST_WRITES; attempt += 1) {
      if (!this.#mayWrite() && !(await this.#renew())) return isInDoubt ? this.#lookForReceipt() : undefined;
      if (faults.strikes('died_in_transaction')) this.#dieWithin(WRITTEN_MS);
      try {
        const written = await writeGuarded(this.#self, customer, this.#guarded, () => database.seq);
        if (written !== 'still_expected') return written;
      } catch (cause) {
        if (!(cause instanceof ConnectionLost)) throw cause;
        isInDoubt = true;
      }
    }
    return 'unknown';
  }

  async #lookForReceipt(): Promise<Written | undefined> {
    try {
      const receipt = await this.#world.customer.execute(this.#self, readReceipt(this.#guarded));
      if (receipt === undefined) return undefined;
      return { status: receipt.outcome === 'applied' ? 'already_applied' : 'conflict', receipt };
    } catch (cause) {
      if (!(cause instanceof ConnectionLost)) throw cause;
      return undefined;
    }
  }

  /** By an upper bound of the control plane's clock: its last answer's time, and all that passed since the request. */
  #mayWrite(): boolean {
    const { serverTime, sentAt } = this.#clock;
    return serverTime + (this.#world.schedule.clock(this.#self) - sentAt) < this.#writeBy;
  }

  async #renew(): Promise<boolean> {
    const { caller, runnerId } = this.#seat;
    const lease_seconds = this.#world.random.pick([5, 30]);
    const request = { runner_id: runnerId, lease_id: this.#job.lease_id, lease_seconds };
    const sentAt = this.#world.schedule.clock(this.#self);
    const ask = { type: 'renew', jobId: this.#job.job_id, request } as const;
    const reply = await this.#world.network.insist(this.#self, { caller, ask, key: null }, 3);
    if (!reply?.ok) return false;
    this.#clock = { serverTime: Date.parse(String(reply.body.server_time)), sentAt };
    this.#writeBy = Date.parse(String(reply.body.write_by));
    return this.#mayWrite();
  }

  async #release(): Promise<void> {
    const { caller, runnerId } = this.#seat;
    const reason = this.#world.random.pick(releaseReasons);
    const request = { runner_id: runnerId, lease_id: this.#job.lease_id, reason };
    const ask = { type: 'release', jobId: this.#job.job_id, request } as const;
    await this.#world.network.insist(this.#self, { caller, ask, key: null }, 3);
  }

  /** In doubt to the end: mostly left to the next attempt, sometimes handed to a person. */
  async #reportUnknown(): Promise<void> {
    if (!this.#world.random.chance(0.3)) return;
    await this.#report({ status: 'reconciliation_required', intent_id: `intent ${this.#job.job_id}` });
  }

  async #report(result: Result): Promise<void> {
    const { random, faults, schedule } = this.#world;
    await this.#mayDie('died_before_report');
    if (faults.strikes('report_late'))
      await schedule.sleep(this.#self, random.between(1_000, 90_000), 'late report');
    if (faults.strikes('report_twice')) void this.#sendAgain(result);
    if (faults.strikes('died_after_report')) this.#dieWithin(REPORTED_MS);
    await this.#send(result, REPORTS);
  }

  /** The same result once more, while the first is under way or long after it. */
  async #sendAgain(result: Result): Promise<void> {
    const { random, schedule } = this.#world;
    await schedule.sleep(this.#self, random.between(0, random.pick([10, 20_000])), 'second report');
    await this.#send(result, 1);
  }

  #send(result: Result, tries: number): Promise<Reply | undefined> {
    const { caller, runnerId } = this.#seat;
    const { job_id, lease_id } = this.#job;
    const request: GuardedUpdateResult = {
      protocol_version: '1.0',
      job_id,
      runner_id: runnerId,
      lease_id,
      ...result,
    };
    return this.#world.network.insist(
      this.#self,
      { caller, ask: { type: 'report', jobId: job_id, request }, key: null },
      tries,
    );
  }

  /** A dead process never goes on: what it waits for does not come. */
  async #mayDie(fault: InjectedFault): Promise<void> {
    if (!this.#world.faults.strikes(fault)) return;
    this.#self.isAlive = false;
    await new Promise(() => undefined);
  }

  #dieWithin(milliseconds: number): void {
    const { schedule, random } = this.#world;
    schedule.after(this.#self, random.between(0, milliseconds), 'dies', () => {
      this.#self.isAlive = this.#world.isCalm;
    });
  }
}

/** Some jobs every runner refuses, by its own configuration and before any write: all attempts agree on that. */
function refusedLocally({ patch }: GuardedUpdateJob): 'failed' | 'canceled' | undefined {
  const value = Number(patch.fee);
  if (value % 29 === 0) return 'failed';
  return value % 31 === 0 ? 'canceled' : undefined;
}
