import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GATEWAY_FILE } from './plane-files.ts';

const CLONE = join(import.meta.dirname, '..');
/** What it is made of, in a clone. */
const SOURCES = ['protocol', 'durable-objects', 'workers/gateway', 'wrangler.toml', 'package-lock.json'];

/** The code of the gateway as it was built. In a clone it is built where it is missing or older than its sources. */
export async function gatewayCode(): Promise<string> {
  if (globalThis.COUNTERSIGN_BUILT !== true && isStale()) {
    const { buildGateway } = await import('./build-gateway.ts');
    await buildGateway(GATEWAY_FILE);
  }
  return readFile(GATEWAY_FILE, 'utf8');
}

function isStale(): boolean {
  const builtAt = statSync(GATEWAY_FILE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.some((path) => newestIn(join(CLONE, path)) >= builtAt);
}

/** When a file, or anything in a folder, was changed last. A folder's own time says what came and went in it. */
export function newestIn(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'node_modules' && name !== 'dist');
  return Math.max(found.mtimeMs, ...inside.map((name) => newestIn(join(path, name))));
}
