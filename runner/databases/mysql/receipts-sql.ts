import { MOST_ROWS } from '../../config/table-operations.ts';
import { conflictReasons } from '../conflict-reasons.ts';
import { receiptFields, USUAL_OPERATION } from '../receipt-record.ts';
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
  ${OPERATION},
  status varchar(10) NOT NULL,
  ${REASON},
  affected_rows smallint NOT NULL,
  result_version varchar(40),
  result_hash varchar(80) NOT NULL,
  attempt int NOT NULL,
  lease_id varchar(200) NOT NULL,
  runner_id varchar(200) NOT NULL,
  recorded_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (idempotency_key),
  ${constraints.join(',\n  ')}
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
}

/** What makes such a table of an earlier release, which held single updates alone, one for every operation. */
export function receiptUpgradeSql(schema: string, table: string): string {
  const changes = [
    `ADD COLUMN ${OPERATION} AFTER target_key`,
    `MODIFY COLUMN ${REASON}`,
    ...[VERSION_ADVANCED_CONSTRAINT, SHAPE_CONSTRAINT].map(
      (name) => `DROP CONSTRAINT ${quoteIdentifier(name)}`,
    ),
    ...constraints.map((constraint) => `ADD ${constraint}`),
  ];
  return `ALTER TABLE ${quoteTable(schema, table)}\n  ${changes.join(',\n  ')}`;
}

/**
 * Keys that differ in blanks at the end are different ones. Each server reads its own comment, and has its own name for
 * a collation that says so.
 */
const EXACT = '/*!80017 COLLATE utf8mb4_0900_bin */ /*M!100202 COLLATE utf8mb4_nopad_bin */';

/** Violated by a write that left the version as it was: the statement then gives no version for the receipt. */
export const VERSION_ADVANCED_CONSTRAINT = 'countersign_version_advanced';
const SHAPE_CONSTRAINT = 'countersign_receipt_shape';

const OPERATION = `operation varchar(20) NOT NULL DEFAULT '${USUAL_OPERATION}'`;
const REASON = 'reason varchar(40)';
const reasons = conflictReasons.map((reason) => `'${reason}'`).join(', ');
const constraints = [
  // Of several rows there is no one version, and each is looked at by itself.
  `CONSTRAINT ${quoteIdentifier(VERSION_ADVANCED_CONSTRAINT)} CHECK (status <> 'applied' OR result_version IS NOT NULL OR operation <> '${USUAL_OPERATION}')`,
  `CONSTRAINT ${quoteIdentifier(SHAPE_CONSTRAINT)} CHECK (
    (status = 'applied' AND affected_rows BETWEEN 1 AND ${MOST_ROWS} AND reason IS NULL) OR
    (status = 'conflict' AND affected_rows = 0 AND reason IS NOT NULL AND reason IN (${reasons}))
  )`,
];

/** Every column that the runner writes; the database adds the time. */
export const receiptColumns = receiptFields.filter((field) => field !== 'recorded_at');
