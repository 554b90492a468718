import { Buffer } from 'node:buffer';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import {
  type Database,
  DatabaseFault,
  type Parameter,
  type Statement,
  type StatementResult,
} from '@countersign/durable-objects/tenant/storage/database';

/** The D1 migrations as one script. */
export function migrationSql(): string {
  const root = join(import.meta.dirname, '../../migrations');
  return globSync('*.sql', { cwd: root })
    .sort()
    .map((file) => readFileSync(join(root, file), 'utf8').replaceAll('--> statement-breakpoint', ''))
    .join('\n');
}

/** D1's published limits. `length` (bytes of a text, blob or row) is production's; a local D1 takes more. */
export const D1_LIMITS = {
  length: 2_000_000,
  sqlLength: 100_000,
  variableNumber: 100,
  exprDepth: 100,
  compoundSelect: 5,
  likePatternLength: 50,
} as const;

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
  readonly parameters: number;
}

/** SQLite in memory that takes and refuses what D1 does, in its words, with the real migrations applied. */
export class SqliteDatabase implements Database {
  readonly sqlite = new DatabaseSync(':memory:', { limits: D1_LIMITS });
  readonly #prepared = new Map<string, Prepared>();

  constructor(schema: string = migrationSql()) {
    this.sqlite.exec(schema);
  }

  async batch(statements: readonly Statement[]): Promise<StatementResult[]> {
    try {
      return this.run(statements);
    } catch (cause) {
      const isStale =
        cause instanceof Error && cause.message.includes('CHECK constraint failed: stale_writer');
      throw isStale ? new DatabaseFault('stale_writer', { cause }) : cause;
    }
  }

  /** The batch without a promise: one transaction, all or nothing. Throws an error with D1's text. */
  run(statements: readonly Statement[]): StatementResult[] {
    if (statements.length === 0) throw new Error('D1_ERROR: No SQL statements detected.');
    this.sqlite.exec('BEGIN');
    try {
      const results = statements.map((statement) => this.#one(statement));
      this.sqlite.exec('COMMIT');
      return results;
    } catch (cause) {
      if (this.sqlite.isTransaction) this.sqlite.exec('ROLLBACK');
      throw new Error(textOf(cause), { cause });
    }
  }

  #one({ sql, params }: Statement): StatementResult {
    const { statement, returnsRows, parameters } = this.#prepare(sql);
    if (params.length !== parameters) throw new Error('Wrong number of parameter bindings for SQL query.');
    const bound = params.map(bindable);
    if (returnsRows) return { rows: rowsOf(statement, bound), rowsRead: 0, rowsWritten: 0 };
    return { rows: [], rowsRead: 0, rowsWritten: Number(statement.run(...bound).changes) };
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    if (Buffer.byteLength(sql) > D1_LIMITS.sqlLength) throw new Error('statement too long: SQLITE_TOOBIG');
    const statement = this.sqlite.prepare(sql);
    const numbers = [...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number));
    const prepared = {
      statement,
      returnsRows: statement.columns().length > 0,
      parameters: Math.max(0, ...numbers),
    };
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** As D1's JSON carries it: what is not finite becomes null. */
function bindable(value: Parameter): Parameter {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

/** An integer beyond 2^53 comes back rounded, as D1 gives it; node:sqlite alone would throw. */
function rowsOf(statement: StatementSync, bound: readonly Parameter[]): Record<string, unknown>[] {
  try {
    return statement.all(...bound);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
  statement.setReadBigInts(true);
  try {
    return statement.all(...bound).map(rounded);
  } finally {
    statement.setReadBigInts(false);
  }
}

function rounded(row: Record<string, SQLOutputValue>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
}

const primaryCodes: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  25: 'SQLITE_RANGE',
};
const extendedCodes: Readonly<Record<number, string>> = {
  275: 'SQLITE_CONSTRAINT_CHECK',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
};

function textOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = sqliteCodeOf(cause);
  if (code === undefined) return `D1_ERROR: ${message}`;
  const extended = extendedCodes[code];
  const primary = primaryCodes[code & 0xff] ?? 'SQLITE_ERROR';
  return `D1_ERROR: ${message}: ${primary}${extended === undefined ? '' : ` (extended: ${extended})`}`;
}

function sqliteCodeOf(cause: unknown): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('errcode' in cause)) return undefined;
  return typeof cause.errcode === 'number' ? cause.errcode : undefined;
}
