import { join } from 'node:path';
import type { SnapshotKey } from '@countersign/protocol/backup/snapshot-keys';
import {
  MANIFEST_FILE,
  type SignedManifest,
  type SnapshotManifest,
} from '@countersign/protocol/backup/snapshot-manifest';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import type { Plane } from '../plane.ts';
import { manifestIn, putFile, REFUSAL_FILE, refusalText } from './snapshot-files.ts';
import { verifyFiles } from './verify-files.ts';

/** A manifest names a hundred thousand files at most. */
const LARGEST_MANIFEST = 64 * 1024 * 1024;
/** What may be the name of a folder: nothing that leads out of the one that was named. */
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

export interface Fetched {
  readonly folder: string;
  readonly manifest: SnapshotManifest;
  /** Why it does not stand for the record; null: it does, and holds. */
  readonly refusedBecause: string | null;
}

/**
 * Copies a snapshot from the plane to `into`/PROJECT/SNAPSHOT, laid out as a folder of backups is, and verifies what
 * lies there then. The manifest comes last: what was broken off is no snapshot, and is gone on with when it is fetched
 * again. Throws `CliFault`, `ApiError`.
 */
export async function fetchSnapshot(
  plane: Plane,
  snapshotId: string,
  into: string,
  pinned: readonly SnapshotKey[] | undefined,
  signal: AbortSignal,
): Promise<Fetched> {
  const { keys, snapshots } = await plane.backups.list({ signal });
  const shown = snapshots.find(({ snapshot_id }) => snapshot_id === snapshotId);
  if (shown === undefined) throw unknownSnapshot(snapshotId);
  const bytes = await whole(plane.backups.manifest(snapshotId, { signal }), LARGEST_MANIFEST, MANIFEST_FILE);
  const signed = manifestIn(bytes, 'what the control plane calls a manifest');
  const folder = folderOf(into, signed, snapshotId);
  const { manifest } = signed;
  for (const file of manifest.files) {
    const pieces = plane.backups.file(snapshotId, file.name, { signal });
    await putFile(join(folder, file.name), await whole(pieces, file.bytes, file.name));
  }
  // Before the manifest: a copy that does not stand for the record is never seen without this.
  const refusedBecause = shown.state === 'good' ? null : (shown.refused_because ?? 'broken');
  if (refusedBecause !== null)
    await putFile(join(folder, REFUSAL_FILE), new TextEncoder().encode(refusalText(refusedBecause)));
  await putFile(join(folder, MANIFEST_FILE), bytes);
  const verdict = await verifyFiles(folder, pinned ?? keys);
  if (!verdict.ok && refusedBecause === null) {
    const { code, message } = verdict.fault;
    throw new CliFault(`what came does not hold: ${code}: ${message}; it lies in ${folder}`, {
      code: exitCodes.failed,
      next: 'countersign backup verify says whether the one on the plane does',
    });
  }
  return { folder, manifest, refusedBecause };
}

export function unknownSnapshot(snapshotId: string): CliFault {
  return new CliFault(`there is no snapshot ${snapshotId}`, {
    code: exitCodes.failed,
    next: 'countersign backup list',
  });
}

function folderOf(into: string, { manifest }: SignedManifest, snapshotId: string): string {
  const { project_id, snapshot_id } = manifest;
  if (snapshot_id !== snapshotId || !SEGMENT.test(project_id))
    throw new CliFault('what the control plane gave is the manifest of something else', {
      code: exitCodes.failed,
    });
  return join(into, project_id, snapshot_id);
}

/** All bytes of a stream that has no more than so many. Throws `CliFault`. */
async function whole(pieces: AsyncIterable<Uint8Array>, most: number, what: string): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.byteLength;
    if (length > most) throw new CliFault(`${what} is longer than it can be`, { code: exitCodes.failed });
    held.push(piece);
  }
  return Buffer.concat(held);
}
