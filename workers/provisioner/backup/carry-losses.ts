import type { LossesView } from '@countersign/protocol/backup/backup-requests';
import {
  type Carried,
  type Loss,
  LossWalk,
  type NotCarriedBecause,
  notCarriedNotice,
} from '@countersign/protocol/backup/carried-losses';
import type { SnapshotManifest } from '@countersign/protocol/backup/snapshot-manifest';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { CannotReturn, entryOf, linesOf } from './bring-back.ts';
import { readSnapshot } from './stored-snapshots.ts';
import { type Surroundings, storedSnapshot, wholeSnapshot } from './surroundings.ts';

/**
 * What was taken away between a snapshot and the copy of what stood in its place, for a restore to take it away again.
 * Only a copy that verifies, and that went on from the snapshot, can say so: else the answer is why not.
 */
export async function readLosses(
  around: Surroundings,
  snapshot: SnapshotManifest,
  copyId: string,
): Promise<LossesView> {
  const copy = await readSnapshot(around.means.store, around.project.tenant, copyId);
  if (copy === undefined) return notCarried('no_record');
  if (copy.refusedBecause !== null || !(await isWhole(around, copyId))) return notCarried('not_verified');
  const losses = await lossesIn(around, snapshot, copy.manifest);
  return typeof losses === 'string'
    ? notCarried(losses)
    : { found: losses.length, not_carried_because: null };
}

/** The same losses, where they are known to be there: the copy is one that nobody writes to any more. */
export async function carriedLosses(
  around: Surroundings,
  snapshot: SnapshotManifest,
  copyId: string,
  found: LossesView | null,
): Promise<Carried> {
  if (found === null) throw new TypeError('what was taken away is read before anything is erased');
  const { not_carried_because: because } = found;
  if (because !== null) return { losses: null, because };
  const { manifest } = await storedSnapshot(around, copyId);
  const losses = await lossesIn(around, snapshot, manifest);
  if (typeof losses === 'string')
    throw new CannotReturn('copy_altered', `the copy ${copyId} has changed: ${losses}`);
  return { losses, snapshot_id: copyId };
}

function notCarried(because: NotCarriedBecause): LossesView {
  return { found: null, not_carried_because: because, notice: notCarriedNotice(because) };
}

async function isWhole(around: Surroundings, id: string): Promise<boolean> {
  try {
    await wholeSnapshot(around, id);
    return true;
  } catch (fault) {
    if (fault instanceof CannotReturn) return false;
    throw fault;
  }
}

/** Holds one file at a time. */
async function lossesIn(
  { means }: Surroundings,
  { head }: SnapshotManifest,
  copy: SnapshotManifest,
): Promise<readonly Loss[] | 'not_verified' | 'not_descended'> {
  const walk = new LossWalk();
  let isDescended = false;
  for (const file of copy.files.filter(
    ({ kind, to_seq = head.seq }) => kind === 'ledger' && to_seq >= head.seq,
  ))
    for (const entry of (await linesOf(means, copy, file)).map(entryOf)) {
      if (entry.seq === head.seq) isDescended = entry.hash === head.hash;
      if (entry.seq > head.seq && !isStepped(walk, entry)) return 'not_verified';
    }
  return isDescended ? walk.end() : 'not_descended';
}

/** False where it is not known what an entry took away. */
function isStepped(walk: LossWalk, entry: LedgerEntry): boolean {
  try {
    walk.step(entry);
    return true;
  } catch {
    return false;
  }
}
