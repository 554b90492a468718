import { receiptHash } from './receipt.ts';
import { type ReceiptRecord, USUAL_OPERATION } from './receipt-record.ts';

/** Why a receipt cannot be one that this program wrote; undefined when it can. */
export function receiptFault(record: ReceiptRecord): string | undefined {
  const { job_id: jobId, operation, status, affected_rows: rows, reason, result_version: version } = record;
  const isUsual = operation === USUAL_OPERATION;
  if (status !== 'applied' && status !== 'conflict') return 'its status is none that is ever written';
  const isCount = status === 'applied' ? (isUsual ? /^1$/ : /^[1-9]\d{0,2}$/) : /^0$/;
  if (!isCount.test(rows ?? '')) return 'its count of rows does not fit its status';
  if ((reason === null) !== (status === 'applied')) return 'its reason does not fit its status';
  if (status === 'applied' && version === null && isUsual) return 'it names no version';
  if (receiptHash(jobId ?? '', status, version ?? undefined) !== record.result_hash)
    return 'its hash is not that of what it says';
  return undefined;
}
