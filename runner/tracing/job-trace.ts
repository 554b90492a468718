import type { Outcome } from '../databases/source-database.ts';
import type { JobOutcome } from '../loops/loop-event.ts';
import type { VerifiedClaim } from '../verify/verify-claim.ts';
import type { VerifyScope } from '../verify/verify-job.ts';

/** How a report ended without the control plane having taken it. */
export type ReportFault = 'report_refused' | 'report_undelivered' | 'report_fault';

/** Makes traces of what becomes of jobs, for whoever collects them. No method of it, or of what it makes, throws. */
export interface Tracing {
  /** A claimed job's trace begins; `claimed` is what the claim held, whatever that is. */
  begin(scope: VerifyScope, claim: VerifiedClaim, claimed: unknown): JobTrace;
  /** Sends what waits to be sent, for a short time at most, and for none once `giveUp` has aborted. */
  close(giveUp: AbortSignal): Promise<void>;
}

/** The trace of one claimed job, from its claim until it has been answered for. */
export interface JobTrace {
  /** What a request about the job says that it is a part of; undefined when nothing is traced. */
  readonly traceparent: string | undefined;
  /** Does the work, as the part in which the database is asked; resolves and rejects as the work does. */
  applying(work: () => Promise<Outcome>): Promise<Outcome>;
  /** Begins the report's part. The job's own lasts until that has ended. */
  reporting(): ReportTrace;
  /** What became of the job, and why where it came to no database. */
  end(outcome: JobOutcome, reason?: string): void;
}

export interface ReportTrace {
  readonly traceparent: string | undefined;
  failed(code: ReportFault): void;
  end(): void;
}

const nothing = () => undefined;
const noReport: ReportTrace = { traceparent: undefined, failed: nothing, end: nothing };
const noTrace: JobTrace = {
  traceparent: undefined,
  applying: (work) => work(),
  reporting: () => noReport,
  end: nothing,
};

/** Of a runner that was not asked for traces. */
export const noTracing: Tracing = { begin: () => noTrace, close: () => Promise.resolve() };
