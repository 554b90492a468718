import { type SourceConfig, type TablePermission, visibleColumns } from '../config/runner-config.ts';

/** What the runner's statements do to a configured table: the columns that they read, set and fill, and whether they delete. */
export interface TableRights {
  readonly select: readonly string[];
  readonly update: readonly string[];
  readonly insert: readonly string[];
  readonly delete: boolean;
}

/** The rights that the statements of a configured table need, and no other. */
export function tableRights(
  { rehearsals }: Pick<SourceConfig, 'rehearsals'>,
  permission: TablePermission,
): TableRights {
  const { columns, operations, primary_key, tenant, version } = permission;
  const tenants = 'column' in tenant ? [tenant.column] : [];
  const guards = [primary_key, ...tenants, version.column];
  // Whoever compares a row with what was approved, or reads what has just been added, reads more than its guards.
  const shown = rehearsals === undefined && operations === undefined ? [] : visibleColumns(permission);
  const insert = insertedColumns(permission);
  return {
    select: [...new Set([...guards, ...shown, ...insert])],
    update: [...columns, version.column],
    insert,
    delete: operations?.delete !== undefined,
  };
}

/**
 * The columns that an added row may be given. The primary key is the database's to make, unless rows are told apart by
 * it, come as a set whose members name theirs, or come back as they were.
 */
export function insertedColumns({ columns, operations, primary_key, tenant }: TablePermission): string[] {
  if (operations?.insert === undefined) return [];
  const namesKey = operations.sets !== undefined || operations.compensations === true;
  return [
    ...new Set([
      ...(namesKey ? [primary_key] : []),
      ...('column' in tenant ? [tenant.column] : []),
      ...operations.insert.deduplication_columns,
      ...columns,
    ]),
  ];
}

/** What stands before the rights to the tables, in the SQL that makes a role. */
export const TABLES_COMMENT =
  '-- The tables: it finds a row by key, tenant and version, and writes these columns and the version.';

/** The rights to one table, as a GRANT lists them. */
export function grantsOf(rights: TableRights, quote: (column: string) => string): string {
  const ofColumns = ([right, columns]: readonly [string, readonly string[]]) =>
    columns.length === 0 ? [] : [`${right} (${columns.map(quote).join(', ')})`];
  const byColumn = [
    ['SELECT', rights.select],
    ['UPDATE', rights.update],
    ['INSERT', rights.insert],
  ] as const;
  return [...byColumn.flatMap(ofColumns), ...(rights.delete ? ['DELETE'] : [])].join(', ');
}

/** Stands where the password belongs. Not SQL, so that what nobody has filled in is refused whole. */
export const PASSWORD_PLACEHOLDER = '<A LONG RANDOM PASSWORD, IN QUOTES>';

/** Who the runner logs in as. */
export interface RoleOptions {
  readonly role: string;
  /** The password as SQL text. */
  readonly password?: string;
}
