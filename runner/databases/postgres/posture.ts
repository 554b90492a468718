import type { SourceConfig } from '../../config/runner-config.ts';
import type { SourceFault } from '../source-database.ts';
import { tableRights } from '../table-rights.ts';
import type { Connection } from './connection.ts';
import { grantsElsewhere, grantsOn } from './granted-rights.ts';
import { quoteIdentifier } from './identifiers.ts';

// As in write-sql.ts, nothing here is looked up along the search_path.
const equals = 'OPERATOR(pg_catalog.=)';

const roleSql = `SELECT pg_catalog.quote_ident(r.rolname), r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
  pg_catalog.quote_ident(pg_catalog.current_database()),
  pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
  d.datdba ${equals} r.oid
FROM pg_catalog.pg_roles AS r
JOIN pg_catalog.pg_database AS d ON d.datname ${equals} pg_catalog.current_database()
WHERE r.rolname ${equals} current_user`;

// Whether it inherits does not count: it may SET ROLE. Whoever revokes counts as the server's first role, unless named.
const membershipsSql = `SELECT DISTINCT pg_catalog.quote_ident(g.rolname),
  CASE WHEN by.oid OPERATOR(pg_catalog.<>) 10 THEN pg_catalog.concat(' GRANTED BY ', pg_catalog.quote_ident(by.rolname)) END
FROM pg_catalog.pg_auth_members AS m
JOIN pg_catalog.pg_roles AS r ON r.oid ${equals} m.member
JOIN pg_catalog.pg_roles AS g ON g.oid ${equals} m.roleid
LEFT JOIN pg_catalog.pg_roles AS by ON by.oid ${equals} m.grantor
WHERE r.rolname ${equals} current_user ORDER BY 1, 2`;

const tableSql = `SELECT pg_catalog.pg_has_role(c.relowner, 'USAGE'),
  pg_catalog.has_schema_privilege(n.oid, 'CREATE'), c.relrowsecurity, pg_catalog.pg_has_role(n.nspowner, 'USAGE'),
  pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(n.nspname)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid ${equals} c.relnamespace
WHERE n.nspname ${equals} $1 AND c.relname ${equals} $2`;

/** What the runner's statements do to a table beside reading it. */
interface Need {
  readonly table: string;
  readonly update: readonly string[];
  /** Columns; of the receipts the whole table is. */
  readonly insert: readonly string[] | 'table';
  readonly deletes: boolean;
}

/**
 * What the role may do beyond what the runner needs, but for reading, of which more is common; each finding says how to
 * take it away. A superuser may do everything, so of one only that is said. Throws `DatabaseFault`.
 */
export async function readPosture(
  connection: Connection,
  config: SourceConfig,
): Promise<readonly SourceFault[]> {
  const query = (text: string, values: readonly string[] = []) =>
    connection.execute({ name: undefined, text }, values);
  const [role] = await query(roleSql);
  const [name] = role ?? [];
  if (role === undefined || name === undefined || name === null) return [];
  if (role[1] === 't') {
    const what = `${name} is a superuser; make a role that is not, with the rights that the runner needs`;
    return [{ where: 'role', what }];
  }
  const needs = needsOf(config);
  const ofTables: SourceFault[] = [];
  let seesHiddenRows = false;
  for (const need of needs) {
    const [found] = await query(tableSql, need.table.split('.'));
    // That it is not there is the check's to say.
    if (found === undefined) continue;
    const [owns, mayCreate, hasPolicies, ownsSchema, tableName, schemaName] = found;
    const sqlName = tableName ?? '';
    seesHiddenRows ||= hasPolicies === 't';
    ofTables.push(
      ...(owns === 't' ? [owned(need.table, sqlName, name)] : await beyond(connection, name, need, sqlName)),
      ...(mayCreate === 't' ? [creating(schemaName ?? '', name, ownsSchema === 't')] : []),
    );
  }
  const memberships = (await query(membershipsSql)).map(([group, by]) => ({
    where: 'role',
    what: `is a member of ${group}, and may do what that may; REVOKE ${group} FROM ${name}${by ?? ''}`,
  }));
  const elsewhere = await grantsElsewhere(
    connection,
    needs.map(({ table }) => table),
  );
  return unique([...ofRole(role, name, seesHiddenRows), ...memberships, ...ofTables, ...elsewhere]);
}

function needsOf(config: SourceConfig): readonly Need[] {
  const { receipts, tables } = config;
  return [
    ...Object.entries(tables).map(([table, permission]): Need => {
      const { delete: deletes, insert, update } = tableRights(config, permission);
      return { table, update, insert, deletes };
    }),
    { table: `${receipts.schema}.${receipts.table}`, update: [], insert: 'table', deletes: false },
  ];
}

/** Where tables have row-level security, not to be bound by it is needed. */
function ofRole(row: readonly (string | null)[], name: string, seesHiddenRows: boolean): SourceFault[] {
  const where = 'role';
  const attributes = ['BYPASSRLS', 'CREATEROLE', 'CREATEDB', 'REPLICATION'] as const;
  const faults = attributes
    .filter((attribute, place) => row[place + 2] === 't' && !(attribute === 'BYPASSRLS' && seesHiddenRows))
    .map((attribute) => ({ where, what: `has ${attribute}; ALTER ROLE ${name} NO${attribute}` }));
  const [database, mayCreate, ownsDatabase] = row.slice(6);
  if (ownsDatabase === 't')
    return [...faults, { where, what: `owns ${database}; ALTER DATABASE ${database} OWNER TO another role` }];
  if (mayCreate !== 't') return faults;
  const what = `may create schemas in ${database}; REVOKE CREATE ON DATABASE ${database} FROM ${name}, PUBLIC`;
  return [...faults, { where, what }];
}

/** An owner has every right, and gives itself each that is taken away. */
function owned(table: string, sqlName: string, role: string): SourceFault {
  return { where: table, what: `${role} owns it; ALTER TABLE ${sqlName} OWNER TO another role` };
}

function creating(schema: string, role: string, ownsSchema: boolean): SourceFault {
  const what = ownsSchema
    ? `${role} owns it; ALTER SCHEMA ${schema} OWNER TO another role`
    : `${role} may create objects in it; REVOKE CREATE ON SCHEMA ${schema} FROM ${role}, PUBLIC`;
  return { where: `schema ${schema}`, what };
}

async function beyond(
  connection: Connection,
  role: string,
  need: Need,
  sqlName: string,
): Promise<SourceFault[]> {
  const grants = await grantsOn(connection, need.table);
  return grants.flatMap(({ column, grantee, right }) => {
    if (isNeeded(need, right, column)) return [];
    const needed = columnsOf(need, right);
    const hasWholly = grants.some(
      (whole) => whole.right === right && whole.column === undefined && whole.grantee === grantee,
    );
    if (column !== undefined && hasWholly) return [];
    if (column !== undefined) {
      const what = `${grantee} may ${right.toLowerCase()} ${column}; REVOKE ${right} (${quoteIdentifier(column)}) ON ${sqlName} FROM ${grantee}`;
      return [{ where: need.table, what }];
    }
    const extent = right === 'UPDATE' || needed.length > 0 ? ' of every column' : '';
    // To take a right on a table away takes it away on the columns too.
    const again =
      needed.length === 0
        ? ''
        : `; GRANT ${right} (${needed.map(quoteIdentifier).join(', ')}) ON ${sqlName} TO ${role}`;
    const what = `${grantee} has ${right}${extent}; REVOKE ${right} ON ${sqlName} FROM ${grantee}${again}`;
    return [{ where: need.table, what }];
  });
}

function isNeeded(need: Need, right: string, column: string | undefined): boolean {
  if (right === 'DELETE') return need.deletes;
  if (right === 'INSERT' && need.insert === 'table') return true;
  return column !== undefined && columnsOf(need, right).includes(column);
}

function columnsOf({ insert, update }: Need, right: string): readonly string[] {
  if (right === 'UPDATE') return update;
  return right === 'INSERT' && insert !== 'table' ? insert : [];
}

function unique(faults: readonly SourceFault[]): SourceFault[] {
  return [...new Map(faults.map((fault) => [`${fault.where} ${fault.what}`, fault])).values()];
}
