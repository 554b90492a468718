import { ConfigError } from '../config/config-error.ts';
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
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new ConfigError([`the database_url of ${sourceId} must begin with postgres://`]);
  }
  return connectDatabase(source, databaseUrl);
}
