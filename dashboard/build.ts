import { join } from 'node:path';
import { build } from 'vite';

/** Makes the files that the gateway serves, in a folder that it empties first. Throws with Vite's own words. */
export async function buildDashboard(outDir: string): Promise<void> {
  // Else Vite takes over what the caller runs as: a test would leave React's development build behind, which is slow.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: join(import.meta.dirname, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir },
  });
}
