import { DatabaseSync } from 'node:sqlite';
import { LocalFault } from './local-fault.ts';

const SQLITE_BUSY = 5;

/**
 * Takes `<folder>.lock` for as long as this process lives, so that no two processes open the same data.
 * It is SQLite's file lock: the system drops it with the process, however that ends, so a lock is never
 * stale, which cannot be said of a file with a process id in it.
 *
 * @param waitMs how long to wait for a process that is on its way out
 * @returns releases the lock
 * @throws LocalFault `folder_in_use` while another process holds it
 */
export function lockFolder(folder: string, waitMs: number): () => void {
  const lock = new DatabaseSync(`${folder}.lock`, { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    throw new LocalFault(`${folder} is in use by another process: stop that one first.`, {
      code: 'folder_in_use',
      cause,
    });
  }
  return () => lock.close();
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY;
}
