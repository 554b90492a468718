import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { releaseOfSchema } from '@countersign/protocol/schema-release';
import { KNOWN_MIGRATIONS, knownMigrationsText } from './check/known-migrations.ts';
import { readPins } from './check/released-migrations.ts';

/**
 * Makes the next D1 migration from the schema, named after the release that it will come with; with `--custom` an empty one,
 * for what changes rows alone. drizzle cannot say WITHOUT ROWID, which halves what a write is billed for in tables with
 * text keys, so it is added to every table that a migration creates.
 */
const { values } = parseArgs({
  options: { name: { type: 'string', default: 'change' }, custom: { type: 'boolean', default: false } },
});
const name = `r${releaseOfSchema(Object.keys(readPins())) + 1}_${values.name}`;
const how = values.custom ? ['--custom'] : [];
const made = spawnSync('drizzle-kit', ['generate', '--name', name, ...how], { stdio: 'inherit' });
if (made.status !== 0) process.exit(made.status ?? 1);
for (const file of globSync('migrations/*.sql')) {
  const sql = readFileSync(file, 'utf8');
  const without = sql.replace(/^\);(\r?\n|--> |$)/gm, ') WITHOUT ROWID;$1');
  if (without !== sql) writeFileSync(file, without);
}
writeFileSync(KNOWN_MIGRATIONS, knownMigrationsText());
