import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const HERE = fileURLToPath(new URL('.', import.meta.url));

export interface BuildOptions {
  /** The folder of the result; `dist` beside this file when left away. */
  readonly outDir?: string;
  /** Keep the failpoints in: for tests that kill the runner, never for anything that is shipped. */
  readonly failpoints?: boolean;
}

/** Packs the runner and all that it needs into one file that Node >= 20 runs anywhere; returns its path. */
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
    format: 'esm',
    // pg is CommonJS and asks for Node's modules by require().
    banner: { js: requireBanner },
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

const requireBanner = `#!/usr/bin/env node
import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { failpoints: { type: 'boolean', default: false } } });
  const outfile = await buildRunner({});
  process.stdout.write(`${outfile}\n`);
  if (values.failpoints) process.stdout.write(`${await buildRunner({ failpoints: true })}\n`);
}
