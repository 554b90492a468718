import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Miniflare } from 'miniflare';

const MIGRATIONS = join(import.meta.dirname, '../migrations');

export type LocalD1 = Awaited<ReturnType<Miniflare['getD1Database']>>;

/** Applies what is missing, and notes it where `wrangler d1 migrations apply` does. */
export async function applyMigrations(database: LocalD1): Promise<void> {
  await database
    .prepare(
      'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TEXT)',
    )
    .run();
  const applied = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const known = new Set(applied.results.map(({ name }) => name));
  for (const name of globSync('*.sql', { cwd: MIGRATIONS }).sort()) {
    if (known.has(name)) continue;
    const statements = readFileSync(join(MIGRATIONS, name), 'utf8').split('--> statement-breakpoint');
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database
        .prepare('INSERT INTO d1_migrations (name, applied_at) VALUES (?1, ?2)')
        .bind(name, new Date().toISOString()),
    ]);
  }
}
