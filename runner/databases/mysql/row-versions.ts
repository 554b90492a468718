import type { RowName, RowVersion } from '../source-database.ts';
import { quoteIdentifier, quoteTableName } from './identifiers.ts';
import type { MysqlSession } from './mysql-session.ts';
import { type MysqlTableWriter, orFault } from './mysql-table-writer.ts';
import { columnIs, type TableTarget, versionColumn, versionLiteral, versionText } from './write-sql.ts';

/** A key that is not unique is the check's to say; here a few rows are enough to see it. */
const MOST_ROWS = 100;

/** Reads key, tenant and version only, which is what the user may read. Throws `DatabaseFault`. */
export async function versionsOf(
  session: MysqlSession,
  writer: MysqlTableWriter,
  row: RowName,
  comparedWith: string | null,
): Promise<readonly RowVersion[]> {
  const target = await writer.targetIn(session);
  const rows = await session.read(orFault(versionsSql, target, row, comparedWith));
  return rows.map(([tenant = null, version = null, order]) => ({
    tenant,
    version,
    order: order === 'older' || order === 'same' || order === 'newer' ? order : undefined,
  }));
}

function versionsSql(target: TableTarget, { key, tenant }: RowName, comparedWith: string | null): string {
  const { permission } = target;
  const owner = 'column' in permission.tenant ? permission.tenant.column : undefined;
  const conditions = [columnIs(target, permission.primary_key, key)];
  if (owner !== undefined && tenant !== undefined) conditions.push(columnIs(target, owner, tenant));
  const version = versionColumn(target);
  const other = comparedWith === null ? undefined : versionLiteral(target, comparedWith);
  const order =
    other === undefined
      ? 'NULL'
      : `CASE WHEN ${version} = ${other} THEN 'same' WHEN ${version} > ${other} THEN 'newer' ELSE 'older' END`;
  return `SELECT ${owner === undefined ? 'NULL' : `t.${quoteIdentifier(owner)}`}, ${versionText(target)}, ${order}
FROM ${quoteTableName(target.name)} AS t WHERE ${conditions.join(' AND ')} LIMIT ${MOST_ROWS}`;
}
