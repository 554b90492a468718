import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/** What nobody refers to is collected, and would take its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Takes a file's lock for as long as this process lives. It is SQLite's: the system drops it with the process, however
 * that ends, so a lock is never stale, which cannot be said of a file with a process id in it.
 *
 * @param waitMs how long to wait, with this thread standing still, for a process that is on its way out
 * @returns releases the lock; undefined while another process holds it
 */
export function holdLock(file: string, waitMs: number): (() => void) | undefined {
  const lock = new DatabaseSync(file, { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    return undefined;
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY;
}
