import type { StatementSync } from 'node:sqlite';
import type { RawRow } from '@countersign/durable-objects/tenant/storage/database';
import { SqliteDatabase } from '../../support/sqlite-database.ts';

const BOUND_LIMIT = /\bLIMIT (\?\d+)/g;

/**
 * Plans a statement once. SQLite looks at the value of a bound LIMIT and plans anew whenever another is bound, which
 * would take a third of a history's time; it does not look into a sum.
 */
export class SteadySqlite extends SqliteDatabase {
  readonly #looks = new Map<string, StatementSync>();

  constructor() {
    super();
    const prepare = this.sqlite.prepare.bind(this.sqlite);
    this.sqlite.prepare = (sql, ...options) =>
      prepare(sql.replaceAll(BOUND_LIMIT, 'LIMIT ($1 + 0)'), ...options);
  }

  /** Rows, without a transaction around the one statement that looks at them. */
  look(sql: string, tenant: string): readonly RawRow[] {
    const statement = this.#looks.get(sql) ?? this.sqlite.prepare(sql);
    this.#looks.set(sql, statement);
    return statement.all(tenant);
  }
}
