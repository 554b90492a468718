import type { ResultRequest } from '@countersign/protocol/job-requests';
import { type ReceiptRecord, USUAL_OPERATION } from '../databases/receipt-record.ts';

/**
 * The result that a sound receipt tells, under the lease that it was written under: as its runner would report it.
 * Undefined for one of an operation whose result says more than its receipt: the job's next attempt reports that.
 */
export function reportOf(receipt: ReceiptRecord): ResultRequest | undefined {
  if (receipt.operation !== USUAL_OPERATION) return undefined;
  const { job_id, lease_id, reason, result_hash, result_version, runner_id } = receipt;
  const isApplied = receipt.status === 'applied';
  return {
    protocol_version: '1.0',
    job_id: job_id ?? '',
    runner_id: runner_id ?? '',
    lease_id: lease_id ?? '',
    status: isApplied ? 'applied' : 'conflict',
    affected_rows: isApplied ? 1 : 0,
    ...(result_version === null ? {} : { result_version }),
    ...(result_hash === null ? {} : { result_hash }),
    ...(reason === null ? {} : { error_code: reason }),
  };
}
