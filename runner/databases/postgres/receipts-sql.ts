import { MOST_ROWS } from '../../config/table-operations.ts';
import { conflictReasons } from '../conflict-reasons.ts';
import { receiptFields, USUAL_OPERATION } from '../receipt-record.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';

/**
 * The table that makes a write happen once: its key is the job's idempotency key, and its row is inserted by the
 * transaction that changes the customer's rows. Whoever writes needs SELECT and INSERT on it and nothing more, so that
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
  ${OPERATION},
  status text NOT NULL CHECK (status IN ('applied', 'conflict')),
  reason text,
  affected_rows smallint NOT NULL,
  result_version text,
  result_hash text NOT NULL,
  attempt integer NOT NULL,
  lease_id text NOT NULL,
  runner_id text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ${constraints.join(',\n  ')}
)`;
}

/** What makes such a table of an earlier release, which held single updates alone, one for every operation. */
export function receiptUpgradeSql(schema: string, table: string): string {
  const dropped = [`${table}_reason_check`, VERSION_ADVANCED_CONSTRAINT, SHAPE_CONSTRAINT];
  const changes = [
    `ADD COLUMN ${OPERATION}`,
    ...dropped.map((name) => `DROP CONSTRAINT IF EXISTS ${quoteIdentifier(name)}`),
    ...constraints.map((constraint) => `ADD ${constraint}`),
  ];
  return `ALTER TABLE ${quoteTable(schema, table)}\n  ${changes.join(',\n  ')}`;
}

/** Violated by a write that left the version as it was: the statement then gives no version for the receipt. */
export const VERSION_ADVANCED_CONSTRAINT = 'countersign_version_advanced';
const SHAPE_CONSTRAINT = 'countersign_receipt_shape';

const OPERATION = `operation text NOT NULL DEFAULT '${USUAL_OPERATION}'`;
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
