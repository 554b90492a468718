import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../databases/source-database.ts';
import { claimedOf, sampleConfig, sampleJob } from '../verify/sample-job.ts';
import { verifyClaim } from '../verify/verify-claim.ts';
import { SpanTrace } from './span-trace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const source = sampleConfig.sources.src_shop;
if (source === undefined) throw new TypeError('the sample has no source');
const scope = { sourceId: 'src_shop', projectId: undefined, source };

let exporter: InMemorySpanExporter;
let provider: TracerProvider;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
});

function begin(claimed: unknown = { ...claimedOf(sampleJob), traceparent: `00-${TRACE}-${SPAN}-01` }) {
  return new SpanTrace(provider.getTracer('test'), scope, verifyClaim(scope, claimed), claimed);
}

/** What has ended, oldest end first. */
const ended = () => exporter.getFinishedSpans();
const names = () => ended().map(({ name }) => name);
function span(name: string) {
  const found = ended().find((each) => each.name === name);
  if (found === undefined) throw new TypeError(`${name} has not ended`);
  return found;
}

const applied: Outcome = { kind: 'applied', resultVersion: '8', resultHash: 'sha256:r' };

describe('a job that is applied', () => {
  test('is a part of the trace that it was proposed in, and its steps are parts of it', async () => {
    const trace = begin();
    expect(await trace.applying(() => Promise.resolve(applied))).toBe(applied);
    const report = trace.reporting();
    trace.end('applied');
    report.end();
    const [job, apply, sent] = [
      span('countersign.job'),
      span('countersign.apply'),
      span('countersign.report'),
    ];
    expect(job.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: SPAN, isRemote: true });
    expect([apply, sent].map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      Array(2).fill(job.spanContext().spanId),
    );
    expect(ended().map((each) => each.spanContext().traceId)).toEqual(Array(3).fill(TRACE));
    expect([job.kind, apply.kind, sent.kind]).toEqual([
      SpanKind.CONSUMER,
      SpanKind.INTERNAL,
      SpanKind.CLIENT,
    ]);
    expect(ended().every(({ status }) => status.code === SpanStatusCode.UNSET)).toBe(true);
  });

  test('says which job it is, and what became of it', async () => {
    const trace = begin();
    await trace.applying(() => Promise.resolve(applied));
    trace.end('applied');
    expect(span('countersign.job').attributes).toEqual({
      'countersign.job_id': 'wbj_wrp_1',
      'countersign.proposal_id': 'wrp_1',
      'countersign.source_id': 'src_shop',
      'countersign.engine': 'postgres',
      'countersign.attempt': 1,
      'countersign.outcome': 'applied',
    });
    expect(span('countersign.apply').attributes).toEqual({ 'countersign.outcome': 'applied' });
  });

  test('lasts until it has been reported', () => {
    const trace = begin();
    const report = trace.reporting();
    trace.end('applied');
    expect(names()).toEqual([]);
    report.end();
    expect(names()).toEqual(['countersign.report', 'countersign.job']);
  });

  test('names its spans to the control plane', () => {
    const trace = begin();
    const report = trace.reporting();
    expect(trace.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    report.end();
    trace.end('applied');
    expect(trace.traceparent).toContain(span('countersign.job').spanContext().spanId);
    expect(report.traceparent).toContain(span('countersign.report').spanContext().spanId);
  });
});

describe('the trace begins here', () => {
  test.each([
    ['without a traceparent', claimedOf(sampleJob)],
    ['with one of zeros', { ...claimedOf(sampleJob), traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` }],
    ['with one that is no text', { ...claimedOf(sampleJob), traceparent: { traceId: TRACE } }],
    ['with no job at all', null],
  ])('%s', (_name, claimed) => {
    begin(claimed).end('dropped', 'JOB_MALFORMED');
    expect(span('countersign.job').parentSpanContext).toBeUndefined();
    expect(span('countersign.job').spanContext().traceId).not.toBe(TRACE);
  });
});

test('a trace that its beginning did not keep is not kept here', () => {
  const trace = begin({ ...claimedOf(sampleJob), traceparent: `00-${TRACE}-${SPAN}-00` });
  trace.end('applied');
  expect(names()).toEqual([]);
  expect(trace.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
});

describe('a job that did not go well', () => {
  const failed: Outcome = { kind: 'failed', code: 'PERMISSION_DENIED' };
  const hash = { resultVersion: '9', resultHash: 'sha256:c' };
  const conflict: Outcome = { kind: 'conflict', reason: 'VERSION_CONFLICT', ...hash };

  test.each<[Outcome, SpanStatusCode, string | undefined]>([
    [failed, SpanStatusCode.ERROR, 'PERMISSION_DENIED'],
    [{ kind: 'receipt_corrupt' }, SpanStatusCode.ERROR, undefined],
    [{ kind: 'lease_lost' }, SpanStatusCode.ERROR, undefined],
    [{ kind: 'unknown' }, SpanStatusCode.ERROR, undefined],
    [conflict, SpanStatusCode.UNSET, 'VERSION_CONFLICT'],
    [{ kind: 'released', reason: 'busy', cause: '55P03' }, SpanStatusCode.UNSET, 'busy'],
  ])('%o', async (outcome, status, code) => {
    const trace = begin();
    await trace.applying(() => Promise.resolve(outcome));
    trace.end(outcome.kind);
    for (const name of ['countersign.apply', 'countersign.job']) {
      expect(span(name).attributes).toMatchObject({ 'countersign.outcome': outcome.kind });
      expect(span(name).attributes['countersign.code']).toBe(code);
      expect(span(name).status.code).toBe(status);
      if (status === SpanStatusCode.ERROR) expect(span(name).status.message).toBe(code ?? outcome.kind);
    }
  });

  test('a fault ends it without its message, which may quote a row', async () => {
    const trace = begin();
    const fault = new Error('late_fee_cents is 5500');
    await expect(trace.applying(() => Promise.reject(fault))).rejects.toBe(fault);
    trace.end('fault');
    expect(span('countersign.apply').status).toEqual({ code: SpanStatusCode.ERROR, message: 'fault' });
    expect(
      JSON.stringify(ended().map(({ attributes, events, status }) => [attributes, events, status])),
    ).not.toContain('5500');
  });

  test('a refused one says why', () => {
    const trace = begin({ ...claimedOf(sampleJob), writeback_job: {} });
    trace.end('refused', 'JOB_MALFORMED');
    expect(span('countersign.job')).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'JOB_MALFORMED' },
      attributes: { 'countersign.job_id': 'wbj_wrp_1', 'countersign.code': 'JOB_MALFORMED' },
    });
  });

  test('a report that is not taken is an error of its own', () => {
    const trace = begin();
    const report = trace.reporting();
    report.failed('report_refused');
    report.end();
    trace.end('applied');
    expect(span('countersign.report').status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'report_refused',
    });
    expect(span('countersign.job').status.code).toBe(SpanStatusCode.UNSET);
  });
});

test('nothing that stands in a row or names one is in a span', async () => {
  const trace = begin();
  await trace.applying(() => Promise.resolve(applied));
  trace.reporting().end();
  trace.end('applied');
  const text = JSON.stringify(
    ended().map(({ attributes, events, links, name }) => [attributes, events, links, name]),
  );
  for (const word of ['INV-3001', 'acme', 'goodwill', 'late_fee_cents', 'invoices', 'sha256', 'lse_1'])
    expect(text).not.toContain(word);
});
