import type { SourceConfig } from '../config/runner-config.ts';
import { PooledDatabase } from './pooled-database.ts';
import { PostgresDialect } from './postgres/postgres-dialect.ts';
import type { SourceDatabase } from './source-database.ts';

/** The database of a source, of whichever engine. Nothing is connected to before it is used. */
export function connectDatabase(source: SourceConfig, databaseUrl: string): SourceDatabase {
  return new PooledDatabase(new PostgresDialect(source, databaseUrl), source);
}
