import { type SourceConfig, type TablePermission, visibleColumns } from '../config/runner-config.ts';

/** The columns of a configured table that the runner's statements read, and those that they set. */
export function tableRights(
  { rehearsals }: Pick<SourceConfig, 'rehearsals'>,
  permission: TablePermission,
): {
  readonly select: readonly string[];
  readonly update: readonly string[];
} {
  const { columns, primary_key, tenant, version } = permission;
  const guards = [primary_key, ...('column' in tenant ? [tenant.column] : []), version.column];
  const shown = rehearsals === undefined ? [] : visibleColumns(permission);
  return { select: [...new Set([...guards, ...shown])], update: [...columns, version.column] };
}

/** Stands where the password belongs. Not SQL, so that what nobody has filled in is refused whole. */
export const PASSWORD_PLACEHOLDER = '<A LONG RANDOM PASSWORD, IN QUOTES>';

/** Who the runner logs in as. */
export interface RoleOptions {
  readonly role: string;
  /** The password as SQL text. */
  readonly password?: string;
}
