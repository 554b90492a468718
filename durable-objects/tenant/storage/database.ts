/** What the tenant needs of D1, so that the same turns run on D1 and on any SQLite that behaves like it. */
export interface Database {
  /**
   * Runs the statements in order in one transaction: all of them or none.
   * Throws `DatabaseFault`; after one of kind `lost` the transaction may or may not have been committed.
   */
  batch(statements: readonly Statement[]): Promise<StatementResult[]>;
}

export type Parameter = string | number | null;

export interface Statement {
  readonly sql: string;
  readonly params: readonly Parameter[];
}

export type RawRow = Readonly<Record<string, unknown>>;

export interface StatementResult {
  readonly rows: readonly RawRow[];
  readonly rowsRead: number;
  readonly rowsWritten: number;
  /** Of the whole database, after this; where it is told. */
  readonly databaseBytes?: number | undefined;
}

/**
 * `stale_writer`: the guard refused the batch, nothing was written.
 * `lost`: no answer; the batch may be done, not done or still under way.
 */
export class DatabaseFault extends Error {
  override name = 'DatabaseFault';
  readonly kind: 'stale_writer' | 'lost';
  constructor(kind: 'stale_writer' | 'lost', options?: ErrorOptions) {
    super(`the database did not take the batch: ${kind}`, options);
    this.kind = kind;
  }
}
