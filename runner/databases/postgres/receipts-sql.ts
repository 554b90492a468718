import { receiptFields } from '../receipt-record.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';

/**
 * The table that makes a write happen once: its key is the job's idempotency key, and its row is inserted by the
 * statement that changes the customer's row. Whoever writes needs SELECT and INSERT on it and nothing more, so that
 * a receipt, once there, stays as it is.
 */
export function receiptTableSql(schema: string, table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quoteTable(schema, table)} (
  idempotency_key text PRIMARY KEY,
  job_id text NOT NULL,
  proposal_id text NOT NULL,
  proposal_hash text NOT NULL,
  target_table text NOT NULL,
  target_key text NOT NULL,
  status text NOT NULL CHECK (status IN ('applied', 'conflict')),
  reason text CHECK (reason IN ('VERSION_CONFLICT', 'ROW_NOT_FOUND')),
  affected_rows smallint NOT NULL,
  result_version text,
  result_hash text NOT NULL,
  attempt integer NOT NULL,
  lease_id text NOT NULL,
  runner_id text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ${quoteIdentifier(VERSION_ADVANCED_CONSTRAINT)} CHECK (status <> 'applied' OR result_version IS NOT NULL),
  CONSTRAINT ${quoteIdentifier(SHAPE_CONSTRAINT)} CHECK (
    (status = 'applied' AND affected_rows = 1 AND reason IS NULL) OR
    (status = 'conflict' AND affected_rows = 0 AND reason IS NOT NULL)
  )
)`;
}

/** Violated by a write that left the version as it was: the statement then gives no version for the receipt. */
export const VERSION_ADVANCED_CONSTRAINT = 'countersign_version_advanced';
const SHAPE_CONSTRAINT = 'countersign_receipt_shape';

/** Every column that the runner writes; the database adds the time. */
export const receiptColumns = receiptFields.filter((field) => field !== 'recorded_at');
