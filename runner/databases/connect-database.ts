import type { SourceConfig } from '../config/runner-config.ts';
import { MysqlDialect } from './mysql/mysql-dialect.ts';
import { parseMysqlUrl } from './mysql/mysql-url.ts';
import { PooledDatabase } from './pooled-database.ts';
import { PostgresDialect } from './postgres/postgres-dialect.ts';
import { checkPostgresUrl } from './postgres/postgres-url.ts';
import type { SourceDatabase } from './source-database.ts';

/**
 * The database of a source, of whichever engine. Nothing is connected to before it is used. Throws `ConfigError`,
 * which never quotes the URL.
 *
 * @param where how messages call the URL
 */
export function connectDatabase(
  source: SourceConfig,
  databaseUrl: string,
  where = 'database_url',
): SourceDatabase {
  switch (source.engine) {
    case 'postgres':
      checkPostgresUrl(databaseUrl, where);
      return new PooledDatabase(new PostgresDialect(source, databaseUrl), source);
    case 'mysql':
      return new PooledDatabase(new MysqlDialect(source, parseMysqlUrl(databaseUrl, where)), source);
  }
}
