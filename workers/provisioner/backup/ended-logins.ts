import type { ProjectAt } from '@countersign/protocol/backup/backup-requests';
import * as z from 'zod';
import type { BackupMeans } from './backup-means.ts';

/** Of the setting `sessions`, as the tenant's object writes it. */
const endedSchema = z.looseObject({ revoked: z.array(z.looseObject({ session: z.string() })) });

/** The logins that were ended in a project, as its record has them; none where it has no record. */
export async function endedLoginsIn(
  means: BackupMeans,
  { shard, tenant }: ProjectAt,
): Promise<readonly string[]> {
  const sql = "SELECT value FROM settings WHERE tenant = ?1 AND name = 'sessions'";
  const [[row] = []] = await means.shard(shard).batch([{ sql, params: [tenant] }]);
  if (row === undefined) return [];
  try {
    return endedSchema.parse(JSON.parse(String(row.value))).revoked.map(({ session }) => session);
  } catch {
    // Somebody has been at the database: the record must come back all the same.
    return [];
  }
}
