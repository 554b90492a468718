import type { TablePermission } from '../../config/runner-config.ts';
import type { Filling } from '../table-writer.ts';
import { type ColumnType, comparable } from './column-type.ts';
import { quoteIdentifier } from './identifiers.ts';
import {
  advance,
  equals,
  isKeptSql,
  receiptsOf,
  resultHash,
  resultVersion,
  type TableTarget,
  tableOf,
  text,
} from './write-sql.ts';

/** What a parameter of the batch is filled from: one value for each job, or one for all. */
type Source = (fillings: readonly Filling[]) => string | null | readonly (string | null)[];

export interface BatchForm {
  readonly sql: string;
  readonly values: readonly Source[];
}

/** The type of each column by its name. */
export type ColumnTypes = ReadonlyMap<string, ColumnType>;

/**
 * For how long a batch waits for a lock, in milliseconds; set for its own transaction, before it meets the first row.
 * Whoever holds a row longer holds up the others of the batch no more than this: then each goes alone.
 */
const MOST_WAIT_MS = 50;

/** The columns whose types a batch needs. */
export function batchColumns(permission: TablePermission): readonly string[] {
  const tenant = 'column' in permission.tenant ? [permission.tenant.column] : [];
  return [permission.primary_key, ...tenant, permission.version.column, ...permission.columns];
}

/**
 * Many writes as one statement, at most one of each row. What `applySql` guards is guarded here for each job by
 * itself; a row whose guards do not hold is left out without a word, and one error undoes all. Whoever gets no receipt
 * from here is carried out alone, which then tells why.
 */
export function batchSql(target: TableTarget, columns: readonly string[], types: ColumnTypes): BatchForm {
  const { permission } = target;
  const values: Source[] = [];
  const fields: string[] = [];
  const each = (field: string, value: (filling: Filling) => string | null) => {
    values.push((fillings) => fillings.map(value));
    fields.push(field);
    return `j.${field}`;
  };
  // Without a length, so that the assignment refuses a value that is too long instead of cutting it.
  const typed = (sql: string, column: string) => `${sql}::${types.get(column)?.sql ?? text}`;
  const set = columns.map((column, index) => {
    const value = each(`set_${index}`, ({ plan }) => plan.values[index] ?? null);
    return { column, value: typed(value, column) };
  });
  const assignments = set.map(({ column, value }) => `${quoteIdentifier(column)} = ${value}`);
  const compared = comparable(columns, types);
  const kept = set.filter(({ column }) => compared.includes(column)).map(isKeptSql);
  const version = quoteIdentifier(permission.version.column);
  const expected = typed(
    each('expected', ({ plan }) => plan.expectedVersion),
    permission.version.column,
  );
  const key = each('target_key', ({ plan }) => plan.primaryKey);
  const conditions = [isEqual(permission.primary_key, typed(key, permission.primary_key))];
  if ('column' in permission.tenant) {
    const tenant = each('tenant', ({ plan }) => plan.tenant ?? null);
    conditions.push(isEqual(permission.tenant.column, typed(tenant, permission.tenant.column)));
  }
  for (const [field, value] of receiptFields) each(field, value);
  const arrays = fields.map((_, index) => `pg_catalog.unnest($${index + 1}::${text}[])`).join(', ');
  const row = conditions.join(' AND ');
  // A job without a receipt field of its own has none; these two are the same for all.
  values.push(
    () => target.name,
    ([first]) => first?.facts.runnerId ?? null,
  );
  const [table, runner] = [`$${values.length - 1}::${text}`, `$${values.length}::${text}`];
  const told = ['target_key', ...receiptFields.map(([field]) => field)];
  const sql = `WITH job AS MATERIALIZED (
  SELECT j.* FROM ROWS FROM (${arrays}) AS j(${fields.join(', ')}),
    pg_catalog.set_config('lock_timeout', '${MOST_WAIT_MS}', true)
), applied AS (
  UPDATE ${tableOf(target)} AS t
  SET ${[...assignments, `${version} = ${advance(permission)}`].join(', ')}
  FROM job AS j
  WHERE ${row} AND ${isEqual(permission.version.column, expected)}
  RETURNING ${told.map((field) => `j.${field}`).join(', ')},
    ${resultVersion(`t.${version}`, expected, kept)} AS result_version
)
INSERT INTO ${receiptsOf(target)} (${told.join(', ')}, target_table, runner_id, status, affected_rows, result_version, result_hash)
SELECT ${told.map((field) => (field === 'attempt' ? 'a.attempt::pg_catalog.int4' : `a.${field}`)).join(', ')},
  ${table}, ${runner}, 'applied', 1, a.result_version, ${resultHash('applied', 'a.result_version', 'a.job_id')}
FROM applied AS a
RETURNING idempotency_key, result_version, result_hash`;
  return { sql, values };

  function isEqual(column: string, value: string): string {
    return `t.${quoteIdentifier(column)} ${equals} ${value}`;
  }
}

/** What a receipt says of its job alone. */
const receiptFields: readonly (readonly [field: string, value: (filling: Filling) => string])[] = [
  ['idempotency_key', ({ plan }) => plan.idempotencyKey],
  ['job_id', ({ plan }) => plan.jobId],
  ['proposal_id', ({ plan }) => plan.proposalId],
  ['proposal_hash', ({ plan }) => plan.proposalHash],
  ['attempt', ({ facts }) => String(facts.attempt)],
  ['lease_id', ({ facts }) => facts.leaseId],
];
