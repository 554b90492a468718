import type { SourceConfig } from '../config/runner-config.ts';
import { readSecret } from '../config/secret.ts';
import { connectDatabase } from '../databases/connect-database.ts';
import type { SourceDatabase } from '../databases/source-database.ts';

/** The database of a configured source. Nothing is connected to before it is used. Throws `ConfigError`. */
export async function openDatabase(
  sourceId: string,
  source: SourceConfig,
  environment: NodeJS.ProcessEnv,
): Promise<SourceDatabase> {
  const databaseUrl = await readSecret(source.database_url, environment);
  return connectDatabase(source, databaseUrl, `the database_url of ${sourceId}`);
}
