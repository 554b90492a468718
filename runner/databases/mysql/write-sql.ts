import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import { DatabaseFault } from '../database-fault.ts';
import type { Row } from '../session.ts';
import type { Filling, Found, ShownRow } from '../table-writer.ts';
import { type ColumnType, equalsSql, isComparable, timestampSql, valueSql } from './column-type.ts';
import { quoteIdentifier, quoteTable, quoteTableName } from './identifiers.ts';
import { bytesLiteral, textLiteral } from './literals.ts';
import type { Step } from './mysql-session.ts';
import { shownSql, shownValue } from './shown-value.ts';

/*
 * All SQL of a write. Names come from the local configuration. Values are literals made here: the driver could only
 * fill in several statements at once by interpolating text, which depends on the session. See literals.ts.
 */

/** A table, by what the configuration says of it, where its receipts are, and its columns' types. */
export interface TableTarget {
  readonly name: string;
  readonly permission: TablePermission;
  readonly receipts: SourceConfig['receipts'];
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** A value of the plan is none that its column can hold exactly. Nothing has been sent. */
export class ValueRejected extends Error {
  override readonly name = 'ValueRejected';
}

const MICROSECONDS = 6;

/** Whether the row stands as expected, locked for this transaction. Nothing else says so for certain: see `applySteps`. */
const IS_MET = '@countersign_is_met = 1';

/**
 * The write, as the steps of a transaction whose last result is the receipt. Row and receipt are written where the row
 * was found as expected and locked, and only there. Two rows under one key are an error, and so is a second receipt
 * under the same key; either undoes the row's change.
 *
 * Whether the UPDATE matched must not be asked of ROW_COUNT(): when the line breaks in the middle, the server cannot
 * tell of the UPDATE, then gives another count than 1, and goes on to the COMMIT. The change would stand without its
 * receipt.
 */
export function applySteps(target: TableTarget, filling: Filling): readonly Step[] {
  const { plan } = filling;
  const row = rowCondition(target, filling);
  const version = versionColumn(target);
  const expected = expectedSql(target, filling);
  const set = plan.columns.map((column, index) => ({
    column,
    value: orRejected(valueSql(typeOf(target, column), plan.values[index] ?? null)),
  }));
  const assignments = set.map(({ column, value }) => `${quoteIdentifier(column)} = ${value}`);
  const table = quoteTableName(target.name);
  const prefix = JSON.stringify({ job_id: plan.jobId, status: 'applied' }).slice(0, -1);
  // Digits and signs alone, as a version consists of them, stand in JSON as they are.
  const json = `CONCAT(${textLiteral(`${prefix},"version":"`)}, a.result_version, ${textLiteral('"}')})`;
  const isExpected = `${row} AND ${version} = ${expected}`;
  return [
    // Where no row is found, the variable stays what an earlier transaction left in it.
    { sql: 'SET @countersign_is_met = 0' },
    {
      isRow: true,
      sql: `SELECT 1 INTO @countersign_is_met FROM ${table} AS t WHERE ${isExpected} FOR UPDATE`,
    },
    {
      sql: `UPDATE ${table} AS t SET ${[...assignments, `${version} = ${advance(target.permission)}`].join(', ')}
WHERE ${IS_MET} AND ${isExpected}`,
    },
    {
      isReceipt: true,
      sql: `INSERT INTO ${receiptsOf(target)} (${receiptColumns}, status, affected_rows, result_version, result_hash)
SELECT ${receiptValues(target, filling)}, 'applied', 1, a.result_version, CONCAT('sha256:', SHA2(${json}, 256))
FROM (SELECT (
  SELECT ${resultVersion(target, expected, set)} FROM ${table} AS t WHERE ${row}
) AS result_version) AS a
WHERE ${IS_MET}`,
    },
    // Only what has just been inserted: a receipt of an earlier attempt is for a fresh look.
    {
      sql: `SELECT result_version, result_hash FROM ${receiptsOf(target)}
WHERE ${IS_MET} AND idempotency_key = ${textLiteral(plan.idempotencyKey)}`,
    },
  ];
}

interface Assignment {
  readonly column: string;
  readonly value: string;
}

/** Longer than a receipt's version may be, so that the receipt is refused as a value that does not fit. */
const NOT_KEPT = "REPEAT('-', 100)";

/**
 * The version that the receipt tells: none where it did not advance, which the receipts' table refuses. A value that
 * stands in the row otherwise, since a type was altered after it was read or a trigger made something else of it,
 * undoes the write too.
 */
function resultVersion(target: TableTarget, expected: string, set: readonly Assignment[]): string {
  const advanced = `CASE WHEN ${versionColumn(target)} > ${expected} THEN ${versionText(target)} END`;
  const kept = set
    .filter(({ column }) => isComparable(typeOf(target, column)))
    .map(({ column, value }) => `t.${quoteIdentifier(column)} <=> ${value}`);
  return kept.length === 0 ? advanced : `IF(${kept.join(' AND ')}, ${advanced}, ${NOT_KEPT})`;
}

/** Records that a plan met another version or no row. An attempt that was faster makes this fail on its key. */
export function conflictSteps(
  target: TableTarget,
  filling: Filling,
  { reason, version }: Found,
): readonly Step[] {
  const { plan } = filling;
  const json = JSON.stringify({ job_id: plan.jobId, status: 'conflict', version: version ?? undefined });
  return [
    {
      isReceipt: true,
      sql: `INSERT INTO ${receiptsOf(target)} (${receiptColumns}, status, affected_rows, reason, result_version, result_hash)
VALUES (${receiptValues(target, filling)}, 'conflict', 0, ${textLiteral(reason)}, ${textLiteral(version)},
  CONCAT('sha256:', SHA2(${bytesLiteral(json)}, 256)))`,
    },
    {
      sql: `SELECT result_version, result_hash FROM ${receiptsOf(target)}
WHERE idempotency_key = ${textLiteral(plan.idempotencyKey)}`,
    },
  ];
}

/** What stands in the receipts under a plan's key. */
export function receiptSql({ receipts }: Pick<TableTarget, 'receipts'>, { plan }: Filling): string {
  return `SELECT job_id, proposal_hash, status, reason, result_version, result_hash
FROM ${quoteTable(receipts.schema, receipts.table)} WHERE idempotency_key = ${textLiteral(plan.idempotencyKey)}`;
}

/** The version of a plan's row, and whether it is the expected one; two rows when the key is not unique. */
export function versionSql(target: TableTarget, filling: Filling): string {
  const isExpected = `${versionColumn(target)} = ${expectedSql(target, filling)}`;
  return `SELECT ${versionText(target)}, IF(${isExpected}, 't', 'f')
FROM ${quoteTableName(target.name)} AS t WHERE ${rowCondition(target, filling)} LIMIT 2`;
}

/** A statement, and what its rows tell. */
export interface ShownForm {
  readonly sql: string;
  tell(row: Row): ShownRow;
}

/** A plan's row: its version as a write expects it, and these columns. */
export function shownForm(target: TableTarget, filling: Filling, columns: readonly string[]): ShownForm {
  const shown = columns.map((column) => ({ column, type: typeOf(target, column) }));
  const values = shown.map(({ column, type }) => shownSql(`t.${quoteIdentifier(column)}`, type));
  return {
    sql: `SELECT ${[versionText(target), ...values].join(', ')}
FROM ${quoteTableName(target.name)} AS t WHERE ${rowCondition(target, filling)} LIMIT 2`,
    tell: ([version = null, ...texts]) => ({
      version: version ?? '',
      values: shown.map(({ type }, place) => shownValue(type, texts[place] ?? null)),
    }),
  };
}

function rowCondition(target: TableTarget, { plan }: Filling): string {
  const { permission } = target;
  const key = columnIs(target, permission.primary_key, plan.primaryKey);
  if (!('column' in permission.tenant)) return key;
  // A plan without a tenant does not pass verification; no row has an empty one.
  return `${key} AND ${columnIs(target, permission.tenant.column, plan.tenant ?? '')}`;
}

/** The condition that a column of `t` holds exactly a text; throws `ValueRejected` where it never can. */
export function columnIs(target: TableTarget, column: string, text: string): string {
  return orRejected(equalsSql(`t.${quoteIdentifier(column)}`, typeOf(target, column), text));
}

export function versionColumn({ permission }: TableTarget): string {
  return `t.${quoteIdentifier(permission.version.column)}`;
}

function expectedSql(target: TableTarget, { plan }: Filling): string {
  return versionLiteral(target, plan.expectedVersion);
}

/** A version as SQL of its column's type; throws `ValueRejected`. */
export function versionLiteral(target: TableTarget, version: string): string {
  const { advance: kind, column } = target.permission.version;
  if (kind === 'timestamp') return orRejected(timestampSql(version, MICROSECONDS));
  return orRejected(valueSql(typeOf(target, column), version));
}

/** The version as it is told: made by the database, at full precision. */
export function versionText(target: TableTarget): string {
  const column = versionColumn(target);
  return target.permission.version.advance === 'integer'
    ? // Without the zeros that fill up a column that is declared so
      `CAST(${column} + 0 AS CHAR)`
    : `DATE_FORMAT(${column}, '%Y-%m-%d %H:%i:%s.%f')`;
}

/**
 * The next version. A timestamp is the clock's, or just after the old one where that lies ahead of the clock; the
 * session's time zone is UTC.
 */
export function advance({ version }: TablePermission): string {
  const column = `t.${quoteIdentifier(version.column)}`;
  if (version.advance === 'integer') return `${column} + 1`;
  return `GREATEST(${column} + INTERVAL 1 MICROSECOND, UTC_TIMESTAMP(6))`;
}

const receiptColumns =
  'idempotency_key, job_id, proposal_id, proposal_hash, target_table, target_key, attempt, lease_id, runner_id';

function receiptValues({ name }: TableTarget, { facts, plan }: Filling): string {
  const texts = [plan.idempotencyKey, plan.jobId, plan.proposalId, plan.proposalHash, name, plan.primaryKey];
  return [
    ...texts.map(textLiteral),
    String(facts.attempt),
    textLiteral(facts.leaseId),
    textLiteral(facts.runnerId),
  ].join(', ');
}

export function receiptsOf({ receipts }: Pick<TableTarget, 'receipts'>): string {
  return quoteTable(receipts.schema, receipts.table);
}

export function typeOf({ types }: TableTarget, column: string): ColumnType {
  const type = types.get(column);
  if (type === undefined)
    throw new DatabaseFault('no_such_column', { kind: 'failed', code: 'SCHEMA_MISMATCH' });
  return type;
}

export function orRejected(sql: string | undefined): string {
  if (sql === undefined) throw new ValueRejected('the column cannot hold this value exactly');
  return sql;
}
