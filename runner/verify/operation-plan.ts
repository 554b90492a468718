import type { ConflictReason } from '../databases/conflict-reasons.ts';
import type { WritePlan } from './write-plan.ts';

/** What jobs of the versions 2.0 to 4.0 ask for (PROTOCOL 3.5 to 3.7). */
export const operations = [
  'single_row_update',
  'single_row_insert',
  'single_row_delete',
  'set_update',
  'set_delete',
  'batch_insert',
  'restore_update',
  'remove_insert',
  'restore_insert',
] as const;
export type Operation = (typeof operations)[number];

/** A column, and the text that the database parses as its type; null for NULL. */
export interface Cell {
  readonly column: string;
  readonly text: string | null;
}

/** One row that an operation writes. */
export interface PlannedRow {
  /** Undefined where the database makes the key of an added row. */
  readonly key: string | undefined;
  /** What stands in a row that is there, exactly; of a row that is to be added, nothing. */
  readonly expected: readonly Cell[];
  /** What is to stand there afterwards; the version goes up by itself. */
  readonly set: readonly Cell[];
  /** By which an added row is told from every other one: a unique key lies within their columns. */
  readonly identity: readonly Cell[];
}

/** Another row, which must be at this version when the write is made. */
export interface Dependency {
  /** As `WritePlan` has it. */
  readonly table: string;
  readonly key: string;
  readonly tenant: string | undefined;
  readonly version: string;
}

/** One verified operation of any number of rows, all or none. */
export interface OperationPlan
  extends Pick<WritePlan, 'table' | 'tenant' | 'idempotencyKey' | 'jobId' | 'proposalId' | 'proposalHash'> {
  readonly operation: Operation;
  /** What is done to each row. */
  readonly action: 'update' | 'insert' | 'delete';
  /** In the order in which they are locked, the same for every job. */
  readonly rows: readonly PlannedRow[];
  /** In such an order too; locked before the rows. */
  readonly dependencies: readonly Dependency[];
  /** What it is called that a row is not as expected, and that there is none. */
  readonly drift: { readonly changed: ConflictReason; readonly missing: ConflictReason };
  /** What the receipt calls its target; undefined for the key that the database makes. */
  readonly receiptTarget: string | undefined;
}
