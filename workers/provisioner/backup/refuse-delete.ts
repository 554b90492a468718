import type { Delete } from '@countersign/protocol/backup/backup-requests';
import { bytesDigest } from '@countersign/protocol/backup/snapshot-lines';
import { MANIFEST_FILE } from '@countersign/protocol/backup/snapshot-manifest';
import type { Refusal } from '@countersign/protocol/problem';
import type { BackupMeans } from './backup-means.ts';
import { statusOf } from './project-status.ts';
import { folderOf, shelfOf } from './stored-snapshots.ts';
import type { Project } from './take-snapshot.ts';

/**
 * Why a project may not be ended. Its copies end with it: so whoever asks names the archive by what only its holder
 * knows, or says twice that none is wanted.
 */
export async function refusalOfDelete(
  means: BackupMeans,
  project: Project,
  { archive_digest, label, without_archive }: Delete,
): Promise<Refusal | undefined> {
  if (label !== project.label)
    return {
      code: 'label_differs',
      message: 'the label is not that of the project',
      next: 'name the project that is to end',
    };
  if (without_archive !== undefined)
    return without_archive === project.label
      ? undefined
      : { code: 'label_differs', message: 'without_archive: is not the label of the project' };
  if ((await statusOf(means, project)) !== 'archived') return notArchived('the project has no archive yet');
  const { snapshots } = await shelfOf(means.store, project.tenant);
  const archive = snapshots.findLast(
    ({ manifest, refusedBecause }) => manifest.reason === 'archive' && refusedBecause === null,
  );
  if (archive === undefined) return notArchived('the archive is not there any more');
  const path = `${folderOf(project.tenant, archive.manifest.snapshot_id)}${MANIFEST_FILE}`;
  const bytes = await means.store.get(path);
  const isHeld = bytes !== undefined && bytesDigest(bytes) === archive_digest;
  return isHeld ? undefined : notArchived('archive_digest: is not that of the manifest of the archive');
}

function notArchived(message: string): Refusal {
  return {
    code: 'archive_required',
    message,
    next: 'archive the project, fetch the archive and verify it, and name the digest of its manifest; or say twice that none is wanted',
  };
}
