import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';

/** Makes the folder, and those above it, and sees to it that only its owner can enter (0700). */
export async function ensurePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // mkdir leaves the mode of a folder that was already there as it is.
  await chmod(folder, 0o700);
}

/**
 * Replaces the file's text in one step, readable by its owner alone (0600): a reader sees the old
 * text or the new one, also when the machine stops in between.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await ensurePrivateFolder(folder);
  const draft = join(folder, `.${randomUUID()}.draft`);
  try {
    // 'wx' with a fresh name: the mode holds from the first byte and no link can be followed.
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}

/** The file's text, or null where there is no such file. */
export async function readPrivateFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}
