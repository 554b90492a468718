import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import type { Row } from '../session.ts';
import type { SourceFault } from '../source-database.ts';
import type { Connection } from './connection.ts';
import { quoteIdentifier } from './identifiers.ts';

// As in write-sql.ts, nothing here is looked up along the search_path.
const equals = 'OPERATOR(pg_catalog.=)';

const roleSql = `SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
  pg_catalog.current_database(), pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
FROM pg_catalog.pg_roles AS r WHERE r.rolname ${equals} current_user`;

const tableSql = `SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE'),
  pg_catalog.has_schema_privilege(n.oid, 'CREATE'),
  pg_catalog.has_any_column_privilege(c.oid, 'INSERT'),
  pg_catalog.has_table_privilege(c.oid, 'DELETE'),
  pg_catalog.has_table_privilege(c.oid, 'TRUNCATE'),
  pg_catalog.has_table_privilege(c.oid, 'TRIGGER'),
  pg_catalog.has_any_column_privilege(c.oid, 'REFERENCES')
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid ${equals} c.relnamespace
WHERE n.nspname ${equals} $1 AND c.relname ${equals} $2`;

const updatableSql = `SELECT a.attname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid ${equals} c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid ${equals} c.oid
WHERE n.nspname ${equals} $1 AND c.relname ${equals} $2
  AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
  AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'UPDATE')
ORDER BY a.attnum`;

/** What may be done to a table, as a row of `tableSql` says. */
const RIGHTS = ['INSERT', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES'] as const;
type Right = (typeof RIGHTS)[number];

/**
 * What the role may do beyond what the runner needs; each finding says how to take it away. A superuser may do
 * everything, so of one only that is said. Throws `DatabaseFault`.
 */
export async function readPosture(
  connection: Connection,
  config: SourceConfig,
): Promise<readonly SourceFault[]> {
  const [role] = await connection.execute({ name: undefined, text: roleSql }, []);
  const name = quoteIdentifier(role?.[0] ?? '');
  if (role?.[1] === 't') {
    const what = `${name} is a superuser; make a role that is not, with the rights that the runner needs`;
    return [{ where: 'role', what }];
  }
  const receipts = `${config.receipts.schema}.${config.receipts.table}`;
  const faults = [...ofRole(role ?? [], name)];
  for (const [table, permission] of Object.entries(config.tables)) {
    faults.push(...(await ofTable(connection, name, table, updatedBy(permission), [])));
  }
  faults.push(...(await ofTable(connection, name, receipts, [], ['INSERT'])));
  return unique(faults);
}

/** The columns that the runner's statement sets. */
function updatedBy({ columns, version }: TablePermission): readonly string[] {
  return [...columns, version.column];
}

function ofRole(role: Row, name: string): SourceFault[] {
  const where = 'role';
  const attributes = ['BYPASSRLS', 'CREATEROLE', 'CREATEDB', 'REPLICATION'] as const;
  const faults = attributes
    .filter((_, place) => role[place + 2] === 't')
    .map((attribute) => ({ where, what: `has ${attribute}; ALTER ROLE ${name} NO${attribute}` }));
  const [database, mayCreate] = role.slice(6);
  if (mayCreate !== 't') return faults;
  const what = `may create schemas in ${database}; REVOKE CREATE ON DATABASE ${quoteIdentifier(database ?? '')} FROM ${name}`;
  return [...faults, { where, what }];
}

async function ofTable(
  connection: Connection,
  role: string,
  table: string,
  updated: readonly string[],
  needed: readonly Right[],
): Promise<SourceFault[]> {
  const names = table.split('.');
  const [found] = await connection.execute({ name: undefined, text: tableSql }, names);
  // That it is not there is the check's to say.
  if (found === undefined) return [];
  const [owns, mayCreate, ...granted] = found;
  const where = table;
  // An owner has every right, and gives itself each that is taken away.
  if (owns === 't') return [{ where, what: `${role} owns it; ALTER TABLE ${table} OWNER TO another role` }];
  const faults = RIGHTS.filter((right, place) => granted[place] === 't' && !needed.includes(right)).map(
    (right) => ({ where, what: `${role} has ${right}; REVOKE ${right} ON ${table} FROM ${role}` }),
  );
  const columns = await connection.execute({ name: undefined, text: updatableSql }, names);
  for (const [column = null] of columns) {
    if (column === null || updated.includes(column)) continue;
    faults.push({
      where,
      what: `${role} may update ${column}; REVOKE UPDATE (${quoteIdentifier(column)}) ON ${table} FROM ${role}`,
    });
  }
  const [schema] = names;
  if (mayCreate === 't') {
    const what = `${role} may create objects in it; REVOKE CREATE ON SCHEMA ${schema} FROM ${role}, PUBLIC`;
    faults.push({ where: `schema ${schema}`, what });
  }
  return faults;
}

function unique(faults: readonly SourceFault[]): SourceFault[] {
  return [...new Map(faults.map((fault) => [`${fault.where} ${fault.what}`, fault])).values()];
}
