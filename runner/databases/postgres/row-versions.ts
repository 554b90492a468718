import type { RowName, RowVersion } from '../source-database.ts';
import type { Connection } from './connection.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';
import type { TableTarget } from './write-sql.ts';

// As in write-sql.ts, nothing here is looked up along the search_path.
const equals = 'OPERATOR(pg_catalog.=)';
const isAfter = 'OPERATOR(pg_catalog.>)';
const text = 'pg_catalog.text';
/** A key that is not unique is the check's to say; here a few rows are enough to see it. */
const MOST_ROWS = 100;

/** Reads key, tenant and version only, which is what the role may read. Throws `DatabaseFault`. */
export async function versionsOf(
  connection: Connection,
  { name, permission }: TableTarget,
  { key, tenant }: RowName,
  comparedWith: string | null,
): Promise<readonly RowVersion[]> {
  const [schema = '', table = ''] = name.split('.');
  const version = `t.${quoteIdentifier(permission.version.column)}`;
  const owner = 'column' in permission.tenant ? `t.${quoteIdentifier(permission.tenant.column)}` : undefined;
  const isOwn = owner === undefined || tenant === undefined ? '' : ` AND ${owner} ${equals} $3`;
  const sql = `SELECT ${owner === undefined ? 'NULL' : `${owner}::${text}`}, ${version}::${text}, ${version} ${equals} $2, ${version} ${isAfter} $2
FROM ${quoteTable(schema, table)} AS t
WHERE t.${quoteIdentifier(permission.primary_key)} ${equals} $1${isOwn} LIMIT ${MOST_ROWS}`;
  const rows = await connection.execute({ name: undefined, text: sql }, [
    key,
    comparedWith,
    ...(isOwn === '' ? [] : [tenant ?? null]),
  ]);
  return rows.map(([ownedBy = null, found = null, isSame, isNewer]) => ({
    tenant: ownedBy,
    version: found,
    order: orderOf(isSame ?? null, isNewer ?? null),
  }));
}

function orderOf(isSame: string | null, isNewer: string | null): RowVersion['order'] {
  if (isSame === null) return undefined;
  if (isSame === 't') return 'same';
  return isNewer === 't' ? 'newer' : 'older';
}
