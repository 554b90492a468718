import type { SurveyedColumn, SurveyedTable, TableSurvey } from '../table-survey.ts';
import { type CatalogColumn, readTable } from './catalog.ts';
import { isInteger, isTimestamp } from './column-type.ts';
import { MysqlSession } from './mysql-session.ts';
import { parseMysqlUrl } from './mysql-url.ts';

const TIMEOUT_MS = 5_000;
const MOST_TABLES = 1_000;
const MICROSECONDS = 6;

const tablesSql = `SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) FROM information_schema.TABLES
WHERE TABLE_TYPE = 'BASE TABLE' AND ENGINE = 'InnoDB' AND TABLE_NAME <> 'countersign_receipts'
  AND TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
  AND TABLE_SCHEMA REGEXP '^[A-Za-z_][A-Za-z0-9_]*$' AND TABLE_NAME REGEXP '^[A-Za-z_][A-Za-z0-9_]*$'
ORDER BY 1 LIMIT ${MOST_TABLES}`;

/** Opens a session that can only read; throws `DatabaseFault`, or `ConfigError` for what is no URL of MySQL. */
export async function openSurvey(databaseUrl: string, where: string): Promise<TableSurvey> {
  const session = await MysqlSession.open({
    address: parseMysqlUrl(databaseUrl, where),
    lockTimeoutMs: TIMEOUT_MS,
    statementTimeoutMs: TIMEOUT_MS,
  });
  await session.read('SET SESSION TRANSACTION READ ONLY');
  return {
    server: session.server.name,
    tables: async () => (await session.read(tablesSql)).map(([name]) => name ?? ''),
    table: (name) => surveyed(session, name),
    close: () => session.close(),
  };
}

async function surveyed(session: MysqlSession, name: string): Promise<SurveyedTable | undefined> {
  const table = await readTable(session, name);
  if (table === undefined) return undefined;
  return { columns: [...table.columns].map(surveyedColumn), uniqueKeys: table.uniqueKeys };
}

function surveyedColumn([name, { isGenerated, isNullable, type }]: readonly [
  string,
  CatalogColumn,
]): SurveyedColumn {
  const canBeVersion = !isNullable && !isGenerated;
  if (canBeVersion && isInteger(type)) return { name, type: type.declared, versionKind: 'integer' };
  const isPrecise = canBeVersion && isTimestamp(type) && type.scale === MICROSECONDS;
  return { name, type: type.declared, versionKind: isPrecise ? 'timestamp' : undefined };
}
