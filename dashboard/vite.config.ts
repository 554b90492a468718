import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  resolve: {
    // The ledger is verified by the code that the command line has; only where its hash comes from differs.
    alias: { 'node:crypto': join(import.meta.dirname, 'browser/node-crypto.ts') },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    // What a strict policy allows is a file of our own origin, never a `data:` address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What forbids schemas to make code has to run before the first of them, in whichever file that is.
          groups: [{ name: 'schemas', test: /\/node_modules\/zod\/|\/browser\/make-no-code\.ts$/ }],
        },
      },
      onLog: (level, log, handle) => {
        // Libraries say by it which of their parts a server must not run: there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
