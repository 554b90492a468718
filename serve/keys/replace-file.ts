import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const PERMISSIONS = 0o777;

/**
 * Puts another text in place of a file's, in one step, with the mode and the owner that it has: whoever reads meanwhile, or
 * after a crash, gets the old one whole or the new one whole. Durable when it returns.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const file = await realpath(path);
  const { gid, mode, uid } = await stat(file);
  const draft = `${file}.unfinished`;
  // Of a crash; it never was the file.
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    if (uid !== process.getuid?.() || gid !== process.getgid?.()) await handle.chown(uid, gid);
    await handle.chmod(mode & PERMISSIONS);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
