import type { SurveyedColumn, SurveyedTable, TableSurvey } from '../table-survey.ts';
import { type CatalogColumn, readTable } from './catalog.ts';
import { Connection } from './connection.ts';

const TIMEOUT_MS = 5_000;
const MOST_TABLES = 1_000;

// As in write-sql.ts, nothing here is looked up along the search_path.
const tablesSql = `SELECT pg_catalog.concat(n.nspname, '.', c.relname)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)'
  AND n.nspname OPERATOR(pg_catalog.~) '^[A-Za-z_][A-Za-z0-9_]*$'
  AND c.relname OPERATOR(pg_catalog.~) '^[A-Za-z_][A-Za-z0-9_]*$'
  AND c.relname OPERATOR(pg_catalog.<>) 'countersign_receipts'
ORDER BY 1 LIMIT ${MOST_TABLES}`;

/** Opens a session that can only read; throws `DatabaseFault`. */
export async function openSurvey(databaseUrl: string): Promise<TableSurvey> {
  const connection = await Connection.open({
    databaseUrl,
    lockTimeoutMs: TIMEOUT_MS,
    statementTimeoutMs: TIMEOUT_MS,
    receipts: '',
  });
  const first = async (text: string) => await connection.execute({ name: undefined, text }, []);
  await connection.run('SET default_transaction_read_only = on');
  const [version] = await first(`SELECT pg_catalog.current_setting('server_version')`);
  return {
    server: `PostgreSQL ${version?.[0]}`,
    tables: async () => (await first(tablesSql)).map(([name]) => name ?? ''),
    table: (name) => surveyed(connection, name),
    close: () => connection.close(),
  };
}

async function surveyed(connection: Connection, name: string): Promise<SurveyedTable | undefined> {
  const table = await readTable(connection, name);
  if (table === undefined) return undefined;
  return { columns: [...table.columns].map(surveyedColumn), uniqueKeys: table.uniqueKeys };
}

function surveyedColumn([name, { isGenerated, isNotNull, type, typeModifier }]: readonly [
  string,
  CatalogColumn,
]): SurveyedColumn {
  const canBeVersion = isNotNull && !isGenerated;
  if (canBeVersion && /^int[248]$/.test(type)) return { name, type, versionKind: 'integer' };
  const isPrecise = typeModifier === -1 || typeModifier === 6;
  const isTimestamp = canBeVersion && isPrecise && /^timestamp(tz)?$/.test(type);
  return { name, type, versionKind: isTimestamp ? 'timestamp' : undefined };
}
