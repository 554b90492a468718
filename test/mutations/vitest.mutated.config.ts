import { defineConfig } from 'vitest/config';
import { mutated, mutationOfProcess, pathOf } from './mutation.ts';

const mutation = mutationOfProcess();
const isMutated = (id: string) => mutation !== undefined && id === pathOf(mutation);

/** Runs the files that are named on the command line, with the mutation in what they load. */
export default defineConfig({
  plugins: [
    {
      name: 'mutation',
      enforce: 'pre',
      // The cache goes by the file, and would keep the one source for the other.
      configureVitest: ({ defineCacheKeyGenerator }) => {
        defineCacheKeyGenerator(({ id }) => (isMutated(id) ? false : undefined));
      },
      transform: (source, id) =>
        mutation !== undefined && isMutated(id) ? mutated(mutation, source) : undefined,
    },
  ],
  test: {
    root: `${import.meta.dirname}/../..`,
    include: [
      '{protocol,runner,durable-objects,workers,serve,scripts}/**/*.test.ts',
      'test/integration/engines/*.test.ts',
    ],
    hookTimeout: 60_000,
  },
});
