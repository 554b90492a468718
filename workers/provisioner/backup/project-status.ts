import type { ProjectAt } from '@countersign/protocol/backup/backup-requests';
import type { BackupMeans } from './backup-means.ts';

/** Of a line in the directory. `active` and `draining` are served; the others are for their owner alone. */
export type ProjectStatus = 'active' | 'draining' | 'suspended' | 'archived';

/** Whoever looks on is cut off where nobody is served any more; the gateways take a while until they know. */
export async function setStatus(
  { directory, record }: BackupMeans,
  { tenant }: ProjectAt,
  status: ProjectStatus,
): Promise<void> {
  const sql = 'UPDATE tenants SET status = ?2 WHERE tenant = ?1';
  await directory.batch([{ sql, params: [tenant, status] }]);
  if (!isServed(status)) await record(tenant).dismiss();
}

export async function statusOf(
  { directory }: BackupMeans,
  { tenant }: ProjectAt,
): Promise<string | undefined> {
  const sql = 'SELECT status FROM tenants WHERE tenant = ?1';
  const [[line] = []] = await directory.batch([{ sql, params: [tenant] }]);
  return line === undefined ? undefined : String(line.status);
}

/** Whether anybody but its owner can reach a project of this status. */
export function isServed(status: string | undefined): boolean {
  return status === 'active' || status === 'draining';
}
