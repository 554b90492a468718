type Parameter = string | number | null;

/** One prepared statement with its parameters, as D1 hands them out. */
export class RowStatement {
  readonly sql: string;
  readonly params: readonly Parameter[];

  constructor(sql: string, params: readonly Parameter[] = []) {
    this.sql = sql;
    this.params = params;
  }

  bind(...params: Parameter[]): RowStatement {
    return new RowStatement(this.sql, params);
  }
}

const OWN_ROWS = 'test-own-rows';

/**
 * The part of D1 that a tenant object uses: D1 itself, or, for a tenant made so, the object's own SQLite. That is the
 * same engine in the same process for less than half the cost, since the local D1 answers over HTTP: suites of many
 * ten thousand requests cannot afford it.
 */
export class TenantRows {
  readonly #storage: DurableObjectStorage;
  readonly #d1: D1Database;
  #isOwn: boolean;

  constructor(storage: DurableObjectStorage, d1: D1Database) {
    this.#storage = storage;
    this.#d1 = d1;
    this.#isOwn = storage.kv.get(OWN_ROWS) === true;
  }

  /** From now on, and in every later life, the rows lie in the object. */
  keepOwn(): void {
    this.#storage.kv.put(OWN_ROWS, true);
    this.#isOwn = true;
  }

  prepare(sql: string): RowStatement {
    return new RowStatement(sql);
  }

  async batch(statements: readonly RowStatement[]) {
    if (this.#isOwn)
      return this.#storage.transactionSync(() => statements.map((statement) => this.#run(statement)));
    const prepared = statements.map(({ sql, params }) => this.#d1.prepare(sql).bind(...params));
    return this.#d1.batch<Record<string, unknown>>(prepared);
  }

  #run({ sql, params }: RowStatement) {
    const cursor = this.#storage.sql.exec<Record<string, SqlStorageValue>>(sql, ...params);
    const results: Record<string, unknown>[] = cursor.toArray();
    return { results, meta: { rows_read: cursor.rowsRead, rows_written: cursor.rowsWritten } };
  }
}
