import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutated, mutationOfProcess, urlOf } from './mutation.ts';

const mutation = mutationOfProcess();

/** Runs the files that are named on the command line, with the mutation in what they load. */
export default defineConfig({
  plugins: [
    {
      name: 'mutation',
      enforce: 'pre',
      transform: (source, id) =>
        mutation !== undefined && pathToFileURL(id).href === urlOf(mutation)
          ? mutated(mutation, source)
          : undefined,
    },
  ],
  test: {
    // A cache by file would keep the one source for the other.
    fsModuleCache: false,
    root: `${import.meta.dirname}/../..`,
    include: ['{runner,durable-objects,workers}/**/*.test.ts', 'test/integration/engines/*.test.ts'],
    hookTimeout: 60_000,
  },
});
