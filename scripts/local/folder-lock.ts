import { holdLock } from '@countersign/serve/held-lock';
import { LocalFault } from './local-fault.ts';

/**
 * Takes `<folder>.lock` for as long as this process lives, so that no two processes open the same data.
 *
 * @param waitMs how long to wait for a process that is on its way out
 * @returns releases the lock
 * @throws LocalFault `folder_in_use` while another process holds it
 */
export function lockFolder(folder: string, waitMs: number): () => void {
  const release = holdLock(`${folder}.lock`, waitMs);
  if (release !== undefined) return release;
  throw new LocalFault(`${folder} is in use by another process: stop that one first.`, {
    code: 'folder_in_use',
  });
}
