import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';

const RETRY_MS = 50;
/** Whoever holds it talks to the issuer at most; older, its process is gone. */
const STALE_MS = 30_000;
const PATIENCE_MS = 35_000;

/** Does something while this process alone has the lock. */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  await take(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += RETRY_MS) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (await isStale(path)) await rm(path, { force: true });
      else await pause(RETRY_MS);
    }
  }
  throw new CliFault(`another process holds ${path}`, {
    code: exitCodes.failed,
    next: 'remove it if there is none',
  });
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE_MS;
  } catch {
    return false;
  }
}
