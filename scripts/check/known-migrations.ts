import { globSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The file that tells the edge's code, which has no folders to look into, what its schema is made of. */
export const KNOWN_MIGRATIONS: string = join(ROOT, 'protocol/known-migrations.ts');

/** What that file must say. */
export function knownMigrationsText(): string {
  const names = globSync('*.sql', { cwd: join(ROOT, 'migrations') }).sort();
  const lines = names.map((name) => `  '${name}',\n`).join('');
  return `/** The migrations of this build's schema, in their order; made by scripts/migrations.ts. */\nexport const knownMigrations: readonly string[] = [\n${lines}];\n`;
}
