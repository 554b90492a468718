import type { SourceConfig } from '../config/runner-config.ts';
import { grantsSql as mysqlGrants } from './mysql/grants-sql.ts';
import { receiptTableSql as mysqlReceipts, receiptUpgradeSql as mysqlUpgrade } from './mysql/receipts-sql.ts';
import { grantsSql as postgresGrants } from './postgres/grants-sql.ts';
import {
  receiptTableSql as postgresReceipts,
  receiptUpgradeSql as postgresUpgrade,
} from './postgres/receipts-sql.ts';
import type { RoleOptions } from './table-rights.ts';

/** The statement that creates a source's receipt table, without a semicolon. */
export function receiptTableSqlOf({ engine, receipts }: SourceConfig): string {
  const sql = engine === 'mysql' ? mysqlReceipts : postgresReceipts;
  return sql(receipts.schema, receipts.table);
}

/** The statement that makes such a table of an earlier release one for every operation, without a semicolon. */
export function receiptUpgradeSqlOf({ engine, receipts }: SourceConfig): string {
  const sql = engine === 'mysql' ? mysqlUpgrade : postgresUpgrade;
  return sql(receipts.schema, receipts.table);
}

/** The statements that make a source's role and receipt table, and give the role what it needs. */
export function grantsSqlOf(source: SourceConfig, options: RoleOptions): string {
  return source.engine === 'mysql' ? mysqlGrants(source, options) : postgresGrants(source, options);
}
