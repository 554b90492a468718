import type { Cell, Dependency, OperationPlan, PlannedRow } from '../../verify/operation-plan.ts';
import { receiptTexts } from '../operation-receipt.ts';
import type { OperationFilling, OperationReceipt } from '../operation-writer.ts';
import type { Row } from '../session.ts';
import { equalsSql, heldSql, isComparable, valueSql } from './column-type.ts';
import { quoteIdentifier, quoteTableName } from './identifiers.ts';
import { textLiteral } from './literals.ts';
import type { Step } from './mysql-session.ts';
import { shownSql, shownValue } from './shown-value.ts';
import {
  advance,
  columnIs,
  orRejected,
  receiptsOf,
  type TableTarget,
  typeOf,
  versionColumn,
  versionLiteral,
  versionText,
} from './write-sql.ts';

/*
 * All SQL of operations, as write-sql.ts has that of single updates: names come from the local configuration, and values
 * are literals made here. Each function throws `ValueRejected` for a value that no such column can hold.
 */

/** Whether a dependency is at its version; it cannot be changed then before the transaction ends. */
export function dependencySql(target: TableTarget, { key, tenant, version }: Dependency): string {
  const isAtVersion = `IF(${versionColumn(target)} = ${versionLiteral(target, version)}, 't', 'f')`;
  // MySQL has FOR SHARE too, and MariaDB only this.
  return `SELECT ${isAtVersion} FROM ${quoteTableName(target.name)} AS t
WHERE ${namedBy(target, key, tenant)} LIMIT 2 LOCK IN SHARE MODE`;
}

/** The version of a row, and whether everything stands in it that is expected; locked unless it is to be added. */
export function findSql(target: TableTarget, plan: OperationPlan, row: PlannedRow): string {
  const held = row.expected.map((cell) => holds(target, cell));
  const lock = plan.action === 'insert' ? '' : ' FOR UPDATE';
  return `SELECT ${versionText(target)}, IF(${held.length === 0 ? 'TRUE' : held.join(' AND ')}, 't', 'f')
FROM ${quoteTableName(target.name)} AS t WHERE ${rowSql(target, plan, row)} LIMIT 2${lock}`;
}

/** The write of a row, and the look at what it became. */
export function writeSteps(
  target: TableTarget,
  plan: OperationPlan,
  row: PlannedRow,
  version: string | undefined,
): readonly [write: Step, look: Step] {
  const sql = `SELECT ${told(target, plan, row, version).join(', ')}
FROM ${quoteTableName(target.name)} AS t WHERE ${rowSql(target, plan, row)} LIMIT 2`;
  return [{ sql: mutationSql(target, plan, row) }, { sql }];
}

function mutationSql(target: TableTarget, plan: OperationPlan, row: PlannedRow): string {
  const { set } = row;
  const table = quoteTableName(target.name);
  const literalOf = ({ column, text }: Cell) => orRejected(valueSql(typeOf(target, column), text));
  switch (plan.action) {
    case 'insert':
      return `INSERT INTO ${table} (${set.map(({ column }) => quoteIdentifier(column)).join(', ')}) VALUES (${set.map(literalOf).join(', ')})`;
    case 'update': {
      const assignments = set.map((cell) => `t.${quoteIdentifier(cell.column)} = ${literalOf(cell)}`);
      return `UPDATE ${table} AS t SET ${[...assignments, `${versionColumn(target)} = ${advance(target.permission)}`].join(', ')} WHERE ${rowSql(target, plan, row)}`;
    }
    case 'delete':
      // With an alias, it is another statement in each release, or needs a current database.
      return `DELETE FROM ${table} WHERE ${namedBy(target, row.key ?? '', plan.tenant, '')}`;
  }
}

/** Key, version, whether that is a later one, and whether each column holds what was to be written. */
function told(
  target: TableTarget,
  { action }: OperationPlan,
  { set }: PlannedRow,
  version: string | undefined,
): readonly string[] {
  const key = target.permission.primary_key;
  const isAdvanced =
    action === 'update' ? `${versionColumn(target)} > ${versionLiteral(target, version ?? '')}` : 'TRUE';
  const kept = set
    .filter(({ column }) => isComparable(typeOf(target, column)))
    .map((cell) => holds(target, cell));
  return [
    shownSql(`t.${quoteIdentifier(key)}`, typeOf(target, key)),
    versionText(target),
    `IF(${isAdvanced}, 't', 'f')`,
    `IF(${kept.length === 0 ? 'TRUE' : kept.join(' AND ')}, 't', 'f')`,
  ];
}

/** The key as a row of `writeSteps` tells it. */
export function toldKey(target: TableTarget, [text]: Row): string {
  return String(shownValue(typeOf(target, target.permission.primary_key), text ?? null));
}

/** Writes the receipt; one that is there already makes it fail. */
export function receiptStep(
  target: Pick<TableTarget, 'name' | 'receipts'>,
  filling: OperationFilling,
  receipt: OperationReceipt,
): Step {
  const texts = receiptTexts(target.name, filling, receipt);
  const columns = texts.map(([column]) => column).join(', ');
  return {
    isReceipt: true,
    sql: `INSERT INTO ${receiptsOf(target)} (${columns}, affected_rows, attempt)
VALUES (${texts.map(([, value]) => textLiteral(value)).join(', ')}, ${receipt.affectedRows}, ${filling.facts.attempt})`,
  };
}

/** What stands in the receipts under a plan's key. */
export function receiptOfSql(
  target: Pick<TableTarget, 'receipts'>,
  { idempotencyKey }: OperationPlan,
): string {
  return `SELECT job_id, proposal_hash, status, reason, result_version, result_hash, target_key
FROM ${receiptsOf(target)} WHERE idempotency_key = ${textLiteral(idempotencyKey)}`;
}

function holds(target: TableTarget, { column, text }: Cell): string {
  return heldSql(`t.${quoteIdentifier(column)}`, typeOf(target, column), text);
}

/** The row that is there by its key and tenant; the one that is to be added by what tells it from every other one. */
function rowSql(target: TableTarget, { action, tenant }: OperationPlan, row: PlannedRow): string {
  if (action !== 'insert') return namedBy(target, row.key ?? '', tenant);
  return row.identity.map(({ column, text }) => columnIs(target, column, text ?? '')).join(' AND ');
}

/** @param of what stands before a column: the alias, and a point */
function namedBy(target: TableTarget, key: string, tenant: string | undefined, of = 't.'): string {
  const { primary_key, tenant: owner } = target.permission;
  const is = (column: string, text: string) =>
    orRejected(equalsSql(`${of}${quoteIdentifier(column)}`, typeOf(target, column), text));
  if (!('column' in owner)) return is(primary_key, key);
  // A plan without a tenant does not pass verification; no row has an empty one.
  return `${is(primary_key, key)} AND ${is(owner.column, tenant ?? '')}`;
}
