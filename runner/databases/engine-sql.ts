import type { SourceConfig } from '../config/runner-config.ts';
import { grantsSql as mysqlGrants } from './mysql/grants-sql.ts';
import { receiptTableSql as mysqlReceipts } from './mysql/receipts-sql.ts';
import { grantsSql as postgresGrants } from './postgres/grants-sql.ts';
import { receiptTableSql as postgresReceipts } from './postgres/receipts-sql.ts';
import type { RoleOptions } from './table-rights.ts';

/** The statement that creates a source's receipt table, without a semicolon. */
export function receiptTableSqlOf({ engine, receipts }: SourceConfig): string {
  const sql = engine === 'mysql' ? mysqlReceipts : postgresReceipts;
  return sql(receipts.schema, receipts.table);
}

/** The statements that make a source's role and receipt table, and give the role what it needs. */
export function grantsSqlOf(source: SourceConfig, options: RoleOptions): string {
  return source.engine === 'mysql' ? mysqlGrants(source, options) : postgresGrants(source, options);
}
