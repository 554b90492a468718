import type { SourceConfig } from '../../config/runner-config.ts';
import { grantsSqlOf } from '../../databases/engine-sql.ts';

/** What a DBA runs once for a source. */
export function sqlText(sourceId: string, source: SourceConfig, role: string): string {
  const sql = grantsSqlOf(source, { role });
  if (source.engine === 'mysql') {
    return `-- What countersign-runner needs for ${sourceId}. Read it, put a password where it says, and run it as a user who
-- may create users and tables. Without a password nothing of it works; MySQL takes each statement by itself.
${sql}`;
  }
  return `-- What countersign-runner needs for ${sourceId}. Read it, put a password where it says, and run it in the source's own
-- database, as its owner or superuser. All of it is done or nothing: without a password nothing is.
BEGIN;

${sql}
COMMIT;
`;
}
