import type { SourceConfig } from '../../config/runner-config.ts';
import {
  type ReceiptActivity,
  type ReceiptRecord,
  receiptFields,
  USUAL_OPERATION,
} from '../receipt-record.ts';
import type { Row } from '../session.ts';
import { readTable } from './catalog.ts';
import { quoteTable } from './identifiers.ts';
import { textLiteral } from './literals.ts';
import type { MysqlSession } from './mysql-session.ts';

type Where = SourceConfig['receipts'];

/** A time as UTC, and said so. */
const inUtc = (time: string) => `DATE_FORMAT(${time}, '%Y-%m-%d %H:%i:%s.%f+00')`;

export function newestReceipts(session: MysqlSession, where: Where, limit: number) {
  return read(session, where, `ORDER BY r.recorded_at DESC, r.idempotency_key LIMIT ${limit}`);
}

export async function receiptActivity(
  session: MysqlSession,
  { schema, table }: Where,
): Promise<ReceiptActivity> {
  const count = (status: string) =>
    `COUNT(CASE WHEN r.recorded_at > UTC_TIMESTAMP(6) - INTERVAL 24 HOUR AND r.status = '${status}' THEN 1 END)`;
  const [row] = await session.read(
    `SELECT ${inUtc('MAX(r.recorded_at)')}, ${count('applied')}, ${count('conflict')} FROM ${quoteTable(schema, table)} AS r`,
  );
  return { newestAt: row?.[0] ?? null, applied: Number(row?.[1]), conflicts: Number(row?.[2]) };
}

/** The key's collation orders by bytes, so that a page neither repeats nor skips one. */
export function receiptsAfter(session: MysqlSession, where: Where, key: string, limit: number) {
  const after = `WHERE r.idempotency_key > ${textLiteral(key)} ORDER BY r.idempotency_key LIMIT ${limit}`;
  return read(session, where, after);
}

export function receiptsNamed(session: MysqlSession, where: Where, name: string) {
  const text = textLiteral(name);
  const isNamed = `r.idempotency_key = ${text} OR r.job_id = ${text} OR r.proposal_id = ${text}`;
  return read(session, where, `WHERE ${isNamed} ORDER BY r.recorded_at`);
}

async function read(
  session: MysqlSession,
  { schema, table }: Where,
  rest: string,
): Promise<readonly ReceiptRecord[]> {
  const known = await readTable(session, `${schema}.${table}`);
  const fields = receiptFields.map((field) => {
    if (field === 'operation' && known?.columns.has(field) === false) return textLiteral(USUAL_OPERATION);
    return field === 'recorded_at' ? inUtc('r.recorded_at') : `r.${field}`;
  });
  const rows = await session.read(
    `SELECT ${fields.join(', ')} FROM ${quoteTable(schema, table)} AS r ${rest}`,
  );
  return rows.map(recordOf);
}

function recordOf(row: Row): ReceiptRecord {
  const fields = receiptFields.map((field, place) => [field, row[place] ?? null]);
  return Object.fromEntries(fields) as ReceiptRecord;
}
