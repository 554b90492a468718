import { loadConfig } from '../config/load-config.ts';
import { receiptTableSql } from '../databases/postgres/receipts-sql.ts';

/** The SQL that creates the receipt table of every configured source; throws `ConfigError`. */
export async function receiptsSql(configPath: string): Promise<string> {
  const { sources } = await loadConfig(configPath);
  return Object.entries(sources)
    .map(
      ([sourceId, { receipts }]) => `-- ${sourceId}\n${receiptTableSql(receipts.schema, receipts.table)};\n`,
    )
    .join('\n');
}
