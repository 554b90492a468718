import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GATEWAY_FILE, PROVISIONER_FILE } from './plane-files.ts';

const CLONE = join(import.meta.dirname, '..');
/** What they are made of, in a clone. */
const SHARED = ['protocol', 'durable-objects', 'wrangler.toml', 'package-lock.json'];

/** The code of the gateway as it was built. In a clone it is built where it is missing or older than its sources. */
export function gatewayCode(): Promise<string> {
  return builtCode(GATEWAY_FILE, 'gateway');
}

/** The provisioner's, the same way. */
export function provisionerCode(): Promise<string> {
  return builtCode(PROVISIONER_FILE, 'provisioner');
}

async function builtCode(file: string, worker: 'gateway' | 'provisioner'): Promise<string> {
  if (globalThis.COUNTERSIGN_BUILT !== true && isStale(file, [...SHARED, `workers/${worker}`])) {
    const { buildWorker } = await import('./build-worker.ts');
    await buildWorker(file, worker);
  }
  return readFile(file, 'utf8');
}

/** Whether what was built is missing, or older than one of its sources in the clone. */
export function isStale(built: string, sources: readonly string[]): boolean {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((path) => newestIn(join(CLONE, path)) >= builtAt);
}

/** When a file, or anything in a folder, was changed last. A folder's own time says what came and went in it. */
export function newestIn(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== 'node_modules' && !name.startsWith('dist'));
  return Math.max(found.mtimeMs, ...inside.map((name) => newestIn(join(path, name))));
}
