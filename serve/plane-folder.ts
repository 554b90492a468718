import { readFile, writeFile } from 'node:fs/promises';
import { endOrphans } from './end-orphans.ts';
import { holdLock } from './held-lock.ts';
import { ServeFault } from './serve-fault.ts';

/** A plane whose supervisor was killed ends by itself, within its own grace time. */
const PREDECESSOR_ENDS_WITHIN_MS = 15_000;

/**
 * Takes the folder of a plane's files for this process, for as long as it lives: two of workerd over the same files would
 * each believe to be alone. A workerd whose own process was killed is ended. Throws `ServeFault` `store_in_use`.
 *
 * @returns gives the folder back
 */
export async function takePlaneFolder(persist: string): Promise<() => void> {
  const release = holdLock(`${persist}.lock`, PREDECESSOR_ENDS_WITHIN_MS);
  if (release === undefined) {
    throw new ServeFault({
      code: 'store_in_use',
      message: `another process has ${persist} open`,
      holds: 'it was left as it is',
      next: 'stop that process, and start again',
    });
  }
  const file = `${persist}.pid`;
  const before = Number(await readFile(file, 'utf8').catch(() => ''));
  // Whoever wrote this number held the lock, and so has ended.
  if (before > 0) await endOrphans(before);
  await writeFile(file, `${process.pid}\n`, { mode: 0o600 });
  return release;
}
