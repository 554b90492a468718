import type { RehearsalLimits, SourceConfig } from '../../config/runner-config.ts';
import type { Dialect } from '../dialect.ts';
import type { ReceiptActivity, ReceiptRecord } from '../receipt-record.ts';
import type { RowName, RowVersion, SourceFault } from '../source-database.ts';
import { readTable } from './catalog.ts';
import { checkSource } from './check-source.ts';
import { Connection, type SessionOptions } from './connection.ts';
import { PostgresOperationWriter } from './postgres-operation-writer.ts';
import { PostgresTableWriter } from './postgres-table-writer.ts';
import { readPosture } from './posture.ts';
import { newestReceipts, receiptActivity, receiptsAfter, receiptsNamed } from './receipt-archive.ts';
import { rehearseReceipt } from './receipt-rehearsal.ts';
import { receiptTableSql } from './receipts-sql.ts';
import { versionsOf } from './row-versions.ts';

/** A configured source in PostgreSQL. */
export class PostgresDialect implements Dialect<Connection> {
  readonly #config: SourceConfig;
  readonly #session: SessionOptions;
  readonly #writers: ReadonlyMap<string, PostgresTableWriter>;

  constructor(config: SourceConfig, databaseUrl: string) {
    const { lock_timeout_ms: lockTimeoutMs, receipts, statement_timeout_ms: statementTimeoutMs } = config;
    this.#config = config;
    this.#session = {
      databaseUrl,
      lockTimeoutMs,
      statementTimeoutMs,
      receipts: `${receipts.schema}.${receipts.table}`,
    };
    this.#writers = new Map(
      Object.entries(config.tables).map(([name, permission]) => [
        name,
        new PostgresTableWriter({ name, permission, receipts }),
      ]),
    );
  }

  open(): Promise<Connection> {
    return Connection.open(this.#session);
  }

  openForRehearsals(limits: RehearsalLimits): Promise<Connection> {
    const { lock_timeout_ms: lockTimeoutMs, statement_timeout_ms: statementTimeoutMs } = limits;
    const silenceTimeoutMs = statementTimeoutMs;
    return Connection.open({ ...this.#session, lockTimeoutMs, statementTimeoutMs, silenceTimeoutMs });
  }

  ping(connection: Connection): Promise<void> {
    return connection.run('SELECT 1');
  }

  async serverName(connection: Connection): Promise<string> {
    const text = `SELECT pg_catalog.current_setting('server_version')`;
    const [row] = await connection.execute({ name: undefined, text }, []);
    return `PostgreSQL ${row?.[0]}`;
  }

  check(connection: Connection): Promise<readonly SourceFault[]> {
    return checkSource(
      connection,
      this.#config,
      [...this.#writers.values()].map(({ target }) => target),
    );
  }

  posture(connection: Connection): Promise<readonly SourceFault[]> {
    return readPosture(connection, this.#config);
  }

  async hasReceipts(connection: Connection): Promise<boolean> {
    return (await readTable(connection, this.#session.receipts)) !== undefined;
  }

  createReceipts(connection: Connection): Promise<void> {
    const { schema, table } = this.#config.receipts;
    return connection.run(receiptTableSql(schema, table));
  }

  rehearseReceipt(connection: Connection): Promise<readonly SourceFault[]> {
    return rehearseReceipt(connection, this.#config.receipts);
  }

  writer(table: string): PostgresTableWriter {
    const writer = this.#writers.get(table);
    // Verification lets no such plan pass, and there is no statement that it could be carried out with.
    if (writer === undefined) throw new RangeError(`no statements for the table ${table}`);
    return writer;
  }

  operationWriter(table: string): PostgresOperationWriter {
    const targetOf = (name: string) => this.writer(name).target;
    return new PostgresOperationWriter(targetOf(table), targetOf);
  }

  versionsOf(
    connection: Connection,
    row: RowName,
    comparedWith: string | null,
  ): Promise<readonly RowVersion[]> {
    return versionsOf(connection, this.writer(row.table).target, row, comparedWith);
  }

  newestReceipts(connection: Connection, limit: number): Promise<readonly ReceiptRecord[]> {
    return newestReceipts(connection, this.#config.receipts, limit);
  }

  receiptActivity(connection: Connection): Promise<ReceiptActivity> {
    return receiptActivity(connection, this.#config.receipts);
  }

  receiptsAfter(connection: Connection, key: string, limit: number): Promise<readonly ReceiptRecord[]> {
    return receiptsAfter(connection, this.#config.receipts, key, limit);
  }

  receiptsNamed(connection: Connection, name: string): Promise<readonly ReceiptRecord[]> {
    return receiptsNamed(connection, this.#config.receipts, name);
  }
}
