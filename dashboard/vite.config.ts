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
    // By it is checked how much a page has to load.
    manifest: true,
    target: 'es2024',
    // What a strict policy allows is a file of our own origin, never a `data:` address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      onLog: (level, log, handle) => {
        // Libraries say by it which of their parts a server must not run: there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
