import type { SourceFault } from '../source-database.ts';
import type { Connection } from './connection.ts';

/** A right that the current role has. */
export interface Grant {
  /** Whom it was given to, as SQL text: the role itself, `PUBLIC`, or a role that it is a member of. */
  readonly grantee: string;
  readonly right: string;
  /** Undefined for a right to the whole table. */
  readonly column: string | undefined;
}

const MOST_NAMED = 20;

// As in write-sql.ts, nothing here is looked up along the search_path.
const equals = 'OPERATOR(pg_catalog.=)';

const aclsSql = `(
  SELECT c.relacl AS acl, NULL::pg_catalog.name AS attname, 0::pg_catalog.int2 AS attnum
  UNION ALL
  SELECT a.attacl, a.attname, a.attnum FROM pg_catalog.pg_attribute AS a
  WHERE a.attrelid ${equals} c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
)`;

const namespaceSql = `JOIN pg_catalog.pg_namespace AS n ON n.oid ${equals} c.relnamespace`;

const isPublic = `x.grantee ${equals} 0::pg_catalog.oid`;
const granteeSql = `CASE WHEN ${isPublic} THEN 'PUBLIC'
  ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END`;

/**
 * Nobody else's rights; those of a role that this one is a member of are its own, inherited or by SET ROLE. Not those of
 * the owner, whom nothing is gained by taking them from.
 */
const reachesRoleSql = `x.grantee OPERATOR(pg_catalog.<>) c.relowner
  AND CASE WHEN ${isPublic} THEN true ELSE pg_catalog.pg_has_role(x.grantee, 'MEMBER') END`;

const grantsSql = `SELECT ${granteeSql}, x.privilege_type,
  CASE WHEN x.privilege_type ${equals} ANY ('{UPDATE,INSERT}'::pg_catalog.text[]) THEN acls.attname END,
  pg_catalog.min(acls.attnum)
FROM pg_catalog.pg_class AS c
${namespaceSql}
CROSS JOIN LATERAL ${aclsSql} AS acls
CROSS JOIN LATERAL pg_catalog.aclexplode(acls.acl) AS x
WHERE n.nspname ${equals} $1 AND c.relname ${equals} $2
  AND x.privilege_type OPERATOR(pg_catalog.<>) 'SELECT' AND ${reachesRoleSql}
GROUP BY 1, 2, 3 ORDER BY 1, 2, 4`;

/** The rights to a table (`schema.table`), but for reading; of columns only UPDATE and INSERT are told apart. Throws `DatabaseFault`. */
export async function grantsOn(connection: Connection, table: string): Promise<readonly Grant[]> {
  const rows = await connection.execute({ name: undefined, text: grantsSql }, table.split('.'));
  return rows.map(([grantee, right, column]) => ({
    grantee: grantee ?? '',
    right: right ?? '',
    column: column ?? undefined,
  }));
}

const isElsewhere = `n.nspname OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)'
    AND pg_catalog.concat(n.nspname, '.', c.relname) OPERATOR(pg_catalog.<>) ALL ($1::pg_catalog.text[])`;

const elsewhereSql = `SELECT f.name, f.grantee, f.rights, pg_catalog.count(*) OVER ()
FROM (
  SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, ${granteeSql} AS grantee,
    pg_catalog.string_agg(DISTINCT x.privilege_type, ', ') AS rights
  FROM pg_catalog.pg_class AS c
  ${namespaceSql}
  CROSS JOIN LATERAL ${aclsSql} AS acls
  CROSS JOIN LATERAL pg_catalog.aclexplode(acls.acl) AS x
  WHERE x.privilege_type ${equals} ANY ('{INSERT,UPDATE,DELETE,TRUNCATE}'::pg_catalog.text[]) AND ${reachesRoleSql}
    AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') AND ${isElsewhere}
  GROUP BY 1, 2
  UNION ALL
  SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), NULL, NULL
  FROM pg_catalog.pg_class AS c
  ${namespaceSql}
  WHERE c.relkind ${equals} ANY ('{r,p,v,m,f}'::pg_catalog."char"[]) AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
    AND ${isElsewhere}
) AS f
ORDER BY 1, 2 LIMIT ${MOST_NAMED}`;

/** The rights to change tables and the like that are none of these (`schema.table`). Throws `DatabaseFault`. */
export async function grantsElsewhere(
  connection: Connection,
  tables: readonly string[],
): Promise<readonly SourceFault[]> {
  const rows = await connection.execute({ name: undefined, text: elsewhereSql }, [tables]);
  const faults = rows.map(([name, grantee, rights]) => ({
    where: name ?? '',
    what:
      grantee === null
        ? `belongs to the role, and is not configured; ALTER TABLE ${name} OWNER TO another role`
        : `is not configured, and ${grantee} has ${rights}; REVOKE ${rights} ON ${name} FROM ${grantee}`,
  }));
  const more = Number(rows[0]?.[3] ?? 0) - faults.length;
  if (more <= 0) return faults;
  return [...faults, { where: 'role', what: `has rights to change ${more} more that are not configured` }];
}
