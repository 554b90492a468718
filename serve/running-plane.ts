import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import { holdLock } from './held-lock.ts';
import { type PidFile, readPidFile } from './pid-file.ts';
import { ServeFault } from './serve-fault.ts';
import { storePaths } from './store-paths.ts';

/**
 * Who serves a store. The lock says whether anybody does; the PID file only says who: where nobody holds the lock, its
 * number is of a process that is gone, and may be anybody's by now.
 */
export type RunningPlane =
  | { readonly isRunning: true; readonly process: PidFile | undefined }
  | { readonly isRunning: false; readonly stalePid: number | null };

/** Throws `ServeFault` `store_unusable` where this user cannot find out. */
export async function findPlane(store: string): Promise<RunningPlane> {
  const { lock, pid } = storePaths(store);
  await assertVisible(store);
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

/** A store that is not there is not served; one that may not be looked into may well be. */
async function assertVisible(store: string): Promise<void> {
  try {
    await access(store, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return;
    throw new ServeFault(
      {
        code: 'store_unusable',
        message: `the store ${store} cannot be looked into (${errorCode(cause)})`,
        holds: 'whether something serves it is not known, and nothing was changed',
        next: 'ask as the user who serves it',
      },
      { cause },
    );
  }
}
