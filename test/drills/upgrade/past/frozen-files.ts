import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as z from 'zod';

/** All of them behind one another, compressed as one: they have much in common. */
export const archiveSchema = z.strictObject({
  /** The name of the file that holds them, beside the manifest. */
  file: z.string(),
  /** SHA-256 of that file, in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** In the order in which they lie in it; each digest is of what comes out. */
  holds: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256: z.string() })),
});
export type Archive = z.infer<typeof archiveSchema>;

export interface FrozenFile {
  /** From the folder that it is unpacked into. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The largest window that a reader needs no setting for: 16 MB. */
const WINDOW_BITS = 24;

/** The same files give the same archive, in whatever order they come. */
export function pack(file: string, files: readonly FrozenFile[]): { archive: Archive; bytes: Uint8Array } {
  const inOrder = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = brotliCompressSync(Buffer.concat(inOrder.map((one) => one.bytes)), {
    params: { [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS },
  });
  const holds = inOrder.map((one) => ({
    path: one.path,
    bytes: one.bytes.byteLength,
    sha256: sha256(one.bytes),
  }));
  return { archive: { file, sha256: sha256(bytes), holds }, bytes };
}

/** The files of an archive. Throws where anything is not as its digests say. */
export function unpack(archive: Archive, bytes: Uint8Array): readonly FrozenFile[] {
  assertDigest(archive.file, bytes, archive.sha256);
  const all = brotliDecompressSync(bytes);
  let at = 0;
  return archive.holds.map((one) => {
    const own = all.subarray(at, at + one.bytes);
    at += one.bytes;
    assertDigest(one.path, own, one.sha256);
    return { path: one.path, bytes: own };
  });
}

export async function writeFiles(folder: string, files: readonly FrozenFile[]): Promise<void> {
  for (const { bytes, path } of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, path), bytes, { mode: 0o600 });
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function assertDigest(name: string, bytes: Uint8Array, expected: string): void {
  if (sha256(bytes) !== expected) throw new Error(`${name} of the frozen release is not as it was frozen`);
}
