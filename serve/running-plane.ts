import { existsSync } from 'node:fs';
import { holdLock } from './held-lock.ts';
import { type PidFile, readPidFile } from './pid-file.ts';
import { storePaths } from './store-paths.ts';

/**
 * Who serves a store. The lock says whether anybody does; the PID file only says who: where nobody holds the lock, its
 * number is of a process that is gone, and may be anybody's by now.
 */
export type RunningPlane =
  | { readonly isRunning: true; readonly process: PidFile | undefined }
  | { readonly isRunning: false; readonly stalePid: number | null };

export async function findPlane(store: string): Promise<RunningPlane> {
  const { lock, pid } = storePaths(store);
  if (isHeld(lock)) return { isRunning: true, process: await readPidFile(pid) };
  return { isRunning: false, stalePid: (await readPidFile(pid))?.pid ?? null };
}

/** Whether a process holds a lock, without making one. */
export function isHeld(lock: string): boolean {
  if (!existsSync(lock)) return false;
  const release = holdLock(lock, 0);
  release?.();
  return release === undefined;
}
