import type { SqlDatabase } from './means.ts';

/** Rows that one statement removes: it must end well before D1 gives it up. */
const ROWS_AT_ONCE = 5_000;
const DIRECTORY = 'tenants';
/** Tables of ours. Others are the platform's, which it lets nobody look into. */
const NAME = /^[a-z][a-z_]*$/;

/**
 * Removes every row of a tenant from its shard: of every table that has tenants, whatever tables there are by then. The
 * head goes first, so that nobody who still holds it can write behind this; repeated, it goes on where it broke off.
 */
export async function eraseTenant(shard: SqlDatabase, tenant: string): Promise<void> {
  await shard.batch([{ sql: 'DELETE FROM heads WHERE tenant = ?1', params: [tenant] }]);
  for (const [table, key] of await keysOfTables(shard)) {
    const columns = key.join(', ');
    const sql = `DELETE FROM ${table} WHERE (${columns}) IN (SELECT ${columns} FROM ${table} WHERE tenant = ?1 LIMIT ?2)`;
    const left = `SELECT 1 FROM ${table} WHERE tenant = ?1 LIMIT 1`;
    for (let isMore = true; isMore; ) {
      const [, rest = []] = await shard.batch([
        { sql, params: [tenant, ROWS_AT_ONCE] },
        { sql: left, params: [tenant] },
      ]);
      isMore = rest.length > 0;
    }
  }
}

/** The tables that have tenants, by the database's own word, and the columns of their keys. */
async function keysOfTables(shard: SqlDatabase): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> ?1 ORDER BY name";
  const [found = []] = await shard.batch([{ sql: tables, params: [DIRECTORY] }]);
  const names = found.map(({ name }) => String(name)).filter((name) => NAME.test(name));
  const columns = await shard.batch(
    names.map((name) => ({ sql: 'SELECT name, pk FROM pragma_table_info(?1) ORDER BY pk', params: [name] })),
  );
  return new Map(
    names.flatMap((name, place) => {
      const all = columns[place] ?? [];
      const key = all.filter(({ pk }) => Number(pk) > 0).map((column) => String(column.name));
      return all.some((column) => column.name === 'tenant') ? [[name, key] as const] : [];
    }),
  );
}
