import type { Row } from '../session.ts';
import type { ColumnType } from './column-type.ts';
import { textLiteral } from './literals.ts';
import type { MysqlSession } from './mysql-session.ts';

export interface CatalogColumn {
  readonly type: ColumnType;
  readonly isNullable: boolean;
  readonly isGenerated: boolean;
  /** What the current role may do with it, such as `select` and `update`. */
  readonly rights: ReadonlySet<string>;
}

/** What the catalog says of a table. */
export interface CatalogTable {
  readonly isBaseTable: boolean;
  /** Such as `InnoDB`. */
  readonly storageEngine: string | null;
  readonly columns: ReadonlyMap<string, CatalogColumn>;
  /** The columns of each unique key, whole ones and none that is a part of a column. */
  readonly uniqueKeys: readonly (readonly string[])[];
}

/** Reads a table (`schema.table`) from the catalog; undefined when it is not there. Throws `DatabaseFault`. */
export async function readTable(session: MysqlSession, name: string): Promise<CatalogTable | undefined> {
  const [schema = '', table = ''] = name.split('.');
  const isTable = `TABLE_SCHEMA = ${textLiteral(schema)} AND TABLE_NAME = ${textLiteral(table)}`;
  const [relation] = await session.read(
    `SELECT TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE ${isTable}`,
  );
  if (relation === undefined) return undefined;
  const columns = await session.read(`SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_MAXIMUM_LENGTH,
  COALESCE(DATETIME_PRECISION, NUMERIC_SCALE), IS_NULLABLE, EXTRA, PRIVILEGES
FROM information_schema.COLUMNS WHERE ${isTable} ORDER BY ORDINAL_POSITION`);
  const keys = await session.read(`SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX)
FROM information_schema.STATISTICS WHERE ${isTable} AND NON_UNIQUE = 0
GROUP BY INDEX_NAME HAVING COUNT(SUB_PART) = 0 AND COUNT(*) = COUNT(COLUMN_NAME)`);
  return {
    isBaseTable: relation[0] === 'BASE TABLE',
    storageEngine: relation[1] ?? null,
    columns: new Map(columns.map((row) => [row[0] ?? '', columnOf(row)])),
    uniqueKeys: keys.map(([key]) => (key ?? '').split(',')),
  };
}

function columnOf([, name, declared, length, scale, isNullable, extra, rights]: Row): CatalogColumn {
  const number = (text: string | null | undefined) =>
    text === null || text === undefined ? null : Number(text);
  const granted = new Set((rights ?? '').split(','));
  return {
    type: {
      name: (name ?? '').toLowerCase(),
      declared: declared ?? '',
      length: number(length),
      scale: number(scale),
      isReadable: granted.has('select'),
    },
    isNullable: isNullable === 'YES',
    isGenerated: /generated/i.test((extra ?? '').replace(/default_generated/i, '')),
    rights: granted,
  };
}
