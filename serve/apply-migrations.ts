import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Miniflare } from 'miniflare';
import { MIGRATIONS } from './plane-files.ts';

export type LocalD1 = Awaited<ReturnType<Miniflare['getD1Database']>>;

/** The names of the steps that this program knows, in the order in which they are applied. */
export function knownMigrations(): string[] {
  return globSync('*.sql', { cwd: MIGRATIONS }).sort();
}

/** The names of the steps that a database has had; those of a newer program may be among them. */
export async function appliedMigrations(database: LocalD1): Promise<string[]> {
  // The table in which `wrangler d1 migrations apply` notes them.
  await database
    .prepare(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TEXT)',
    )
    .run();
  const applied = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  return applied.results.map(({ name }) => name);
}

/** Applies what is missing, each step whole or not at all. */
export async function applyMigrations(database: LocalD1): Promise<void> {
  const applied = new Set(await appliedMigrations(database));
  for (const name of knownMigrations()) {
    if (applied.has(name)) continue;
    const statements = readFileSync(join(MIGRATIONS, name), 'utf8').split('--> statement-breakpoint');
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database
        .prepare('INSERT INTO d1_migrations (name, applied_at) VALUES (?1, ?2)')
        .bind(name, new Date().toISOString()),
    ]);
  }
}
