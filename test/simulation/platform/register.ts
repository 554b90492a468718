import { registerHooks } from 'node:module';

const fake = new URL('./cloudflare-workers.ts', import.meta.url).href;

/** Lets code that is made for workerd be loaded here: its one module of the platform is a fake. */
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === 'cloudflare:workers' ? { url: fake, shortCircuit: true } : nextResolve(specifier, context),
});
