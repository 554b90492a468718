import { registerHooks } from 'node:module';
import { mutated, mutationOfProcess, urlOf } from './mutation.ts';

// Loaded by `node --import` before anything else: whatever loads the file then gets it without its guard.
const mutation = mutationOfProcess();
if (mutation !== undefined) {
  const url = urlOf(mutation);
  registerHooks({
    load: (loading, context, nextLoad) => {
      const loaded = nextLoad(loading, context);
      if (loading !== url) return loaded;
      return { ...loaded, source: mutated(mutation, String(loaded.source)) };
    },
  });
}
