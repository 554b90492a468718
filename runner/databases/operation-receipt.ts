import type { OperationPlan } from '../verify/operation-plan.ts';
import { conflictReasons } from './conflict-reasons.ts';
import type { Found, OperationFilling, OperationReceipt, WrittenRow } from './operation-writer.ts';
import { receiptHash } from './receipt.ts';
import type { Row } from './session.ts';
import type { Outcome } from './source-database.ts';

/** Of several rows there is no one version that a receipt could tell. */
export function isOfOneRow({ operation }: Pick<OperationPlan, 'operation'>): boolean {
  return operation.startsWith('single_row_');
}

/** What stands in the way of a plan, as its receipt tells it; undefined when nothing does. */
export function conflictOf(plan: OperationPlan, found: Found): OperationReceipt | undefined {
  const { action, drift } = plan;
  const at = (reason: OperationReceipt['reason'], version: string | undefined) =>
    receiptOf(plan, { status: 'conflict', reason, version: isOfOneRow(plan) ? version : undefined });
  if (found.dependencies.includes(false)) return at('FRESHNESS_DEPENDENCY_STALE', undefined);
  for (const [row] of found.rows) {
    if (action === 'insert') {
      if (row !== undefined) return at(drift.changed, row.version);
    } else if (row === undefined) return at(drift.missing, undefined);
    else if (!row.isExpected) return at(drift.changed, row.version);
  }
  return undefined;
}

/** The receipt of a plan that was carried out; a row that was removed had the version that it tells. */
export function appliedOf(plan: OperationPlan, written: readonly WrittenRow[]): OperationReceipt {
  const version = written[0]?.version;
  return receiptOf(plan, {
    status: 'applied',
    reason: undefined,
    version: isOfOneRow(plan) ? version : undefined,
    target: written[0]?.key,
  });
}

function receiptOf(
  { jobId, receiptTarget, rows }: OperationPlan,
  {
    reason,
    status,
    target,
    version,
  }: Pick<OperationReceipt, 'status' | 'reason' | 'version'> & { readonly target?: string | undefined },
): OperationReceipt {
  return {
    ...{ status, reason, version },
    // Nothing was added, so that the database made no key.
    target: receiptTarget ?? target ?? '-',
    affectedRows: status === 'applied' ? rows.length : 0,
    hash: receiptHash(jobId, status, version),
  };
}

/** The columns of a receipt with what stands in them, but for the two numbers `affected_rows` and `attempt`. */
export function receiptTexts(
  table: string,
  { facts, plan }: Pick<OperationFilling, 'facts' | 'plan'>,
  receipt: OperationReceipt,
): readonly (readonly [column: string, value: string | null])[] {
  return [
    ['idempotency_key', plan.idempotencyKey],
    ['job_id', plan.jobId],
    ['proposal_id', plan.proposalId],
    ['proposal_hash', plan.proposalHash],
    ['target_table', table],
    ['target_key', receipt.target],
    ['operation', plan.operation],
    ['status', receipt.status],
    ['reason', receipt.reason ?? null],
    ['result_version', receipt.version ?? null],
    ['result_hash', receipt.hash],
    ['lease_id', facts.leaseId],
    ['runner_id', facts.runnerId],
  ];
}

/** The outcome that has just been recorded for a plan. */
export function outcomeOf({ hash, reason, status, target, version }: OperationReceipt): Outcome {
  if (status === 'applied' || reason === undefined)
    return { kind: 'applied', resultVersion: version, resultHash: hash, target };
  return { kind: 'conflict', reason, resultVersion: version, resultHash: hash };
}

/** The outcome that a receipt tells: whichever attempt left it, all of them report the same. */
export function outcomeOfReceipt(plan: OperationPlan, row: Row): Outcome {
  const [jobId, proposalHash, status, name, version = null, hash = null, target] = row;
  if (jobId !== plan.jobId || proposalHash !== plan.proposalHash)
    return { kind: 'failed', code: 'RECEIPT_MISMATCH' };
  const resultVersion = version ?? undefined;
  const isVersioned = resultVersion !== undefined || !isOfOneRow(plan);
  if (status === 'applied' && isVersioned && hash === receiptHash(plan.jobId, status, resultVersion))
    return { kind: 'already_applied', resultVersion, resultHash: hash, target: target ?? '' };
  const reason = conflictReasons.find((known) => known === name);
  if (
    status === 'conflict' &&
    reason !== undefined &&
    hash === receiptHash(plan.jobId, status, resultVersion)
  )
    return { kind: 'conflict', reason, resultVersion, resultHash: hash };
  return { kind: 'receipt_corrupt' };
}
