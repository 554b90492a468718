import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { buildWorker } from './build-worker.ts';
import { dashboardFolder } from './dashboard-files.ts';
import { BUILT, GATEWAY_FILE, MIGRATIONS, PROVISIONER_FILE, WRANGLER_TOML } from './plane-files.ts';

/** What is called by name: by the command line, and by each other as processes of their own. */
const ENTRIES = ['serve-commands', 'daemon-process', 'plane-process'];

/**
 * Makes a folder from which a plane is served without the repository, by Node >= 24 and with miniflare beside it: the
 * code, the Workers, and what it needs to know of the schema and of workerd. Returns the folder.
 */
export async function buildServe(outDir = BUILT): Promise<string> {
  await mkdir(outDir, { recursive: true });
  await Promise.all([
    build({
      entryPoints: ENTRIES.map((name) => join(import.meta.dirname, `${name}.ts`)),
      outdir: outDir,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      // It brings a program of its own, which no bundle can hold.
      external: ['miniflare'],
      // Its usual form asks for its own parts in a way that no bundler sees through.
      mainFields: ['module', 'main'],
      define: { 'globalThis.COUNTERSIGN_BUILT': 'true' },
      minifySyntax: true,
      legalComments: 'linked',
      logLevel: 'warning',
    }),
    buildWorker(join(outDir, basename(GATEWAY_FILE)), 'gateway'),
    buildWorker(join(outDir, basename(PROVISIONER_FILE)), 'provisioner'),
    cp(MIGRATIONS, join(outDir, 'migrations'), { recursive: true, filter: isNoHistory }),
    dashboardFolder().then((folder) => cp(folder, join(outDir, 'dashboard'), { recursive: true })),
    cp(WRANGLER_TOML, join(outDir, 'wrangler.toml')),
  ]);
  return outDir;
}

/** Only drizzle-kit reads what the schema once was. */
function isNoHistory(path: string): boolean {
  return basename(path) !== 'meta';
}

if (import.meta.main) process.stdout.write(`${await buildServe()}\n`);
