import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const namesSchema = z.array(z.object({ name: z.string() }));
const countSchema = z.tuple([z.object({ tenants: z.int() })]);

/** The steps that the databases of a plane have had, each of them; none where there is no database yet. */
export function readAppliedMigrations(persist: string): readonly (readonly string[])[] {
  const all = readRecords(persist, 'SELECT name FROM d1_migrations', namesSchema);
  return all.map((rows) => rows.map(({ name }) => name));
}

/** How many tenants its directory names, or null where there is none yet. What proofs are made in names none. */
export function countTenants(persist: string): number | null {
  const counts = readRecords(persist, 'SELECT count(*) AS tenants FROM tenants', countSchema);
  return counts.length === 0 ? null : Math.max(...counts.map(([{ tenants }]) => tenants));
}

/**
 * Reads from the databases of a plane, whether it runs or not: D1 is SQLite on files, in which one may read beside others.
 * That is many times faster than a workerd for one look. What each database answers that can.
 */
function readRecords<Rows>(persist: string, sql: string, schema: z.ZodType<Rows>): Rows[] {
  return globSync(join(persist, 'd1/miniflare-D1DatabaseObject/*.sqlite'))
    .map((file) => readFrom(file, sql, schema))
    .filter((rows) => rows !== null);
}

/** Null for a database without such a table, such as miniflare's own beside it. */
function readFrom<Rows>(file: string, sql: string, schema: z.ZodType<Rows>): Rows | null {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return schema.parse(database.prepare(sql).all());
  } catch {
    return null;
  } finally {
    database.close();
  }
}
