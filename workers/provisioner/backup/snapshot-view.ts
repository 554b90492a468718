import type { SnapshotView } from '@countersign/protocol/backup/backup-requests';
import type { Kept } from '@countersign/protocol/backup/retention';
import { snapshotIdSchema } from '@countersign/protocol/backup/snapshot-manifest';
import type { Shelf, StoredSnapshot } from './stored-snapshots.ts';

export function snapshotView(
  { manifest, refusedBecause }: StoredSnapshot,
  proven: Readonly<Record<string, string>>,
): SnapshotView {
  const { entries, files, head, reason, snapshot_id, taken_at } = manifest;
  return {
    snapshot_id,
    reason,
    taken_at,
    head: { seq: head.seq, hash: head.hash },
    entries,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    state: refusedBecause === null ? 'good' : 'refused',
    refused_because: refusedBecause,
    proven_at: proven[snapshot_id] ?? null,
  };
}

/**
 * What the store holds, as far as it matters how long. What is being made right now is none of it; the one that stands for
 * the record stays, however old it is.
 */
export function keptOf(
  { snapshots, unfinished }: Shelf,
  { needed, underWay }: { readonly needed: string | undefined; readonly underWay: string | undefined },
): readonly Kept[] {
  const whole = snapshots.map(({ manifest, refusedBecause }) => ({
    snapshot_id: manifest.snapshot_id,
    takenAt: Date.parse(manifest.taken_at),
    isGood: refusedBecause === null,
    isPinned: manifest.reason === 'archive' || manifest.reason === 'before_restore',
    isNeeded: manifest.snapshot_id === needed,
  }));
  const left = unfinished
    .filter((id) => id !== underWay && snapshotIdSchema.safeParse(id).success)
    .map((id) => ({ snapshot_id: id, takenAt: timeOf(id), isGood: false, isPinned: false, isNeeded: false }));
  return [...whole, ...left];
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** When an id was made, in Unix milliseconds. */
function timeOf(snapshotId: string): number {
  const time = snapshotId.slice('snp_'.length, 'snp_'.length + 10);
  return [...time].reduce((sum, character) => sum * ALPHABET.length + ALPHABET.indexOf(character), 0);
}
