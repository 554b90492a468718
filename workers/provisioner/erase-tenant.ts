import type { SqlDatabase } from './means.ts';

/** Rows that one statement removes: it must end well before D1 gives it up. */
const ROWS_AT_ONCE = 5_000;
const DIRECTORY = 'tenants';
const NAME = /^[a-z_]+$/;

/**
 * Removes every row of a tenant from its shard: of every table that has tenants, whatever tables there are by then. The
 * head goes first, so that nobody who still holds it can write behind this; repeated, it goes on where it broke off.
 */
export async function eraseTenant(shard: SqlDatabase, tenant: string): Promise<void> {
  await shard.batch([{ sql: 'DELETE FROM heads WHERE tenant = ?1', params: [tenant] }]);
  for (const table of await tablesWithTenants(shard)) {
    for (let isMore = true; isMore; ) {
      const [left = []] = await shard.batch([
        {
          sql: `SELECT COUNT(*) AS rows FROM (SELECT 1 FROM ${table} WHERE tenant = ?1 LIMIT ?2)`,
          params: [tenant, ROWS_AT_ONCE + 1],
        },
      ]);
      const rows = Number(left[0]?.rows ?? 0);
      isMore = rows > ROWS_AT_ONCE;
      if (rows === 0) break;
      await shard.batch([await deletion(shard, table, tenant)]);
    }
  }
}

/** The names come from the database's own list of its tables. */
async function tablesWithTenants(shard: SqlDatabase): Promise<readonly string[]> {
  const sql =
    "SELECT m.name AS name FROM sqlite_master m WHERE m.type = 'table' AND m.name <> ?1 AND " +
    "EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'tenant') ORDER BY m.name";
  const [found = []] = await shard.batch([{ sql, params: [DIRECTORY] }]);
  return found.map(({ name }) => String(name)).filter((name) => NAME.test(name));
}

/** By the key of the table: without a rowid there is nothing else that names a row. */
async function deletion(shard: SqlDatabase, table: string, tenant: string) {
  const keySql = 'SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk';
  const [found = []] = await shard.batch([{ sql: keySql, params: [table] }]);
  const key = found
    .map(({ name }) => String(name))
    .filter((name) => NAME.test(name))
    .join(', ');
  const sql = `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE tenant = ?1 LIMIT ?2)`;
  return { sql, params: [tenant, ROWS_AT_ONCE] };
}
