import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod';

/** Who serves a store, and how. Read by other versions too, so what is not known is passed over. */
const pidFileSchema = z.object({
  pid: z.int().positive(),
  version: z.string(),
  started_at: z.iso.datetime(),
  /** Null until it serves. */
  url: z.string().nullable(),
  /** Null for the standard output. */
  log: z.string().nullable(),
  /** The keys of tokens that it knows, by their ids, newest first; older versions did not say. */
  token_keys: z.array(z.string()).default([]),
  /** What whoever runs it should know; in the files of older versions there is none. */
  warnings: z.array(z.string()).default([]),
});
export type PidFile = z.infer<typeof pidFileSchema>;

/** Written in one step: whoever reads meanwhile gets the old one or the new. */
export async function writePidFile(path: string, content: PidFile): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** Undefined where there is none, or where it was cut off in the middle. */
export async function readPidFile(path: string): Promise<PidFile | undefined> {
  try {
    return pidFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
