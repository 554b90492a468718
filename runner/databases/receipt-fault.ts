import { receiptHash } from './receipt.ts';
import type { ReceiptRecord } from './receipt-record.ts';

/** Why a receipt cannot be one that this program wrote; undefined when it can. */
export function receiptFault(record: ReceiptRecord): string | undefined {
  const { job_id: jobId, status, affected_rows: rows, reason, result_version: version } = record;
  if (status !== 'applied' && status !== 'conflict') return 'its status is none that is ever written';
  if (rows !== (status === 'applied' ? '1' : '0')) return 'its count of rows does not fit its status';
  if ((reason === null) !== (status === 'applied')) return 'its reason does not fit its status';
  if (status === 'applied' && version === null) return 'it names no version';
  if (receiptHash(jobId ?? '', status, version ?? undefined) !== record.result_hash)
    return 'its hash is not that of what it says';
  return undefined;
}
