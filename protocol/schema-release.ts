/*
 * Releases of the schema are counted, and each migration names the one that it came with: `0008_r2_what_changed.sql`.
 * So the name of the newest migration, which has to be read anyway, says of which release a database is, to builds as well
 * that were made before it. What names none is of the first.
 */

const NAMED = /^\d{4}_r(\d+)_/;
const FIRST = 1;

/** The release of the schema that a migration belongs to, by its file's name. */
export function releaseOfMigration(name: string): number {
  const named = NAMED.exec(name)?.[1];
  return named === undefined ? FIRST : Number(named);
}

/** The release that a schema of these migrations is of. */
export function releaseOfSchema(migrations: readonly string[]): number {
  return Math.max(FIRST, ...migrations.map(releaseOfMigration));
}
