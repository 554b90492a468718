import type { SourceConfig, TablePermission } from '../config/runner-config.ts';

/** What this runner's own configuration says of a table, by `schema.table`; undefined where it does not name it. */
export function configuredTable(
  { tables }: Pick<SourceConfig, 'tables'>,
  name: string,
): TablePermission | undefined {
  return Object.hasOwn(tables, name) ? tables[name] : undefined;
}
