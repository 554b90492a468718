import type {
  BoundedSetResult,
  CompensationResult,
  GuardedUpdateResult,
  SingleRowResult,
} from '@countersign/protocol/job/result';
import type { Outcome } from '../databases/source-database.ts';
import type { JobAnswer } from '../verify/job-answer.ts';
import type { RefusalReason } from '../verify/refusal-reasons.ts';

type Settled =
  | Exclude<Outcome, { kind: 'released' | 'lease_lost' | 'unknown' }>
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

/** Added when it is sent. */
type Sender = 'runner_id' | 'lease_id' | 'completed_at';
export type ToldResult =
  | Omit<GuardedUpdateResult, Sender>
  | Omit<SingleRowResult, Sender>
  | Omit<BoundedSetResult, Sender>
  | Omit<CompensationResult, Sender>;

/** What is told of a job that has come to an end, in the version that it was in (PROTOCOL 3.8). */
export function resultOf(answer: JobAnswer, jobId: string, outcome: Settled): ToldResult {
  const ended = { job_id: jobId, ...endOf(jobId, outcome) };
  const isNew = outcome.kind === 'applied';
  const version = 'resultVersion' in outcome ? outcome.resultVersion : undefined;
  const told = version === undefined ? {} : { result_version: version };
  // Every receipt lies beside the rows, in their own transaction.
  const authority = { receipt_authority: 'source_db' } as const;
  switch (answer.version) {
    case '1.0':
      return { protocol_version: '1.0', affected_rows: isNew ? 1 : 0, ...told, ...ended };
    case '2.0': {
      const { digests, identity, keyColumn, operation } = answer;
      const isWritten = isNew || outcome.kind === 'already_applied';
      const target = isWritten ? outcome.target : undefined;
      const isNamed = identity.some(({ column }) => column === keyColumn);
      return {
        protocol_version: '2.0',
        operation,
        affected_rows: isNew ? 1 : 0,
        target_identity: isNamed || target === undefined ? identity : [{ column: keyColumn, value: target }],
        ...(isWritten ? digests : {}),
        ...{ ...authority, ...told, ...ended },
      };
    }
    case '3.0': {
      const { effects, identities, operation, setDigest } = answer;
      const written = isNew ? effects : [];
      return {
        protocol_version: '3.0',
        operation,
        affected_rows: written.length,
        target_identities: identities,
        set_digest: setDigest,
        member_effects: written,
        ...{ ...authority, ...ended },
      };
    }
    case '4.0': {
      const { effects, identities, operation } = answer;
      const written = isNew ? effects : [];
      return {
        protocol_version: '4.0',
        operation,
        affected_rows: written.length,
        target_identities: identities,
        member_effects: written,
        ...{ ...authority, ...ended },
      };
    }
  }
}

function endOf(
  jobId: string,
  outcome: Settled,
): Pick<GuardedUpdateResult, 'status' | 'result_hash' | 'error_code' | 'intent_id'> {
  switch (outcome.kind) {
    case 'applied':
    case 'already_applied':
      return { status: outcome.kind, result_hash: outcome.resultHash };
    case 'conflict':
      return { status: 'conflict', result_hash: outcome.resultHash, error_code: outcome.reason };
    case 'failed':
      return { status: 'failed', error_code: outcome.code };
    case 'refused':
      return { status: 'failed', error_code: outcome.reason };
    case 'receipt_corrupt':
      return { status: 'reconciliation_required', error_code: 'RECEIPT_CORRUPT', intent_id: jobId };
  }
}
