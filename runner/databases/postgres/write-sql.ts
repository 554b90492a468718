import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import type { Filling, Found } from '../table-writer.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';

/*
 * All SQL of a write. Names come from the local configuration, values are parameters, and everything that could be
 * looked up along a search_path (functions, operators, types) says pg_catalog, so that nobody who may create objects
 * elsewhere can put theirs in its place.
 */

/** A table, by what the configuration says of it, and where its receipts are. */
export interface TableTarget {
  readonly name: string;
  readonly permission: TablePermission;
  readonly receipts: SourceConfig['receipts'];
}

/** What a parameter can be filled from. */
export interface Values extends Filling {
  readonly found?: Found | undefined;
}

type Value = (values: Values) => string | null;

/** A statement's text and where each of its parameters comes from. */
export interface StatementForm {
  readonly sql: string;
  readonly values: readonly Value[];
}

export const equals = 'OPERATOR(pg_catalog.=)';
const plus = 'OPERATOR(pg_catalog.+)';
const joined = 'OPERATOR(pg_catalog.||)';
export const isAfter = 'OPERATOR(pg_catalog.>)';
export const text = 'pg_catalog.text';

/** Numbers the parameters of one statement as they are used, so that text and values cannot come apart. */
class Parameters {
  readonly values: Value[] = [];

  add(value: Value): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/**
 * The write. The receipt comes from the UPDATE's own RETURNING, so there is a receipt exactly when the row changed,
 * and there is no ON CONFLICT, so a second receipt under the same key takes the row's change back with it.
 * Two matching rows are two receipts with one key, which undoes them likewise.
 *
 * @param compared those of the columns whose values are compared with what stands in the row afterwards
 */
export function applySql(
  target: TableTarget,
  columns: readonly string[],
  compared: readonly string[] = [],
): StatementForm {
  const parameters = new Parameters();
  const version = quoteIdentifier(target.permission.version.column);
  const set = columns.map((column, index) => ({
    column,
    value: parameters.add(({ plan }) => plan.values[index] ?? null),
  }));
  const assignments = set.map(({ column, value }) => `${quoteIdentifier(column)} = ${value}`);
  const kept = set.filter(({ column }) => compared.includes(column)).map(isKeptSql);
  const row = rowCondition(target, parameters);
  const expected = parameters.add(({ plan }) => plan.expectedVersion);
  const receipt = receiptValues(target, parameters);
  const sql = `WITH applied AS (
  UPDATE ${tableOf(target)} AS t
  SET ${[...assignments, `${version} = ${advance(target.permission)}`].join(', ')}
  WHERE ${row} AND t.${version} ${equals} ${expected}
  RETURNING ${resultVersion(`t.${version}`, expected, kept)} AS result_version
)
INSERT INTO ${receiptsOf(target)} (${receipt.columns}, status, affected_rows, result_version, result_hash)
SELECT ${receipt.values}, 'applied', 1, applied.result_version, ${resultHash('applied', 'applied.result_version', receipt.jobId)}
FROM applied
RETURNING result_version, result_hash`;
  return { sql, values: parameters.values };
}

/** Whether a column of `t` holds what was to be written. */
export function isKeptSql({ column, value }: { readonly column: string; readonly value: string }): string {
  const stored = `t.${quoteIdentifier(column)}`;
  return `(${stored} ${equals} ${value} OR (${stored} IS NULL AND ${value}::${text} IS NULL))`;
}

/**
 * The version that a receipt tells: none where it did not advance, which the receipts' table refuses. Where a value was
 * not kept, a division by zero, as whose kin (class 22) all values count that a column does not take.
 */
export function resultVersion(version: string, expected: string, kept: readonly string[]): string {
  const isAdvanced = `${version} ${isAfter} ${expected}`;
  const areKept =
    kept.length === 0 ? [] : [`pg_catalog.int4div(1, (${kept.join(' AND ')})::pg_catalog.int4) ${equals} 1`];
  return `CASE WHEN ${[...areKept, isAdvanced].join(' AND ')} THEN ${version}::${text} END`;
}

/** Records that a plan met another version or no row. An attempt that was faster leaves its receipt, and no row here. */
export function conflictSql(target: TableTarget): StatementForm {
  const parameters = new Parameters();
  const receipt = receiptValues(target, parameters);
  const reason = parameters.add(({ found }) => found?.reason ?? null);
  const version = `${parameters.add(({ found }) => found?.version ?? null)}::${text}`;
  const sql = `INSERT INTO ${receiptsOf(target)} (${receipt.columns}, status, affected_rows, reason, result_version, result_hash)
VALUES (${receipt.values}, 'conflict', 0, ${reason}, ${version}, ${resultHash('conflict', version, receipt.jobId)})
ON CONFLICT (idempotency_key) DO NOTHING
RETURNING result_version, result_hash`;
  return { sql, values: parameters.values };
}

/** What stands in the receipts under a plan's key. */
export function receiptSql(target: TableTarget): StatementForm {
  const sql = `SELECT job_id, proposal_hash, status, reason, result_version, result_hash
FROM ${receiptsOf(target)} WHERE idempotency_key ${equals} $1`;
  return { sql, values: [({ plan }) => plan.idempotencyKey] };
}

/** The version of a plan's row, and whether it is the expected one; two rows when the key is not unique. */
export function versionSql(target: TableTarget): StatementForm {
  const parameters = new Parameters();
  const version = quoteIdentifier(target.permission.version.column);
  const row = rowCondition(target, parameters);
  const sql = `SELECT t.${version}::${text}, t.${version} ${equals} ${parameters.add(({ plan }) => plan.expectedVersion)}
FROM ${tableOf(target)} AS t WHERE ${row} LIMIT 2`;
  return { sql, values: parameters.values };
}

/** A plan's row: its version as a write expects it, and these columns as the server writes them. */
export function shownSql(target: TableTarget, columns: readonly string[]): StatementForm {
  const parameters = new Parameters();
  const version = `t.${quoteIdentifier(target.permission.version.column)}::${text}`;
  const shown = columns.map((column) => `t.${quoteIdentifier(column)}`);
  const sql = `SELECT ${[version, ...shown].join(', ')}
FROM ${tableOf(target)} AS t WHERE ${rowCondition(target, parameters)} LIMIT 2`;
  return { sql, values: parameters.values };
}

function rowCondition({ permission }: TableTarget, parameters: Parameters): string {
  const key = `t.${quoteIdentifier(permission.primary_key)} ${equals} ${parameters.add(({ plan }) => plan.primaryKey)}`;
  if (!('column' in permission.tenant)) return key;
  // A plan without a tenant does not pass verification; here it would match no row.
  const tenant = parameters.add(({ plan }) => plan.tenant ?? null);
  return `${key} AND t.${quoteIdentifier(permission.tenant.column)} ${equals} ${tenant}`;
}

/**
 * The next version. A timestamp is the clock's, or just after the old one where that lies ahead of the clock. For a
 * column without time zone the two meet in the session's, which is UTC.
 */
export function advance({ version }: TablePermission): string {
  const column = `t.${quoteIdentifier(version.column)}`;
  if (version.advance === 'integer') return `${column} ${plus} 1`;
  return `GREATEST(${column} ${plus} '1 microsecond'::pg_catalog.interval, pg_catalog.clock_timestamp())`;
}

/** The columns that every receipt has, and their values. */
function receiptValues(target: TableTarget, parameters: Parameters) {
  const jobId = `${parameters.add(({ plan }) => plan.jobId)}::${text}`;
  const fields: [column: string, value: string][] = [
    ['idempotency_key', parameters.add(({ plan }) => plan.idempotencyKey)],
    ['job_id', jobId],
    ['proposal_id', parameters.add(({ plan }) => plan.proposalId)],
    ['proposal_hash', parameters.add(({ plan }) => plan.proposalHash)],
    ['target_table', parameters.add(() => target.name)],
    ['target_key', parameters.add(({ plan }) => plan.primaryKey)],
    ['attempt', parameters.add(({ facts }) => String(facts.attempt))],
    ['lease_id', parameters.add(({ facts }) => facts.leaseId)],
    ['runner_id', parameters.add(({ facts }) => facts.runnerId)],
  ];
  return {
    columns: fields.map(([column]) => column).join(', '),
    values: fields.map(([, value]) => value).join(', '),
    jobId,
  };
}

/** The digest that `receiptHash` makes of the same facts; computed here so that it is stored with the receipt. */
export function resultHash(status: 'applied' | 'conflict', version: string, jobId: string): string {
  const json = `pg_catalog.concat('{"job_id":', pg_catalog.to_json(${jobId}), ',"status":"${status}"', ',"version":' ${joined} pg_catalog.to_json(${version})::${text}, '}')`;
  return `pg_catalog.concat('sha256:', pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(${json}, 'UTF8')), 'hex'))`;
}

export function tableOf({ name }: TableTarget): string {
  const [schema = '', table = ''] = name.split('.');
  return quoteTable(schema, table);
}

export function receiptsOf({ receipts }: TableTarget): string {
  return quoteTable(receipts.schema, receipts.table);
}
