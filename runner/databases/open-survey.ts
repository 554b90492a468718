import type { SourceConfig } from '../config/runner-config.ts';
import { openSurvey as openMysqlSurvey } from './mysql/table-survey.ts';
import { checkPostgresUrl } from './postgres/postgres-url.ts';
import { openSurvey as openPostgresSurvey } from './postgres/table-survey.ts';
import type { TableSurvey } from './table-survey.ts';

/**
 * Opens a session that can only read, of whichever engine. Throws `DatabaseFault`, or `ConfigError` for a URL of
 * another engine, which it never quotes.
 *
 * @param where how messages call the URL
 */
export async function openSurvey(
  engine: SourceConfig['engine'],
  databaseUrl: string,
  where: string,
): Promise<TableSurvey> {
  if (engine === 'mysql') return openMysqlSurvey(databaseUrl, where);
  checkPostgresUrl(databaseUrl, where);
  return openPostgresSurvey(databaseUrl);
}
