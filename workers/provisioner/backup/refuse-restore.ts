import type { ProjectAt, Restore } from '@countersign/protocol/backup/backup-requests';
import type { Told } from '@countersign/protocol/provisioning/provisioning-requests';
import type { BackupMeans } from './backup-means.ts';
import { headOf, projectAt } from './project-at.ts';
import { notFound, refused } from './refused.ts';
import { readSnapshot } from './stored-snapshots.ts';

/** Why a snapshot may not be brought back; undefined where it may, as far as can be said before anything is closed. */
export async function refusalOfRestore(
  means: BackupMeans,
  at: ProjectAt,
  { accept_revoked, over, snapshot_id }: Restore,
): Promise<Told<never> | undefined> {
  if ((await readSnapshot(means.store, at.tenant, snapshot_id)) === undefined) return notFound(snapshot_id);
  const { label } = await projectAt(means, at);
  const head = await headOf(means, at);
  if (head !== undefined && over !== label) {
    const message = `the project has a record of ${head} entries, and it would be replaced`;
    return refused('record_exists', message, `say over: "${label}"; what is there now is set aside first`);
  }
  return accept_revoked === undefined || accept_revoked === label
    ? undefined
    : refused('label_differs', 'accept_revoked: is not the label of the project');
}
