import { globSync } from 'node:fs';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCli } from '@countersign/cli/build';
import { buildRunner } from '@countersign/runner/build';
import { buildServe } from '@countersign/serve/build';
import type { FrozenFile } from './frozen-files.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const SERVE = 'node_modules/@countersign/serve';

/** What a release is installed as: the programs of its plane and of its runner, in a folder of its own. */
export interface InstalledRelease {
  readonly countersign: string;
  readonly runner: string;
}

/** Builds this tree as it is released, laid out as `serve/deploy/gather-plane.ts` does, but for what npm brings. */
export async function buildRelease(folder: string): Promise<InstalledRelease> {
  await mkdir(join(folder, SERVE, 'dist'), { recursive: true });
  await Promise.all([
    buildCli(folder),
    buildServe(join(folder, SERVE, 'dist')),
    buildRunner({ outDir: folder }),
    cp(join(ROOT, 'serve/package.json'), join(folder, SERVE, 'package.json')),
  ]);
  return installed(folder);
}

/** The migration that a build applies last. */
export function newestMigrationIn(folder: string): string {
  const migrations = join(folder, SERVE, 'dist/migrations');
  const newest = globSync('*.sql', { cwd: migrations }).sort().at(-1);
  if (newest === undefined) throw new TypeError('the build has no migrations');
  return join(migrations, newest);
}

/** Gives an unpacked build the packages that npm would bring: they are this tree's, also for an older release. */
export async function installed(folder: string): Promise<InstalledRelease> {
  const modules = join(folder, 'node_modules');
  await symlink(packageFolder('miniflare'), join(modules, 'miniflare'));
  return { countersign: join(folder, 'countersign.js'), runner: join(folder, 'countersign-runner.js') };
}

/** The files below a folder that a pattern of its paths finds. */
export async function filesBelow(folder: string, pattern: string): Promise<readonly FrozenFile[]> {
  const found = globSync(pattern, { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return Promise.all(
    found.map(async ({ name, parentPath }) => {
      const path = join(parentPath, name);
      return { path: path.slice(folder.length + 1), bytes: await readFile(path) };
    }),
  );
}

function packageFolder(name: string): string {
  const entry = fileURLToPath(import.meta.resolve(name));
  const at = entry.lastIndexOf(join('node_modules', name));
  return at < 0 ? dirname(entry) : entry.slice(0, at + join('node_modules', name).length);
}
