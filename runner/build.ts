import { chmod } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const THIS_FILE = fileURLToPath(import.meta.url);
const HERE = dirname(THIS_FILE);

export interface BuildOptions {
  /** The folder of the result; `dist` beside this file when left away. */
  readonly outDir?: string;
  /** Keep the failpoints in: for tests that kill the runner, never for anything that is shipped. */
  readonly failpoints?: boolean;
}

/** Packs the runner and all that it needs into one file that Node >= 20 runs from any folder; returns its path. */
export async function buildRunner({
  outDir = join(HERE, 'dist'),
  failpoints = false,
}: BuildOptions = {}): Promise<string> {
  const outfile = join(outDir, failpoints ? 'countersign-runner.failpoints.js' : 'countersign-runner.js');
  await build({
    entryPoints: [join(HERE, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    banner: { js: BEGIN },
    footer: { js: END },
    // Its usual form asks for its own parts in a way that no bundler sees through.
    alias: { 'jsonc-parser': fileURLToPath(import.meta.resolve('jsonc-parser/lib/esm/main.js')) },
    // Optional: the native driver is not used, and the other is for workerd.
    external: ['pg-native', 'cloudflare:sockets'],
    define: { 'globalThis.COUNTERSIGN_FAILPOINTS': String(failpoints) },
    minifySyntax: true,
    legalComments: 'linked',
    logLevel: 'warning',
  });
  await chmod(outfile, 0o755);
  return outfile;
}

/**
 * What Node takes a `.js` file for depends on its release and on the folder that it lies in. This frame is valid as
 * either kind of module: nothing is imported or exported, and `require`, by which pg asks for Node's own modules, is made.
 * A function in parentheses is compiled at once. Without them V8 would read all of the program twice, and the
 * runner start a third later.
 */
const BEGIN = `#!/usr/bin/env node
import('node:module').then((function (nodeModule) {
'use strict';
const require = nodeModule.createRequire(process.argv[1]);
const module = { exports: {} };`;
const END = '}));';

if (process.argv[1] === THIS_FILE) {
  const { values } = parseArgs({ options: { failpoints: { type: 'boolean', default: false } } });
  const outfile = await buildRunner({});
  process.stdout.write(`${outfile}\n`);
  if (values.failpoints) process.stdout.write(`${await buildRunner({ failpoints: true })}\n`);
}
