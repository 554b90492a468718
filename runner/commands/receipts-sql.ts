import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { receiptTableSqlOf } from '../databases/engine-sql.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

export interface ReceiptsSqlOptions {
  readonly configPath: string;
  readonly isJson: boolean;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Prints the SQL that creates the receipt table of every configured source. Exit code: `refused` by the configuration. */
export async function receiptsSql({
  complain,
  configPath,
  isJson,
  print,
}: ReceiptsSqlOptions): Promise<ExitCode> {
  try {
    const { sources } = await loadConfig(configPath);
    const tables = Object.entries(sources).map(([sourceId, source]) => ({
      sourceId,
      engine: source.engine,
      sql: `${receiptTableSqlOf(source)};\n`,
    }));
    if (isJson) {
      const documents = tables.map(({ engine, sourceId, sql }) => [sourceId, { engine, sql }]);
      print(`${JSON.stringify({ sources: Object.fromEntries(documents) }, null, 2)}\n`);
    } else print(tables.map(({ sourceId, sql }) => `-- ${sourceId}\n${sql}`).join('\n'));
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(`${error.faults.join('\n')}\n`);
    return exitCodes.refused;
  }
}
