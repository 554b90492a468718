import type { ProjectAt } from '@countersign/protocol/backup/backup-requests';
import type { BackupMeans } from './backup-means.ts';
import type { Project } from './take-snapshot.ts';

/** A project with its line in the directory. */
export async function projectAt({ directory }: BackupMeans, at: ProjectAt): Promise<Project> {
  const sql = 'SELECT label, region FROM tenants WHERE tenant = ?1';
  const [[line] = []] = await directory.batch([{ sql, params: [at.tenant] }]);
  return { ...at, label: String(line?.label ?? at.tenant), region: String(line?.region ?? '') };
}
