import { Buffer } from 'node:buffer';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Parameter, RawRow, Statement } from './database.ts';

/** Bytes. D1 takes 2 MB in a parameter; keep well below it. */
const LARGEST_PARAMETER = 900_000;

/** The column names of a table, in the schema's order. */
export function columnNames(table: SQLiteTable): readonly string[] {
  return columnsOf(table).names;
}

interface Columns {
  readonly names: readonly string[];
  readonly entries: readonly (readonly [name: string, column: SQLiteColumn])[];
}
const known = new WeakMap<SQLiteTable, Columns>();

/** Asked for with every row, so worth keeping. */
function columnsOf(table: SQLiteTable): Columns {
  const remembered = known.get(table);
  if (remembered !== undefined) return remembered;
  const entries = Object.entries(getTableColumns(table));
  const columns = { names: entries.map(([name]) => name), entries };
  known.set(table, columns);
  return columns;
}

/** `alias.a, alias.b, ...` for a SELECT. */
export function selectList(table: SQLiteTable, alias: string): string {
  return columnNames(table)
    .map((name) => `${alias}.${name}`)
    .join(', ');
}

/** A row as the schema types it, from a row as the database gives it. */
export function decodeRow<Table extends SQLiteTable>(table: Table, raw: RawRow): Table['$inferSelect'] {
  const row: Record<string, unknown> = {};
  for (const [name, column] of columnsOf(table).entries) {
    const value = raw[name] ?? null;
    row[name] = value === null ? null : column.mapFromDriverValue(value);
  }
  return row;
}

/** One value as it travels inside a JSON parameter: JSON columns as canonical text, booleans as 0 and 1. */
function encodeValue(value: unknown): Parameter {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return canonicalJson(value);
}

/** A row as an array of what travels, in the schema's order. */
export function encodeRow<Table extends SQLiteTable>(table: Table, row: Table['$inferSelect']): Parameter[] {
  return columnNames(table).map((column) => encodeValue(row[column]));
}

/** Inserts all rows with one statement for each megabyte of them. */
export function insertRows<Table extends SQLiteTable>(
  table: Table,
  rows: readonly Table['$inferSelect'][],
): Statement[] {
  if (rows.length === 0) return [];
  const columns = columnNames(table);
  const values = columns.map((_, place) => `value ->> ${place}`).join(', ');
  const sql = `INSERT INTO ${getTableName(table)} (${columns.join(', ')}) SELECT ${values} FROM json_each(?1)`;
  const tuples = rows.map((row) => encodeRow(table, row));
  return chunksOf(tuples).map((chunk) => ({ sql, params: [chunk] }));
}

/**
 * Sets the given columns, and only those (an update is billed for each index whose columns it names), of the rows
 * that have these keys within the tenant.
 */
export function updateRows<Table extends SQLiteTable>(
  table: Table,
  tenant: string,
  key: string,
  columns: readonly string[],
  rows: readonly Table['$inferSelect'][],
): Statement[] {
  const name = getTableName(table);
  const sets = columns.map((column, place) => `${column} = v.c${place}`).join(', ');
  const picks = columns.map((_, place) => `value ->> ${place + 1} AS c${place}`).join(', ');
  // Materialized, so that the given rows are looked up one by one; else the planner reads the whole tenant.
  const sql =
    `WITH v AS MATERIALIZED (SELECT value ->> 0 AS k, ${picks} FROM json_each(?2)) ` +
    `UPDATE ${name} SET ${sets} FROM v WHERE ${name}.tenant = ?1 AND ${name}.${key} = v.k`;
  const tuples = rows.map((row) => [key, ...columns].map((column) => encodeValue(row[column])));
  return chunksOf(tuples).map((chunk) => ({ sql, params: [tenant, chunk] }));
}

function chunksOf(tuples: readonly Parameter[][]): string[] {
  const chunks: string[] = [];
  let texts: string[] = [];
  let size = 0;
  for (const tuple of tuples) {
    const text = JSON.stringify(tuple);
    const bytes = Buffer.byteLength(text) + 1;
    if (size + bytes > LARGEST_PARAMETER && texts.length > 0) {
      chunks.push(`[${texts.join(',')}]`);
      texts = [];
      size = 0;
    }
    texts.push(text);
    size += bytes;
  }
  if (texts.length > 0) chunks.push(`[${texts.join(',')}]`);
  return chunks;
}
