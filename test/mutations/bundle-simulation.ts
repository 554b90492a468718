import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type Mutation, mutated, pathOf } from './mutation.ts';

/**
 * Packs the simulation into one file, without the guard where there is a mutation. As hundreds of sources, of each of
 * which the types have to be removed first, it takes longer to start than to show what most mutations do.
 */
export async function bundleSimulation(outfile: string, mutation: Mutation | undefined): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'simulate-until-failure.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // What `platform/register.ts` does where the sources are loaded one by one.
    alias: {
      'cloudflare:workers': join(import.meta.dirname, '../simulation/platform/cloudflare-workers.ts'),
    },
    plugins: [sourcesInPlace(mutation)],
    logLevel: 'silent',
  });
}

/** Each source as it is loaded where it lies: with the mutation, and knowing its folder. */
function sourcesInPlace(mutation: Mutation | undefined): Plugin {
  const changed = mutation === undefined ? undefined : pathOf(mutation);
  return {
    name: 'sources-in-place',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const source = mutation !== undefined && path === changed ? mutated(mutation, text) : text;
        const folder = JSON.stringify(dirname(path));
        return { contents: source.replaceAll('import.meta.dirname', folder), loader: 'ts' };
      });
    },
  };
}
