import type { RehearsalLimits, SourceConfig } from '../../config/runner-config.ts';
import type { Dialect } from '../dialect.ts';
import type { ReceiptActivity, ReceiptRecord } from '../receipt-record.ts';
import type { RowName, RowVersion, SourceFault } from '../source-database.ts';
import { readTable } from './catalog.ts';
import { checkSource } from './check-source.ts';
import { MysqlOperationWriter } from './mysql-operation-writer.ts';
import { MysqlSession, type SessionOptions } from './mysql-session.ts';
import { MysqlTableWriter } from './mysql-table-writer.ts';
import type { MysqlAddress } from './mysql-url.ts';
import { readPosture } from './posture.ts';
import { newestReceipts, receiptActivity, receiptsAfter, receiptsNamed } from './receipt-archive.ts';
import { rehearseReceipt } from './receipt-rehearsal.ts';
import { receiptTableSql } from './receipts-sql.ts';
import { versionsOf } from './row-versions.ts';

/** A configured source in MySQL or MariaDB. */
export class MysqlDialect implements Dialect<MysqlSession> {
  readonly #config: SourceConfig;
  readonly #session: SessionOptions;
  readonly #writers: ReadonlyMap<string, MysqlTableWriter>;

  constructor(config: SourceConfig, address: MysqlAddress) {
    const { lock_timeout_ms: lockTimeoutMs, statement_timeout_ms: statementTimeoutMs } = config;
    this.#config = config;
    this.#session = { address, lockTimeoutMs, statementTimeoutMs };
    this.#writers = new Map(
      Object.entries(config.tables).map(([name, permission]) => [
        name,
        new MysqlTableWriter(name, permission, config.receipts),
      ]),
    );
  }

  open(): Promise<MysqlSession> {
    return MysqlSession.open(this.#session);
  }

  openForRehearsals(limits: RehearsalLimits): Promise<MysqlSession> {
    const { lock_timeout_ms: lockTimeoutMs, statement_timeout_ms: statementTimeoutMs } = limits;
    return MysqlSession.open({ ...this.#session, lockTimeoutMs, statementTimeoutMs });
  }

  async ping(session: MysqlSession): Promise<void> {
    await session.read('SELECT 1');
  }

  async serverName(session: MysqlSession): Promise<string> {
    return session.server.name;
  }

  check(session: MysqlSession): Promise<readonly SourceFault[]> {
    return checkSource(session, this.#config);
  }

  posture(session: MysqlSession): Promise<readonly SourceFault[]> {
    return readPosture(session, this.#config);
  }

  async hasReceipts(session: MysqlSession): Promise<boolean> {
    const { schema, table } = this.#config.receipts;
    return (await readTable(session, `${schema}.${table}`)) !== undefined;
  }

  async createReceipts(session: MysqlSession): Promise<void> {
    const { schema, table } = this.#config.receipts;
    await session.transact([{ sql: receiptTableSql(schema, table) }]);
  }

  rehearseReceipt(session: MysqlSession): Promise<readonly SourceFault[]> {
    return rehearseReceipt(session, this.#config.receipts);
  }

  writer(table: string): MysqlTableWriter {
    const writer = this.#writers.get(table);
    // Verification lets no such plan pass, and there is no statement that it could be carried out with.
    if (writer === undefined) throw new RangeError(`no statements for the table ${table}`);
    return writer;
  }

  operationWriter(table: string): MysqlOperationWriter {
    const configuredOf = (name: string) => this.writer(name).configured;
    return new MysqlOperationWriter(configuredOf(table), configuredOf);
  }

  versionsOf(
    session: MysqlSession,
    row: RowName,
    comparedWith: string | null,
  ): Promise<readonly RowVersion[]> {
    return versionsOf(session, this.writer(row.table), row, comparedWith);
  }

  receiptActivity(session: MysqlSession): Promise<ReceiptActivity> {
    return receiptActivity(session, this.#config.receipts);
  }

  newestReceipts(session: MysqlSession, limit: number): Promise<readonly ReceiptRecord[]> {
    return newestReceipts(session, this.#config.receipts, limit);
  }

  receiptsAfter(session: MysqlSession, key: string, limit: number): Promise<readonly ReceiptRecord[]> {
    return receiptsAfter(session, this.#config.receipts, key, limit);
  }

  receiptsNamed(session: MysqlSession, name: string): Promise<readonly ReceiptRecord[]> {
    return receiptsNamed(session, this.#config.receipts, name);
  }
}
