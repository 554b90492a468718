import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { KNOWN_MIGRATIONS, knownMigrationsText } from './check/known-migrations.ts';

/**
 * Makes the next D1 migration from the schema. drizzle cannot say WITHOUT ROWID, which halves what a write is
 * billed for in tables with text keys, so it is added to every table that a migration creates.
 */
const made = spawnSync('drizzle-kit', ['generate', ...process.argv.slice(2)], { stdio: 'inherit' });
if (made.status !== 0) process.exit(made.status ?? 1);
for (const file of globSync('migrations/*.sql')) {
  const sql = readFileSync(file, 'utf8');
  const without = sql.replace(/^\);(\r?\n|--> |$)/gm, ') WITHOUT ROWID;$1');
  if (without !== sql) writeFileSync(file, without);
}
writeFileSync(KNOWN_MIGRATIONS, knownMigrationsText());
