import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../migrations');

/** The statements of all D1 migrations, in order. */
export function migrationStatements(): string[] {
  return globSync('*.sql', { cwd: FOLDER })
    .sort()
    .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split('--> statement-breakpoint'));
}
