import type { AskedBy, ProjectAt } from '@countersign/protocol/backup/backup-requests';
import type { BackupMeans } from './backup-means.ts';
import type { Project } from './take-snapshot.ts';

/** Where its record ends; undefined: it has none. */
export async function headOf(means: BackupMeans, { shard, tenant }: ProjectAt): Promise<number | undefined> {
  const sql = 'SELECT seq FROM heads WHERE tenant = ?1';
  const [[head] = []] = await means.shard(shard).batch([{ sql, params: [tenant] }]);
  return head === undefined ? undefined : Number(head.seq);
}

const PERSON = 'person:';

/**
 * While a project is closed only its owner in the directory is answered. That must be whoever closed it, whom the project
 * itself has just called an owner: one whom the directory named earlier may have been removed since.
 */
export async function nameOwner(
  { directory }: BackupMeans,
  { tenant }: ProjectAt,
  { by }: AskedBy,
): Promise<void> {
  if (!by.startsWith(PERSON)) return;
  const sql = 'UPDATE tenants SET owner = ?2 WHERE tenant = ?1';
  await directory.batch([{ sql, params: [tenant, by.slice(PERSON.length)] }]);
}

/** A project with its line in the directory. */
export async function projectAt({ directory }: BackupMeans, at: ProjectAt): Promise<Project> {
  const sql = 'SELECT label, region FROM tenants WHERE tenant = ?1';
  const [[line] = []] = await directory.batch([{ sql, params: [at.tenant] }]);
  return { ...at, label: String(line?.label ?? at.tenant), region: String(line?.region ?? '') };
}
