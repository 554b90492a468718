import { open, readFile, rm } from 'node:fs/promises';
import { exitCodes } from './exit-codes.ts';
import { CliFault } from './fault.ts';

/** Throws `CliFault`. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliFault(`${path} cannot be read`, { code: exitCodes.failed, cause });
  }
}

/** Reads a file that holds JSON. Throws `CliFault`. */
export async function readJson(path: string): Promise<unknown> {
  return jsonIn(await readText(path), path);
}

/** The value of a text that came from `where`. Throws `CliFault`. */
export function jsonIn(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = cause instanceof Error ? `: ${cause.message}` : '';
    throw new CliFault(`${where} is not JSON${what}`, { code: exitCodes.failed, cause });
  }
}

interface NewFile {
  /** Whether nobody else may read it. */
  readonly isSecret?: boolean;
  readonly isReplaced?: boolean;
}

/** Opens a file for writing that is not there yet, before anything is made that would be lost. Throws `CliFault`. */
export async function createFile(path: string, { isSecret = false, isReplaced = false }: NewFile = {}) {
  try {
    const handle = await open(path, isReplaced ? 'w' : 'wx', isSecret ? 0o600 : 0o644);
    if (isSecret) await handle.chmod(0o600);
    return handle;
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CliFault(isThere ? `${path} is there already` : `${path} cannot be written`, {
      code: isThere ? exitCodes.refused : exitCodes.failed,
      ...(isThere ? { next: 'name another file' } : {}),
      cause,
    });
  }
}

/** Creates a file and gives it to `write`; it is gone again where that fails. */
export async function writeNew<Result>(
  path: string,
  options: NewFile,
  write: (write: (piece: string | Uint8Array) => Promise<unknown>) => Promise<Result>,
): Promise<Result> {
  const handle = await createFile(path, options);
  try {
    return await write((piece) => handle.writeFile(piece));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
