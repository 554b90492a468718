import type { ReleaseRequest } from '@countersign/protocol/job-requests';
import { type PublicJob, publicJobSchema } from '@countersign/protocol/writeback-job';

interface HeldJob {
  readonly id: string;
  readonly job: PublicJob;
  readonly traceparent: string | undefined;
  state: 'queued' | 'leased' | 'resting' | 'done';
  attempt: number;
  leaseId: string;
  expiresAtMs: number;
}

/** Of which source jobs are asked for, how many, and for how many seconds. */
export interface Taker {
  readonly sourceId: string;
  readonly limit: number;
  readonly seconds: number;
}

/** The jobs of a fake control plane, and their leases. */
export class FakeJobQueue {
  readonly #now: () => number;
  readonly #jobs = new Map<string, HeldJob>();
  readonly #raw: unknown[] = [];
  #leases = 0;

  /** @param now Unix milliseconds of the plane's clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(job: PublicJob, traceparent: string | undefined): void {
    this.#jobs.set(job.writeback_job_id, {
      id: job.writeback_job_id,
      job,
      traceparent,
      state: 'queued',
      attempt: 0,
      leaseId: '',
      expiresAtMs: 0,
    });
  }

  /** Hands this out, once, among the jobs of the next claim. */
  addRaw(claimed: unknown): void {
    this.#raw.push(claimed);
  }

  expireLeases(): void {
    for (const job of this.#jobs.values()) job.expiresAtMs = 0;
  }

  lease({ limit, seconds, sourceId }: Taker, writeBy: string): unknown[] {
    const ready = [...this.#jobs.values()].filter(
      ({ job, state, expiresAtMs }) =>
        job.runner_scope.source_id === sourceId &&
        (state === 'queued' || (state === 'leased' && expiresAtMs <= this.#now())),
    );
    const leased = ready.slice(0, limit).map((job) => {
      this.#leases += 1;
      job.state = 'leased';
      job.attempt += 1;
      job.leaseId = `lse_${this.#leases}`;
      return this.#claimed(job, seconds, writeBy);
    });
    return [...this.#raw.splice(0, Math.max(0, limit - leased.length)), ...leased];
  }

  /** The lease as it is then; undefined where there is none such. */
  renew(jobId: string, leaseId: string, seconds: number) {
    const held = this.#held(jobId, leaseId);
    return held === undefined ? undefined : this.#extend(held, seconds);
  }

  /** Whether there was such a lease. */
  release(jobId: string, leaseId: string, reason: ReleaseRequest['reason']): boolean {
    const held = this.#held(jobId, leaseId);
    if (held === undefined) return false;
    // The real one lets such a job rest for longer than a test lasts.
    held.state = reason === 'rehearsed' ? 'resting' : 'queued';
    held.attempt -= 1;
    return true;
  }

  end(jobId: string): void {
    const held = this.#jobs.get(jobId);
    if (held !== undefined) held.state = 'done';
  }

  #held(jobId: string, leaseId: string): HeldJob | undefined {
    const held = this.#jobs.get(jobId);
    return held?.state === 'leased' && held.leaseId === leaseId ? held : undefined;
  }

  #claimed(held: HeldJob, seconds: number, writeBy: string): unknown {
    const lease = this.#extend(held, seconds);
    return {
      protocol_version: '1.0',
      job_id: held.id,
      lease_id: held.leaseId,
      lease_expires_at: lease.expires_at,
      attempt_count: held.attempt,
      write_by: writeBy,
      ...(held.traceparent === undefined ? {} : { traceparent: held.traceparent }),
      writeback_job: publicJobSchema.parse({ ...held.job, lease }),
    };
  }

  #extend(held: HeldJob, seconds: number) {
    held.expiresAtMs = this.#now() + seconds * 1_000;
    return {
      lease_id: held.leaseId,
      attempt: held.attempt,
      expires_at: new Date(held.expiresAtMs).toISOString(),
    };
  }
}
