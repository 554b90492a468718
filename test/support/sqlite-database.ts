import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Database, DatabaseFault, type Statement, type StatementResult } from '@countersign/durable-objects/tenant/storage/database';

/** The D1 migrations as one script. */
export function migrationSql(): string {
  const root = join(import.meta.dirname, '../../migrations');
  return globSync('*.sql', { cwd: root })
    .sort()
    .map((file) => readFileSync(join(root, file), 'utf8').replaceAll('--> statement-breakpoint', ''))
    .join('\n');
}

/** D1's limit on bound parameters of a statement, and on the size of one. */
const MOST_PARAMETERS = 100;
const LONGEST_STATEMENT = 100_000;
const LARGEST_VALUE = 2_000_000;

/** SQLite in memory that behaves as D1 does, with the real migrations applied. */
export class SqliteDatabase implements Database {
  readonly sqlite = new DatabaseSync(':memory:');
  readonly #prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  constructor(schema: string = migrationSql()) {
    this.sqlite.exec(schema);
  }

  async batch(statements: readonly Statement[]): Promise<StatementResult[]> {
    return this.run(statements);
  }

  /** The batch without a promise: one transaction, all or nothing. */
  run(statements: readonly Statement[]): StatementResult[] {
    this.sqlite.exec('BEGIN');
    try {
      const results = statements.map((statement) => this.#one(statement));
      this.sqlite.exec('COMMIT');
      return results;
    } catch (cause) {
      this.sqlite.exec('ROLLBACK');
      const isStale = cause instanceof Error && cause.message.includes('CHECK constraint failed: stale_writer');
      throw isStale ? new DatabaseFault('stale_writer', { cause }) : cause;
    }
  }

  #one({ sql, params }: Statement): StatementResult {
    if (params.length > MOST_PARAMETERS || sql.length > LONGEST_STATEMENT) throw new RangeError('over a limit of D1');
    for (const value of params) {
      if (typeof value === 'string' && Buffer.byteLength(value) > LARGEST_VALUE) throw new RangeError('over a limit of D1');
    }
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      prepared = this.sqlite.prepare(sql);
      this.#prepared.set(sql, prepared);
    }
    if (/^\s*(SELECT|WITH)/.test(sql)) {
      return { rows: prepared.all(...params), rowsRead: 0, rowsWritten: 0 };
    }
    return { rows: [], rowsRead: 0, rowsWritten: Number(prepared.run(...params).changes) };
  }
}
