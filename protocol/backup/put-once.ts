import { randomUUID } from 'node:crypto';
import { promises } from 'node:fs';
import { dirname, join } from 'node:path';

const { link, mkdir, open, rm } = promises;

/**
 * Puts a file of a snapshot under its name, for its owner alone: it is whole there or not at all, and durable when this
 * returns. False where there is one of that name, which stays as it is. Throws what the file system throws.
 */
export async function putOnce(path: string, bytes: Uint8Array): Promise<boolean> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `.unfinished-${randomUUID()}`);
  try {
    await writeThrough(unfinished, bytes);
    // A link, unlike a renaming, fails where there is something already.
    await link(unfinished, path);
    await syncFolder(folder);
    return true;
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'EEXIST') return false;
    throw fault;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
