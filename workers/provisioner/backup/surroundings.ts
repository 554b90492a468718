import { publicKeys } from '@countersign/protocol/backup/snapshot-keys';
import { verifySnapshot } from '@countersign/protocol/backup/verify-snapshot';
import type { BackupMeans } from './backup-means.ts';
import { CannotReturn } from './bring-back.ts';
import { folderOf, readSnapshot, type StoredSnapshot } from './stored-snapshots.ts';
import type { Project } from './take-snapshot.ts';

/** What the next piece of a work may look at besides the store. */
export interface Surroundings {
  readonly means: BackupMeans;
  readonly project: Project;
  /** What a new snapshot is measured by. */
  before(): Promise<StoredSnapshot | undefined>;
  newSnapshotId(): string;
}

/** Throws `CannotReturn` where there is no such snapshot. */
export async function storedSnapshot({ means, project }: Surroundings, id: string): Promise<StoredSnapshot> {
  const found = await readSnapshot(means.store, project.tenant, id);
  if (found === undefined)
    throw new CannotReturn('snapshot_missing', 'there is no such snapshot, or it is not whole');
  return found;
}

/** The same once it is sure that it is what was signed, from the first entry to the last. */
export async function wholeSnapshot(around: Surroundings, id: string): Promise<StoredSnapshot> {
  const { means, project } = around;
  const found = await storedSnapshot(around, id);
  const folder = folderOf(project.tenant, id);
  const read = (file: string) => means.store.get(`${folder}${file}`);
  const verdict = await verifySnapshot(found.signed, read, publicKeys(means.keys));
  // Of a refused one it is known already that its chain does not hold.
  if (!verdict.ok && found.refusedBecause !== 'broken')
    throw new CannotReturn(verdict.fault.code, verdict.fault.message);
  return found;
}
