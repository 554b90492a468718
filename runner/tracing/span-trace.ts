import { validTraceparent } from '@countersign/protocol/traceparent';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Outcome } from '../databases/source-database.ts';
import type { JobOutcome } from '../loops/loop-event.ts';
import type { VerifiedClaim } from '../verify/verify-claim.ts';
import type { VerifyScope } from '../verify/verify-job.ts';
import type { JobTrace, ReportTrace } from './job-trace.ts';

/** What a person should look at. A conflict and a job given back are the product at work. */
const errors: ReadonlySet<JobOutcome> = new Set([
  'failed',
  'receipt_corrupt',
  'lease_lost',
  'unknown',
  'refused',
  'dropped',
  'fault',
]);

/** The trace of one job as spans: ids, codes and times, and nothing that stands in a row. */
export class SpanTrace implements JobTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;
  #code: string | undefined;
  #isReporting = false;
  #hasEnded = false;

  constructor(tracer: Tracer, scope: VerifyScope, claim: VerifiedClaim, claimed: unknown) {
    this.#tracer = tracer;
    const parent = parentOf(claimed);
    this.#span = tracer.startSpan(
      'countersign.job',
      { kind: SpanKind.CONSUMER, attributes: attributesOf(scope, claim) },
      parent,
    );
    this.#context = trace.setSpan(parent, this.#span);
  }

  get traceparent(): string {
    return traceparentOf(this.#span);
  }

  async applying(work: () => Promise<Outcome>): Promise<Outcome> {
    const span = this.#tracer.startSpan('countersign.apply', {}, this.#context);
    let end: JobOutcome = 'fault';
    try {
      const outcome = await work();
      end = outcome.kind;
      this.#code = codeOf(outcome);
      return outcome;
    } finally {
      conclude(span, end, this.#code);
      span.end();
    }
  }

  reporting(): ReportTrace {
    this.#isReporting = true;
    const span = this.#tracer.startSpan('countersign.report', { kind: SpanKind.CLIENT }, this.#context);
    return {
      traceparent: traceparentOf(span),
      failed: (code) => span.setStatus({ code: SpanStatusCode.ERROR, message: code }),
      end: () => {
        span.end();
        this.#isReporting = false;
        if (this.#hasEnded) this.#span.end();
      },
    };
  }

  end(outcome: JobOutcome, reason?: string): void {
    conclude(this.#span, outcome, reason ?? this.#code);
    this.#hasEnded = true;
    if (!this.#isReporting) this.#span.end();
  }
}

function conclude(span: Span, outcome: JobOutcome, code: string | undefined): void {
  span.setAttribute('countersign.outcome', outcome);
  if (code !== undefined) span.setAttribute('countersign.code', code);
  if (errors.has(outcome)) span.setStatus({ code: SpanStatusCode.ERROR, message: code ?? outcome });
}

function attributesOf({ sourceId, source }: VerifyScope, claim: VerifiedClaim) {
  const jobId = claim.kind === 'accepted' ? claim.plan.jobId : claim.jobId;
  return {
    'countersign.source_id': sourceId,
    'countersign.engine': source.engine,
    ...(jobId === undefined ? {} : { 'countersign.job_id': jobId }),
    ...(claim.kind === 'accepted'
      ? { 'countersign.proposal_id': claim.plan.proposalId, 'countersign.attempt': claim.terms.attempt }
      : {}),
  };
}

function codeOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.code;
  return outcome.kind === 'conflict' || outcome.kind === 'released' ? outcome.reason : undefined;
}

/** The span that proposed the change, far away; what is not valid counts as none, and refuses no job. */
function parentOf(claimed: unknown): Context {
  const named =
    typeof claimed === 'object' && claimed !== null && 'traceparent' in claimed
      ? claimed.traceparent
      : undefined;
  const [, traceId, spanId, flags] = validTraceparent(named)?.split('-') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
