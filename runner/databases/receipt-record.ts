import type { SourceConfig } from '../config/runner-config.ts';

/** The fields of a receipt, as its table's columns are called. */
export const receiptFields = [
  'idempotency_key',
  'job_id',
  'proposal_id',
  'proposal_hash',
  'target_table',
  'target_key',
  'operation',
  'status',
  'reason',
  'affected_rows',
  'result_version',
  'result_hash',
  'attempt',
  'lease_id',
  'runner_id',
  'recorded_at',
] as const;

/** What a receipt is of where its table, made by an earlier release, has no word for it. */
export const USUAL_OPERATION = 'single_row_update';

/** Found where a table of receipts has no column for the operation, and receipts of others than updates may come. */
export const RECEIPTS_TOO_OLD =
  'the receipt table was made for single updates alone, by an earlier release; `countersign-runner doctor` prints what alters it';

/** Whether any table allows more than the guarded update of one row. */
export function holdsOperations({ tables }: Pick<SourceConfig, 'tables'>): boolean {
  return Object.values(tables).some(({ operations }) => operations !== undefined);
}

/** A receipt as it stands in a source's database; each field as the database's own text. */
export type ReceiptRecord = Readonly<Record<(typeof receiptFields)[number], string | null>>;

/** What was recorded lately, by the database's own clock. */
export interface ReceiptActivity {
  /** When the newest receipt was recorded; null when there is none. */
  readonly newestAt: string | null;
  /** How many of the last 24 hours. */
  readonly applied: number;
  readonly conflicts: number;
}

/** A source's receipts, for whoever looks at them; nothing here writes. Each throws `DatabaseFault`. */
export interface ReceiptArchive {
  /** The latest first. Reads the whole table, since nothing is ever asked of it by time but this. */
  newestReceipts(limit: number): Promise<readonly ReceiptRecord[]>;
  /** Reads the whole table too. */
  receiptActivity(): Promise<ReceiptActivity>;
  /** In the order of their keys, those after a key; all of them from the empty text on. */
  receiptsAfter(key: string, limit: number): Promise<readonly ReceiptRecord[]>;
  /** Those whose key, job or proposal is called exactly so. */
  receiptsNamed(name: string): Promise<readonly ReceiptRecord[]>;
}
