import type { LedgerEntry } from '@countersign/protocol/ledger';
import * as z from 'zod';

/** A lease of the job, and how it ended. */
export interface Attempt {
  readonly leaseId: string;
  readonly number: number;
  readonly runner: string;
  readonly leasedAt: string;
  /** Undefined while a runner has it. */
  readonly end: { readonly at: string; readonly how: string } | undefined;
}

/** What a runner reported, as it was taken; or what was refused, since another outcome stood. */
export interface Receipt {
  readonly seq: number;
  readonly at: string;
  readonly isRefused: boolean;
  readonly status: string;
  readonly runner: string | undefined;
  readonly hash: string | undefined;
  readonly version: string | undefined;
  readonly rows: number | undefined;
  readonly errorCode: string | undefined;
}

const text = z.string().nullish();
const leasedSchema = z.looseObject({ lease_id: z.string(), attempt: z.number(), runner_id: z.string() });
const endedSchema = z.looseObject({ lease_id: z.string(), reason: text });
const resultSchema = z.looseObject({
  status: z.string(),
  lease_id: text,
  runner_id: text,
  result_hash: text,
  result_version: text,
  affected_rows: z.number().nullish(),
  error_code: text,
});
type Result = z.infer<typeof resultSchema>;
const reportedSchema = z.union([
  z.looseObject({ result: resultSchema }).transform(({ result }) => result),
  z.looseObject({ reported: resultSchema }).transform(({ reported }) => reported),
]);

const endings: Readonly<Record<string, string>> = {
  'job.released': 'given back',
  'job.lease_expired': 'the lease ended, and nothing was heard',
  'job.dead_lettered': 'the lease ended, and there were too many attempts',
};

/** The attempts in order. What cannot be read is not there. */
export function attemptsOf(entries: readonly LedgerEntry[]): readonly Attempt[] {
  const attempts = new Map<string, Attempt>();
  for (const { at, body, type } of entries) {
    if (type === 'job.leased') {
      const { data } = leasedSchema.safeParse(body);
      if (data === undefined) continue;
      const { attempt: number, lease_id: leaseId, runner_id: runner } = data;
      attempts.set(leaseId, { leaseId, number, runner, leasedAt: at, end: undefined });
    }
    const end = endOf(type, body);
    const begun = attempts.get(end?.leaseId ?? '');
    if (end !== undefined && begun !== undefined && begun.end === undefined)
      attempts.set(begun.leaseId, { ...begun, end: { at, how: end.how } });
  }
  return [...attempts.values()];
}

function endOf(type: string, body: unknown): { readonly leaseId: string; readonly how: string } | undefined {
  if (type === 'writeback.result') {
    const { data } = reportedSchema.safeParse(body);
    return data?.lease_id == null ? undefined : { leaseId: data.lease_id, how: `reported ${data.status}` };
  }
  const how = endings[type];
  const { data } = endedSchema.safeParse(body);
  if (how === undefined || data === undefined) return undefined;
  return { leaseId: data.lease_id, how: data.reason == null ? how : `${how}: ${data.reason}` };
}

/** The receipts in order, those that were refused among them. */
export function receiptsOf(entries: readonly LedgerEntry[]): readonly Receipt[] {
  return entries.flatMap(({ at, body, seq, type }) => {
    if (type !== 'writeback.result' && type !== 'writeback.discrepancy') return [];
    const { data } = reportedSchema.safeParse(body);
    return data === undefined ? [] : [receiptOf(data, seq, at, type === 'writeback.discrepancy')];
  });
}

function receiptOf(result: Result, seq: number, at: string, isRefused: boolean): Receipt {
  return {
    seq,
    at,
    isRefused,
    status: result.status,
    runner: result.runner_id ?? undefined,
    hash: result.result_hash ?? undefined,
    version: result.result_version ?? undefined,
    rows: result.affected_rows ?? undefined,
    errorCode: result.error_code ?? undefined,
  };
}
