import type { Cell, Dependency, OperationPlan, PlannedRow } from '../../verify/operation-plan.ts';
import { receiptTexts } from '../operation-receipt.ts';
import type { OperationFilling, OperationReceipt } from '../operation-writer.ts';
import { type ColumnType, comparable, isCompared } from './column-type.ts';
import { quoteIdentifier } from './identifiers.ts';
import {
  advance,
  equals,
  isAfter,
  isKeptSql,
  receiptsOf,
  type TableTarget,
  tableOf,
  text,
} from './write-sql.ts';

/*
 * All SQL of operations, as write-sql.ts has that of single updates: names come from the local configuration, values are
 * parameters, and what could be looked up along a search_path says pg_catalog.
 */

/** A statement with its values. */
export interface FilledStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** A table, and its columns' types. */
export interface TypedTarget extends TableTarget {
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** Whether a dependency is at its version; it cannot be changed then before the transaction ends. */
export function dependencySql(target: TableTarget, { key, tenant, version }: Dependency): FilledStatement {
  const { add, values } = statementValues();
  const isAtVersion = `${versionOf(target)} ${equals} ${add(version)}`;
  const row = namedBy(target, key, tenant, add);
  return {
    text: `SELECT ${isAtVersion} FROM ${tableOf(target)} AS t WHERE ${row} LIMIT 2 FOR SHARE`,
    values,
  };
}

/** The version of a row, and whether everything stands in it that is expected; locked unless it is to be added. */
export function findSql(target: TypedTarget, plan: OperationPlan, row: PlannedRow): FilledStatement {
  const { add, values } = statementValues();
  const held = row.expected.map((cell) => heldSql(target, cell, add));
  const name = rowSql(target, plan, row, add);
  const lock = plan.action === 'insert' ? '' : ' FOR UPDATE';
  const isExpected = held.length === 0 ? 'true' : held.join(' AND ');
  return {
    text: `SELECT ${versionOf(target)}::${text}, ${isExpected} FROM ${tableOf(target)} AS t WHERE ${name} LIMIT 2${lock}`,
    values,
  };
}

/**
 * Writes a row: its key, its version, whether that is a later one, and whether each column holds what was to be written.
 *
 * @param version the row's version before, of one that is there
 */
export function writeSql(
  target: TypedTarget,
  plan: OperationPlan,
  row: PlannedRow,
  version: string | undefined,
): FilledStatement {
  const { add, values } = statementValues();
  const set = row.set.map(({ column, text: value }) => ({ column, value: add(value) }));
  const kept = comparable(
    set.map(({ column }) => column),
    target.types,
  );
  const isKept = set.filter(({ column }) => kept.includes(column)).map(isKeptSql);
  const key = `t.${quoteIdentifier(target.permission.primary_key)}::${text}`;
  const told = (isAdvanced: string) =>
    `RETURNING ${key}, ${versionOf(target)}::${text}, ${isAdvanced}, ${isKept.length === 0 ? 'true' : isKept.join(' AND ')}`;
  switch (plan.action) {
    case 'insert': {
      const columns = set.map(({ column }) => quoteIdentifier(column)).join(', ');
      const sql = `INSERT INTO ${tableOf(target)} AS t (${columns}) VALUES (${set.map(({ value }) => value).join(', ')}) ${told('true')}`;
      return { text: sql, values };
    }
    case 'update': {
      const assignments = set.map(({ column, value }) => `${quoteIdentifier(column)} = ${value}`);
      assignments.push(
        `${quoteIdentifier(target.permission.version.column)} = ${advance(target.permission)}`,
      );
      const name = rowSql(target, plan, row, add);
      const isAdvanced = `${versionOf(target)} ${isAfter} ${add(version ?? null)}`;
      const sql = `UPDATE ${tableOf(target)} AS t SET ${assignments.join(', ')} WHERE ${name} ${told(isAdvanced)}`;
      return { text: sql, values };
    }
    case 'delete': {
      const name = rowSql(target, plan, row, add);
      return { text: `DELETE FROM ${tableOf(target)} AS t WHERE ${name} ${told('true')}`, values };
    }
  }
}

/** Writes the receipt; one that is there already makes it fail. */
export function receiptSql(
  target: TableTarget,
  filling: OperationFilling,
  receipt: OperationReceipt,
): FilledStatement {
  const fields = [
    ...receiptTexts(target.name, filling, receipt),
    ['affected_rows', String(receipt.affectedRows)] as const,
    ['attempt', String(filling.facts.attempt)] as const,
  ];
  const columns = fields.map(([column]) => column).join(', ');
  return {
    text: `INSERT INTO ${receiptsOf(target)} (${columns}) VALUES (${fields.map((_, index) => `$${index + 1}`).join(', ')})`,
    values: fields.map(([, value]) => value),
  };
}

/** What stands in the receipts under a plan's key. */
export function receiptOfSql(target: TableTarget, { idempotencyKey }: OperationPlan): FilledStatement {
  return {
    text: `SELECT job_id, proposal_hash, status, reason, result_version, result_hash, target_key
FROM ${receiptsOf(target)} WHERE idempotency_key ${equals} $1`,
    values: [idempotencyKey],
  };
}

type Add = (value: string | null) => string;

/** Numbers the parameters of one statement as they are used, so that text and values cannot come apart. */
function statementValues(): { readonly values: readonly (string | null)[]; readonly add: Add } {
  const values: (string | null)[] = [];
  return { values, add: (value) => `$${values.push(value)}` };
}

function versionOf({ permission }: TableTarget): string {
  return `t.${quoteIdentifier(permission.version.column)}`;
}

/** A type without an equality of its own, or one that takes several texts for the same, is compared as text. */
function heldSql({ types }: TypedTarget, { column, text: expected }: Cell, add: Add): string {
  const value = add(expected);
  const type = types.get(column);
  if (type !== undefined && isCompared(type)) return isKeptSql({ column, value });
  const stored = `t.${quoteIdentifier(column)}`;
  return `(${stored}::${text} ${equals} ${value} OR (${stored} IS NULL AND ${value}::${text} IS NULL))`;
}

/** The row that is there by its key and tenant; the one that is to be added by what tells it from every other one. */
function rowSql(target: TableTarget, { action, tenant }: OperationPlan, row: PlannedRow, add: Add): string {
  if (action !== 'insert') return namedBy(target, row.key ?? null, tenant, add);
  return row.identity
    .map(({ column, text: value }) => `t.${quoteIdentifier(column)} ${equals} ${add(value)}`)
    .join(' AND ');
}

function namedBy(
  { permission }: TableTarget,
  key: string | null,
  tenant: string | undefined,
  add: Add,
): string {
  const named = `t.${quoteIdentifier(permission.primary_key)} ${equals} ${add(key)}`;
  if (!('column' in permission.tenant)) return named;
  // A plan without a tenant does not pass verification; here it would match no row.
  return `${named} AND t.${quoteIdentifier(permission.tenant.column)} ${equals} ${add(tenant ?? null)}`;
}
