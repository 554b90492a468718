import type { ProvisionerEnv } from '../settings.ts';

/** Each is one call to an object, and the platform lets one event make a thousand. */
const AT_ONCE = 500;
const HOUR_MS = 3_600_000;

/**
 * Sees to it that somebody looks after the copies of each project, however it came to be: a part of the directory every
 * hour, all of it in turn.
 */
export async function adoptAll({ BACKUP, DB }: ProvisionerEnv, now: number): Promise<void> {
  const counted = await DB.prepare("SELECT COUNT(*) AS projects FROM tenants WHERE status = 'active'").first<{
    projects: number;
  }>();
  const parts = Math.max(1, Math.ceil((counted?.projects ?? 0) / AT_ONCE));
  const part = Math.floor(now / HOUR_MS) % parts;
  const { results } = await DB.prepare(
    "SELECT tenant, shard FROM tenants WHERE status = 'active' ORDER BY tenant LIMIT ?1 OFFSET ?2",
  )
    .bind(AT_ONCE, part * AT_ONCE)
    .all<{ tenant: string; shard: string }>();
  for (const { shard, tenant } of results) await BACKUP.getByName(tenant).adopt({ tenant, shard });
}
