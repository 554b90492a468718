import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refusedBecause } from '@countersign/protocol/backup/accept-snapshot';
import { putOnce } from '@countersign/protocol/backup/put-once';
import { type SnapshotKey, snapshotKeySetSchema } from '@countersign/protocol/backup/snapshot-keys';
import {
  MANIFEST_FILE,
  type SignedManifest,
  signedManifestSchema,
} from '@countersign/protocol/backup/snapshot-manifest';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import { jsonIn, readJson } from '../files.ts';

/** Beside the manifest of one that must not stand for the record; as the provisioner writes it. */
export const REFUSAL_FILE = 'refused.json';

/** The public keys in a file, as `backup keys` prints them. Throws `CliFault`. */
export async function readKeys(path: string): Promise<readonly SnapshotKey[]> {
  const parsed = snapshotKeySetSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data.keys;
  throw new CliFault(`${path} holds no key set`, {
    code: exitCodes.failed,
    next: 'countersign backup keys > FILE',
  });
}

/** The manifest of bytes. Throws `CliFault`; `where` is what they came from. */
export function manifestIn(bytes: Uint8Array, where: string): SignedManifest {
  const parsed = signedManifestSchema.safeParse(jsonIn(new TextDecoder().decode(bytes), where));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CliFault(`${where} is no manifest of a snapshot: ${issue?.path.join('.')}: ${issue?.message}`, {
    code: exitCodes.failed,
    cause: parsed.error,
  });
}

/** The manifest in a snapshot's folder. Throws `CliFault`: without one there is no snapshot. */
export async function readManifest(folder: string): Promise<SignedManifest> {
  const path = join(folder, MANIFEST_FILE);
  const bytes = await bytesIn(path);
  if (bytes !== undefined) return manifestIn(bytes, path);
  throw new CliFault(`${folder} holds no snapshot: there is no ${MANIFEST_FILE} in it`, {
    code: exitCodes.failed,
    next: 'name the folder of one snapshot: DIR/PROJECT/SNAPSHOT',
  });
}

/** Why a stored snapshot does not stand for the record; undefined where nothing says so. What cannot be read is the worst. */
export async function readRefusal(folder: string): Promise<string | undefined> {
  const bytes = await bytesIn(join(folder, REFUSAL_FILE));
  if (bytes === undefined) return undefined;
  const text = new TextDecoder().decode(bytes);
  return refusedBecause.find((because) => text === refusalText(because)) ?? 'broken';
}

export function refusalText(because: string): string {
  return JSON.stringify({ because });
}

/** Undefined where there is no such file. Throws `CliFault`. */
export async function bytesIn(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new CliFault(`${path} cannot be read (${codeOf(cause)})`, { code: exitCodes.failed, cause });
  }
}

/**
 * Puts a file under its name. One that is there already with the same bytes is left; with others, nothing replaces it.
 * Throws `CliFault`.
 */
export async function putFile(path: string, bytes: Uint8Array): Promise<void> {
  if (await isPut(path, bytes)) return;
  if (Buffer.compare((await bytesIn(path)) ?? new Uint8Array(), bytes) !== 0)
    throw new CliFault(`${path} is there already, and is another`, { code: exitCodes.refused });
}

async function isPut(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return await putOnce(path, bytes);
  } catch (cause) {
    throw new CliFault(`${path} cannot be written (${codeOf(cause)})`, { code: exitCodes.failed, cause });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}
