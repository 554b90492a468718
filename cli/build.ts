import { chmod } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const THIS_FILE = fileURLToPath(import.meta.url);
const HERE = dirname(THIS_FILE);

/** Packs the command line into one file that Node >= 20.12 runs from any folder; returns its path. */
export async function buildCli(outDir = join(HERE, 'dist')): Promise<string> {
  const outfile = join(outDir, 'countersign.js');
  await build({
    entryPoints: [join(HERE, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Not packed in: it brings workerd, and is asked for by what was built of it.
    alias: { '@countersign/serve/serve-commands': '@countersign/serve/dist/serve-commands.js' },
    external: ['@countersign/serve/dist/*'],
    banner: { js: BEGIN },
    footer: { js: END },
    minifySyntax: true,
    legalComments: 'linked',
    logLevel: 'warning',
  });
  await chmod(outfile, 0o755);
  return outfile;
}

/** As the runner's: valid as either kind of module, whatever folder it lies in, and compiled in one go. */
const BEGIN = `#!/usr/bin/env node
import('node:module').then((function (nodeModule) {
'use strict';
const require = nodeModule.createRequire(process.argv[1]);
const module = { exports: {} };`;
const END = '}));';

if (process.argv[1] === THIS_FILE) process.stdout.write(`${await buildCli()}\n`);
