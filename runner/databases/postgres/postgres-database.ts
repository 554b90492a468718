import type { SourceConfig } from '../../config/runner-config.ts';
import type { AttemptFacts, WritePlan } from '../../verify/write-plan.ts';
import type { Authority, Outcome, SourceDatabase, SourceFault } from '../source-database.ts';
import { apply } from './apply.ts';
import { checkSource } from './check-source.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DatabaseFault } from './database-fault.ts';
import { TableStatements } from './table-statements.ts';

/** A source's PostgreSQL. Nothing is opened before it is needed. */
export class PostgresDatabase implements SourceDatabase {
  readonly #pool: ConnectionPool;
  readonly #config: SourceConfig;
  readonly #tables: ReadonlyMap<string, TableStatements>;

  constructor(config: SourceConfig, databaseUrl: string) {
    const { lock_timeout_ms: lockTimeoutMs, statement_timeout_ms: statementTimeoutMs } = config;
    this.#config = config;
    this.#pool = new ConnectionPool({ databaseUrl, lockTimeoutMs, statementTimeoutMs }, config.connections);
    this.#tables = tableStatements(config);
  }

  async check(): Promise<readonly SourceFault[]> {
    const connection = await this.#pool.acquire();
    try {
      return await checkSource(connection, this.#config, [...this.#tables.values()]);
    } finally {
      this.#pool.release(connection);
    }
  }

  apply(plan: WritePlan, facts: AttemptFacts, authority: Authority, giveUp: AbortSignal): Promise<Outcome> {
    const statements = this.#tables.get(plan.table);
    // Verification lets no such plan pass, and there is no statement that it could be carried out with.
    if (statements === undefined) throw new RangeError(`no statements for the table ${plan.table}`);
    return apply(this.#pool, statements, plan, { facts, authority, giveUp });
  }

  async probe(): Promise<string | undefined> {
    try {
      const connection = await this.#pool.acquire();
      try {
        await connection.run('SELECT 1');
      } finally {
        this.#pool.release(connection);
      }
      return undefined;
    } catch (error) {
      if (error instanceof DatabaseFault) return error.code;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function tableStatements({ tables, receipts }: SourceConfig): ReadonlyMap<string, TableStatements> {
  const entries = Object.entries(tables).map(
    ([name, permission]) => [name, new TableStatements({ name, permission, receipts })] as const,
  );
  return new Map(entries);
}
