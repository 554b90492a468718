import type { ColumnType } from './column-type.ts';
import type { Connection } from './connection.ts';

export interface CatalogColumn {
  /** The type's name in pg_type; a domain is not looked through. */
  readonly type: string;
  readonly typeModifier: number;
  readonly isNotNull: boolean;
  readonly isGenerated: boolean;
  /** Whether texts that are not the same byte by byte never count as equal. */
  readonly isDeterministic: boolean;
  readonly canSelect: boolean;
  readonly canInsert: boolean;
  readonly canUpdate: boolean;
}

/** What the system catalog says of a table, and what the current role may do with it. */
export interface CatalogTable {
  /** `r` an ordinary table, `p` a partitioned one, `v` a view ... */
  readonly kind: string;
  /** Whether policies of row-level security bind the current role. */
  readonly hidesRows: boolean;
  readonly canDelete: boolean;
  readonly columns: ReadonlyMap<string, CatalogColumn>;
  /** The columns of each key that is unique for all rows, by an index that is valid. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** The names of its check constraints. */
  readonly checks: readonly string[];
}

/** Reads a table (`schema.table`) from the catalog; undefined when it is not there. Throws `DatabaseFault`. */
export async function readTable(connection: Connection, name: string): Promise<CatalogTable | undefined> {
  const query = (text: string) => connection.execute({ name: undefined, text }, name.split('.'));
  const [relation] = await query(relationSql);
  if (relation === undefined) return undefined;
  const columns = (await query(columnsSql)).map(
    ([
      column,
      type,
      typeModifier,
      isNotNull,
      isGenerated,
      isDeterministic,
      canSelect,
      canInsert,
      canUpdate,
    ]) =>
      [
        column ?? '',
        {
          type: type ?? '',
          typeModifier: Number(typeModifier),
          isNotNull: isNotNull === 't',
          isGenerated: isGenerated === 't',
          isDeterministic: isDeterministic === 't',
          canSelect: canSelect === 't',
          canInsert: canInsert === 't',
          canUpdate: canUpdate === 't',
        },
      ] as const,
  );
  const uniqueKeys = (await query(uniqueKeysSql)).map(([key]) => (key ?? '').split(','));
  const checks = (await query(checksSql)).map(([check]) => check ?? '');
  return {
    kind: relation[0] ?? '',
    hidesRows: relation[1] === 't',
    canDelete: relation[2] === 't',
    columns: new Map(columns),
    uniqueKeys,
    checks,
  };
}

/** The type of each of these columns. Throws `DatabaseFault`. */
export async function readColumnTypes(
  connection: Connection,
  name: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, ColumnType>> {
  const rows = await connection.execute({ name: undefined, text: typesSql }, [...name.split('.'), columns]);
  return new Map(
    rows.map(([column, sql, type, modifier, canSelect]) => [
      column ?? '',
      { sql: sql ?? '', name: type ?? '', modifier: Number(modifier), isReadable: canSelect === 't' },
    ]),
  );
}

// As in write-sql.ts, nothing here is looked up along the search_path.
const ofTable = `FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace`;
const isTable = `n.nspname OPERATOR(pg_catalog.=) $1 AND c.relname OPERATOR(pg_catalog.=) $2`;

const relationSql = `SELECT c.relkind, pg_catalog.row_security_active(c.oid), pg_catalog.has_table_privilege(c.oid, 'DELETE') ${ofTable} WHERE ${isTable}`;

const columnsSql = `SELECT a.attname, t.typname, a.atttypmod, a.attnotnull,
  a.attgenerated OPERATOR(pg_catalog.<>) '' OR a.attidentity OPERATOR(pg_catalog.=) 'a',
  COALESCE(l.collisdeterministic, true),
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'),
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'INSERT'),
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'UPDATE')
${ofTable}
JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) c.oid
JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
LEFT JOIN pg_catalog.pg_collation AS l ON l.oid OPERATOR(pg_catalog.=) a.attcollation
WHERE ${isTable} AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped`;

// Each type by its schema and its name in pg_type: looked up along the search_path, it could be another one, whose checks
// would run with the runner's rights. That name is of any length too, where `character` alone is a single letter.
const typesSql = `SELECT a.attname, pg_catalog.format('%I.%I', tn.nspname, t.typname), COALESCE(b.typname, t.typname),
  CASE WHEN b.oid IS NULL THEN a.atttypmod ELSE t.typtypmod END,
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
${ofTable}
JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) c.oid
JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
JOIN pg_catalog.pg_namespace AS tn ON tn.oid OPERATOR(pg_catalog.=) t.typnamespace
LEFT JOIN pg_catalog.pg_type AS b ON t.typtype OPERATOR(pg_catalog.=) 'd' AND b.oid OPERATOR(pg_catalog.=) t.typbasetype
WHERE ${isTable} AND a.attname OPERATOR(pg_catalog.=) ANY ($3::pg_catalog.name[])
ORDER BY a.attnum`;

const uniqueKeysSql = `SELECT (
  SELECT pg_catalog.string_agg(a.attname::pg_catalog.text, ',')
  FROM pg_catalog.unnest(i.indkey[0:i.indnkeyatts - 1]) AS k(number)
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.=) k.number
)
${ofTable}
JOIN pg_catalog.pg_index AS i ON i.indrelid OPERATOR(pg_catalog.=) c.oid
WHERE ${isTable} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL`;

const checksSql = `SELECT k.conname
${ofTable}
JOIN pg_catalog.pg_constraint AS k ON k.conrelid OPERATOR(pg_catalog.=) c.oid
WHERE ${isTable} AND k.contype OPERATOR(pg_catalog.=) 'c'`;
