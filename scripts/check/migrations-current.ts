// migrations/ must be what drizzle-kit makes of the schema: it runs on a copy, and must find nothing to add. And the
// build must know the names of all of them.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { KNOWN_MIGRATIONS, knownMigrationsText } from './known-migrations.ts';

/** Its exit code is 0 also when it failed, so only these words count. */
const NOTHING_TO_DO = 'No schema changes, nothing to migrate';

if (readFileSync(KNOWN_MIGRATIONS, 'utf8') !== knownMigrationsText()) {
  console.error(
    `${relative('.', KNOWN_MIGRATIONS)} does not name the files of migrations/: run \`npm run migrations\` and commit the result.`,
  );
  process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-migrations-'));
try {
  cpSync('migrations', folder, { recursive: true });
  // It reads an absolute path as a relative one.
  const out = relative('.', folder);
  const generate = spawnSync(
    'drizzle-kit',
    ['generate', '--dialect=sqlite', '--schema=./durable-objects/tenant/*schema.ts', `--out=${out}`],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (generate.stdout.includes(NOTHING_TO_DO)) {
    console.log('migrations/ is what the schema asks for');
  } else {
    console.error(generate.error?.message ?? `${generate.stdout}${generate.stderr}`);
    console.error(
      'migrations/ is not what the schema asks for: run `npm run migrations` and commit the result.',
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
