import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/countersign-servers');
const UNAVAILABLE = '.unavailable';
/** A fetch that failed is not tried again by each test file of a run. */
const FAILURE_HOLDS_MS = 10 * 60_000;

/**
 * The folder of this name in the cache, made by `make` in a temporary sibling when there is none: what stands there is
 * complete, and of two processes that make it at once, one wins.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const partial = await mkdtemp(join(CACHE, `${name}.partial-`));
  try {
    // Also for the account without rights that PostgreSQL runs under.
    await chmod(partial, 0o755);
    await make(partial);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The same for what is fetched from elsewhere: it throws at once when it could not be had a moment ago. */
export async function fetched(name: string, fetch: (folder: string) => Promise<void>): Promise<string> {
  const note = join(CACHE, `${name}${UNAVAILABLE}`);
  const failure = await readFresh(note);
  if (failure !== undefined && !existsSync(join(CACHE, name))) throw new Error(failure);
  try {
    return await cached(name, fetch);
  } catch (error) {
    await writeFile(note, oneLine(error));
    throw error;
  }
}

/** Lets `fetched` try everything again. */
export async function forgetFailures(): Promise<void> {
  const names = existsSync(CACHE) ? await readdir(CACHE) : [];
  for (const name of names.filter((file) => file.endsWith(UNAVAILABLE)))
    await rm(join(CACHE, name), { force: true });
}

async function readFresh(note: string): Promise<string | undefined> {
  try {
    const { mtimeMs } = await stat(note);
    return Date.now() - mtimeMs < FAILURE_HOLDS_MS ? await readFile(note, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The last line of an error, where programs say what went wrong. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1) ?? text;
}
