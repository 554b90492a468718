import { join, resolve } from 'node:path';
import type { PlaneBackups } from '@countersign/serve/plane-child';
import { readSnapshotKeys } from '@countersign/serve/snapshot-keys';
import { ensurePrivateFolder } from '../local/private-file.ts';

/** Often enough that there is something to look at, and few enough kept that they fill no disk. */
const SETTINGS = { every_hours: 1, prove_every_hours: 24, keep: { count: 5, days: 1 } } as const;

/** Copies of the local records, beside them: this shows how it works, and protects nobody from a lost disk. */
export async function localBackups(stateFolder: string): Promise<PlaneBackups> {
  const folder = snapshotsIn(stateFolder);
  await ensurePrivateFolder(folder);
  const paths = { snapshotKeys: join(stateFolder, 'snapshot-keys') };
  const keys = await readSnapshotKeys(undefined, paths, folder, {});
  return { folder, settings: { SNAPSHOT_KEYS: JSON.stringify(keys), BACKUPS: JSON.stringify(SETTINGS) } };
}

export function snapshotsIn(stateFolder: string): string {
  return resolve(stateFolder, 'snapshots');
}
