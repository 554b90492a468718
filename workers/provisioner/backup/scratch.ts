import type { ProjectAt } from '@countersign/protocol/backup/backup-requests';
import type { BackupMeans } from './backup-means.ts';
import { CannotReturn } from './bring-back.ts';
import type { Target } from './work.ts';

/**
 * Where a copy of this project is brought back to prove it. Whatever stands there is erased first, so it must be sure
 * that this is no database that anybody lives in. Throws `CannotReturn`.
 */
export async function scratchFor(means: BackupMeans, project: ProjectAt): Promise<Target> {
  const { scratch } = means;
  if (scratch === undefined) throw new CannotReturn('no_scratch', 'there is no database to prove copies in');
  const head = { sql: 'SELECT nonce FROM heads WHERE tenant = ?1', params: [project.tenant] };
  const [[here = []], [there = [], lines = []]] = await Promise.all([
    means.shard(project.shard).batch([head]),
    means.shard(scratch).batch([head, { sql: 'SELECT tenant FROM tenants LIMIT 1', params: [] }]),
  ]);
  // A scratch database has no directory, and no head that a living tenant has.
  const isLive = here[0] !== undefined && there[0]?.nonce === here[0].nonce;
  if (lines.length > 0 || isLive)
    throw new CannotReturn('scratch_in_use', 'the database for proofs is one that tenants live in');
  return { at: { tenant: project.tenant, shard: scratch }, objectName: `proof/${project.tenant}` };
}
