import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

const namesSchema = z.array(z.object({ name: z.string() }));
const countSchema = z.tuple([z.object({ tenants: z.int() })]);

/** The steps that the record of a plane has had, or null where there is none yet. */
export function readAppliedMigrations(persist: string): string[] | null {
  const rows = readRecord(persist, 'SELECT name FROM d1_migrations', namesSchema);
  return rows === null ? null : rows.map(({ name }) => name);
}

/** How many tenants its directory names, or null where there is none yet. */
export function countTenants(persist: string): number | null {
  const rows = readRecord(persist, 'SELECT count(*) AS tenants FROM tenants', countSchema);
  return rows === null ? null : rows[0].tenants;
}

/**
 * Reads from the record of a plane, whether it runs or not: D1 is SQLite on files, in which one may read beside others.
 * That is many times faster than a workerd for one look. Null where no file of it can answer.
 */
function readRecord<Rows>(persist: string, sql: string, schema: z.ZodType<Rows>): Rows | null {
  for (const file of globSync(join(persist, 'd1/miniflare-D1DatabaseObject/*.sqlite'))) {
    const rows = readFrom(file, sql, schema);
    if (rows !== null) return rows;
  }
  return null;
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
