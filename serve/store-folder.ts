import { constants } from 'node:fs';
import { access, mkdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { errorCode } from './error-code.ts';
import { ServeFault } from './serve-fault.ts';

const OTHERS = 0o077;

/** Makes the store's folder where there is none, for its owner alone. Throws `ServeFault` `store_unusable`. */
export async function ensureStoreFolder(store: string): Promise<void> {
  try {
    await mkdir(store, { recursive: true, mode: 0o700 });
    await access(store, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(
      `the store ${store} cannot be written (${errorCode(cause)})`,
      'give this user the right to',
      cause,
    );
  }
  const { mode } = await stat(store);
  if ((mode & OTHERS) === 0) return;
  throw unusable(
    `the store ${store} is open to other users of this machine, and its files hold secrets`,
    `chmod 700 ${store}, or name a folder in it that is not there yet`,
  );
}

/**
 * Makes sure that the folder of backups is there, can be used, and is not lost with the store. Throws `ServeFault`
 * `store_unusable`.
 */
export async function assertBackupFolder(backups: string, store: string): Promise<void> {
  try {
    await access(backups, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(
      `the backup destination ${backups} cannot be written (${errorCode(cause)})`,
      'make it or mount it, or take "backups" out of the configuration',
      cause,
    );
  }
  const way = relative(await realpath(store), await realpath(backups));
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw unusable(
    `the backup destination ${backups} lies in the store, and would be lost with it`,
    'name a folder elsewhere, on another host at best',
  );
}

function unusable(message: string, next: string, cause?: unknown): ServeFault {
  const holds = 'nothing was started, and nothing in the store has changed';
  return new ServeFault({ code: 'store_unusable', message, holds, next }, { cause });
}
