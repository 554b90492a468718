import { receiptFields } from '../receipt-record.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';

/**
 * The table that makes a write happen once: its key is the job's idempotency key, and its row is inserted by the
 * transaction that changes the customer's row. Whoever writes needs SELECT and INSERT on it and nothing more, so that
 * a receipt, once there, stays as it is.
 */
export function receiptTableSql(schema: string, table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quoteTable(schema, table)} (
  idempotency_key varchar(400) ${EXACT} NOT NULL,
  job_id varchar(200) NOT NULL,
  proposal_id varchar(200) NOT NULL,
  proposal_hash varchar(200) NOT NULL,
  target_table varchar(200) NOT NULL,
  target_key varchar(1024) NOT NULL,
  status varchar(10) NOT NULL,
  reason varchar(20),
  affected_rows smallint NOT NULL,
  result_version varchar(40),
  result_hash varchar(80) NOT NULL,
  attempt int NOT NULL,
  lease_id varchar(200) NOT NULL,
  runner_id varchar(200) NOT NULL,
  recorded_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (idempotency_key),
  CONSTRAINT ${quoteIdentifier(VERSION_ADVANCED_CONSTRAINT)} CHECK (status <> 'applied' OR result_version IS NOT NULL),
  CONSTRAINT ${quoteIdentifier(SHAPE_CONSTRAINT)} CHECK (
    (status = 'applied' AND affected_rows = 1 AND reason IS NULL) OR
    (status = 'conflict' AND affected_rows = 0 AND reason IN ('VERSION_CONFLICT', 'ROW_NOT_FOUND'))
  )
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
}

/**
 * Keys that differ in blanks at the end are different ones. Each server reads its own comment, and has its own name for
 * a collation that says so.
 */
const EXACT = '/*!80017 COLLATE utf8mb4_0900_bin */ /*M!100202 COLLATE utf8mb4_nopad_bin */';

/** Violated by a write that left the version as it was: the statement then gives no version for the receipt. */
export const VERSION_ADVANCED_CONSTRAINT = 'countersign_version_advanced';
const SHAPE_CONSTRAINT = 'countersign_receipt_shape';

/** Every column that the runner writes; the database adds the time. */
export const receiptColumns = receiptFields.filter((field) => field !== 'recorded_at');
