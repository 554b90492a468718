import { type Database, DatabaseFault, type Statement, type StatementResult } from './database.ts';

/** D1 ends a batch after 30 s by itself; an answer later than this is one that will not come. */
const LONGEST_BATCH_MS = 35_000;

/** A statement that the database refuses is a fault of ours: to send it again would change nothing. */
const OURS = /constraint failed|syntax error|no such (table|column)|SQLITE_(ERROR|MISMATCH|TOOBIG|RANGE)/;

/** Cloudflare's D1 as the tenant's database. */
export function d1Database(d1: D1Database): Database {
  return {
    async batch(statements) {
      try {
        return await within(LONGEST_BATCH_MS, send(d1, statements));
      } catch (cause) {
        throw faultOf(cause);
      }
    },
  };
}

async function send(d1: D1Database, statements: readonly Statement[]): Promise<StatementResult[]> {
  const prepared = statements.map(({ sql, params }) => d1.prepare(sql).bind(...params));
  const results = await d1.batch<Record<string, unknown>>(prepared);
  return results.map(({ results: rows, meta }) => ({
    rows,
    rowsRead: meta.rows_read,
    rowsWritten: meta.rows_written,
    databaseBytes: meta.size_after,
  }));
}

function faultOf(cause: unknown): unknown {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message.includes('CHECK constraint failed: stale_writer'))
    return new DatabaseFault('stale_writer', { cause });
  return OURS.test(message) ? cause : new DatabaseFault('lost', { cause });
}

async function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
