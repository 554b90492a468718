import type { SourceConfig } from '../../config/runner-config.ts';
import {
  type ReceiptActivity,
  type ReceiptRecord,
  receiptFields,
  USUAL_OPERATION,
} from '../receipt-record.ts';
import type { Row } from '../session.ts';
import { readTable } from './catalog.ts';
import type { Connection } from './connection.ts';
import { quoteTable } from './identifiers.ts';

type Where = SourceConfig['receipts'];

// As in write-sql.ts, nothing here is looked up along the search_path.
const equals = 'OPERATOR(pg_catalog.=)';
const isAfter = 'OPERATOR(pg_catalog.>)';

export async function newestReceipts(connection: Connection, where: Where, limit: number) {
  return read(connection, where, 'ORDER BY r.recorded_at DESC, r.idempotency_key LIMIT $1', [String(limit)]);
}

export async function receiptActivity(
  connection: Connection,
  { schema, table }: Where,
): Promise<ReceiptActivity> {
  const isRecent = `r.recorded_at ${isAfter} (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) '24 hours'::pg_catalog.interval)`;
  const count = (status: string) =>
    `pg_catalog.count(*) FILTER (WHERE ${isRecent} AND r.status ${equals} '${status}')`;
  const text = `SELECT pg_catalog.max(r.recorded_at), ${count('applied')}, ${count('conflict')}
FROM ${quoteTable(schema, table)} AS r`;
  const [row] = await connection.execute({ name: undefined, text }, []);
  return { newestAt: row?.[0] ?? null, applied: Number(row?.[1]), conflicts: Number(row?.[2]) };
}

/** By the bytes of the key, so that a page neither repeats nor skips one, whatever the database's collation. */
export async function receiptsAfter(connection: Connection, where: Where, key: string, limit: number) {
  const rest = `WHERE r.idempotency_key COLLATE pg_catalog."C" ${isAfter} $1 ORDER BY r.idempotency_key COLLATE pg_catalog."C" LIMIT $2`;
  return read(connection, where, rest, [key, String(limit)]);
}

export async function receiptsNamed(connection: Connection, where: Where, name: string) {
  const rest = `WHERE r.idempotency_key ${equals} $1 OR r.job_id ${equals} $1 OR r.proposal_id ${equals} $1 ORDER BY r.recorded_at`;
  return read(connection, where, rest, [name]);
}

async function read(
  connection: Connection,
  { schema, table }: Where,
  rest: string,
  values: readonly string[],
): Promise<readonly ReceiptRecord[]> {
  const known = await readTable(connection, `${schema}.${table}`);
  const fields = receiptFields.map((field) =>
    field === 'operation' && known?.columns.has(field) === false ? `'${USUAL_OPERATION}'` : `r.${field}`,
  );
  const text = `SELECT ${fields.join(', ')} FROM ${quoteTable(schema, table)} AS r ${rest}`;
  return (await connection.execute({ name: undefined, text }, values)).map(recordOf);
}

function recordOf(row: Row): ReceiptRecord {
  const fields = receiptFields.map((field, place) => [field, row[place] ?? null]);
  return Object.fromEntries(fields) as ReceiptRecord;
}
