import { textDigest } from '@countersign/protocol/canonical-json';
import type { WritePlan } from '../verify/write-plan.ts';
import { type ConflictReason, conflictReasons } from './conflict-reasons.ts';
import type { Row } from './session.ts';
import type { Outcome } from './source-database.ts';

/** The digest of what the database decided (PROTOCOL 3.1): plain JSON text in this key order, without `version` when there is none. */
export function receiptHash(
  jobId: string,
  status: 'applied' | 'conflict',
  version: string | undefined,
): string {
  return textDigest(JSON.stringify({ job_id: jobId, status, version }));
}

/** The outcome that the database has just recorded for a plan, from the statement's own RETURNING. */
export function newlyApplied(plan: WritePlan, [version, hash]: Row): Outcome {
  const resultVersion = version ?? undefined;
  const resultHash = receiptHash(plan.jobId, 'applied', resultVersion);
  if (resultVersion === undefined || hash !== resultHash) return { kind: 'receipt_corrupt' };
  return { kind: 'applied', resultVersion, resultHash };
}

/** As `newlyApplied`, for a conflict. */
export function newConflict(plan: WritePlan, reason: ConflictReason, [version, hash]: Row): Outcome {
  const resultVersion = version ?? undefined;
  const resultHash = receiptHash(plan.jobId, 'conflict', resultVersion);
  return hash === resultHash
    ? { kind: 'conflict', reason, resultVersion, resultHash }
    : { kind: 'receipt_corrupt' };
}

/** The outcome that a receipt tells: whichever attempt left it, all of them report the same. */
export function outcomeOfReceipt(plan: WritePlan, row: Row): Outcome {
  const [jobId, proposalHash, status, reason, version, hash] = row;
  if (jobId !== plan.jobId || proposalHash !== plan.proposalHash)
    return { kind: 'failed', code: 'RECEIPT_MISMATCH' };
  if (status === 'applied') {
    const outcome = newlyApplied(plan, [version ?? null, hash ?? null]);
    return outcome.kind === 'applied' ? { ...outcome, kind: 'already_applied' } : outcome;
  }
  const known = conflictReasons.find((name) => name === reason);
  if (status !== 'conflict' || known === undefined) return { kind: 'receipt_corrupt' };
  return newConflict(plan, known, [version ?? null, hash ?? null]);
}
