import { knownMigrations } from '@countersign/protocol/known-migrations';
import { type Refusal, Refused } from '@countersign/protocol/problem';
import { refusalOfSchema, type SchemaState, schemaStateAt } from '@countersign/protocol/schema-state';
import type { Database, Statement, StatementResult } from './database.ts';

/** Where `wrangler d1 migrations apply` and our own programs note what they applied. */
const NEWEST: Statement = { sql: 'SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1', params: [] };
const UNRECORDED = /no such table: d1_migrations/;
const OF_SCHEMA = /no such (table|column)|has no column named/;

/**
 * A database that knows whether its schema is the one that this build was made for. It is asked once, along with the
 * first read, and again after a fault of the schema and for as long as it does not fit.
 */
export class SchemaWatch implements Database {
  readonly #database: Database;
  #state: SchemaState | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Throws `Refused` `schema_mismatch` in place of a fault that comes of it. */
  async batch(statements: readonly Statement[]): Promise<StatementResult[]> {
    try {
      if (this.#state !== undefined || !statements.every(isRead))
        return await this.#database.batch(statements);
      const results = await this.#database.batch([...statements, NEWEST]);
      this.#learn(results.at(-1));
      return results.slice(0, -1);
    } catch (fault) {
      if (!isOfSchema(fault)) throw fault;
      const refusal = refusalOfSchema(await this.#look());
      if (refusal !== undefined) throw new Refused(refusal, { cause: fault });
      if (UNRECORDED.test(messageOf(fault))) return this.#database.batch(statements);
      throw fault;
    }
  }

  /** Why nothing may be written; undefined where it may. */
  async refusalOfWrites(): Promise<Refusal | undefined> {
    if (this.#state !== undefined && refusalOfSchema(this.#state) === undefined) return undefined;
    // Somebody may have put it right since.
    return refusalOfSchema(await this.#look());
  }

  async #look(): Promise<SchemaState> {
    try {
      const [newest] = await this.#database.batch([NEWEST]);
      return this.#learn(newest);
    } catch (fault) {
      if (!UNRECORDED.test(messageOf(fault))) throw fault;
      this.#state = { kind: 'unrecorded' };
      return this.#state;
    }
  }

  #learn(newest: StatementResult | undefined): SchemaState {
    const name = newest?.rows[0]?.name;
    this.#state = schemaStateAt(typeof name === 'string' ? name : undefined, knownMigrations);
    return this.#state;
  }
}

/** A batch that writes is never more than what its turn decided. */
function isRead({ sql }: Statement): boolean {
  return /^(SELECT|WITH) /.test(sql);
}

function isOfSchema(fault: unknown): boolean {
  return OF_SCHEMA.test(messageOf(fault));
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : '';
}
