import type { SourceConfig } from '../../config/runner-config.ts';
import type { AttemptFacts, WritePlan } from '../../verify/write-plan.ts';
import type { ReceiptRecord } from '../receipt-record.ts';
import type { Authority, Outcome, SourceDatabase, SourceFault } from '../source-database.ts';
import { apply } from './apply.ts';
import { checkSource } from './check-source.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DatabaseFault } from './database-fault.ts';
import { readPosture } from './posture.ts';
import { newestReceipts, receiptsAfter, receiptsNamed } from './receipt-archive.ts';
import { rehearseReceipt } from './receipt-rehearsal.ts';
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
    return this.#with((connection) => checkSource(connection, this.#config, [...this.#tables.values()]));
  }

  apply(plan: WritePlan, facts: AttemptFacts, authority: Authority, giveUp: AbortSignal): Promise<Outcome> {
    const statements = this.#tables.get(plan.table);
    // Verification lets no such plan pass, and there is no statement that it could be carried out with.
    if (statements === undefined) throw new RangeError(`no statements for the table ${plan.table}`);
    return apply(this.#pool, statements, plan, { facts, authority, giveUp });
  }

  async serverName(): Promise<string> {
    const text = `SELECT pg_catalog.current_setting('server_version')`;
    const [row] = await this.#with((connection) => connection.execute({ name: undefined, text }, []));
    return `PostgreSQL ${row?.[0]}`;
  }

  posture(): Promise<readonly SourceFault[]> {
    return this.#with((connection) => readPosture(connection, this.#config));
  }

  rehearseReceipt(): Promise<readonly SourceFault[]> {
    return this.#with((connection) => rehearseReceipt(connection, this.#config.receipts));
  }

  newestReceipts(limit: number): Promise<readonly ReceiptRecord[]> {
    return this.#with((connection) => newestReceipts(connection, this.#config.receipts, limit));
  }

  receiptsAfter(key: string, limit: number): Promise<readonly ReceiptRecord[]> {
    return this.#with((connection) => receiptsAfter(connection, this.#config.receipts, key, limit));
  }

  receiptsNamed(name: string): Promise<readonly ReceiptRecord[]> {
    return this.#with((connection) => receiptsNamed(connection, this.#config.receipts, name));
  }

  async probe(): Promise<string | undefined> {
    try {
      await this.#with((connection) => connection.run('SELECT 1'));
      return undefined;
    } catch (error) {
      if (error instanceof DatabaseFault) return error.code;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #with<Result>(use: (connection: Connection) => Promise<Result>): Promise<Result> {
    const connection = await this.#pool.acquire();
    try {
      return await use(connection);
    } finally {
      this.#pool.release(connection);
    }
  }
}

function tableStatements({ tables, receipts }: SourceConfig): ReadonlyMap<string, TableStatements> {
  const entries = Object.entries(tables).map(
    ([name, permission]) => [name, new TableStatements({ name, permission, receipts })] as const,
  );
  return new Map(entries);
}
