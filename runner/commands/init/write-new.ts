import { access, rm, writeFile } from 'node:fs/promises';

/** Whether there is anything at that path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Writes a file that only its owner may read, in place of what was there: a file of another mode keeps its mode. */
export async function writeNew(path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
}
