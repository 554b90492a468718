import type { SettingName, SettingValue } from '../settings/setting.ts';
import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';

/** The rows of policies and permission rules after an entry about them. */
export function foldPolicy(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  const setting = (name: SettingName, value: SettingValue): Put => {
    // The list of policies follows from entries about policies, and so has no chain of its own.
    const own = name === 'policies' ? { tip_seq: 0, tip_hash: '' } : tip;
    return { name: 'settings', row: { tenant, name, value, ...own } };
  };
  switch (entry.type) {
    case 'policy.saved': {
      const { name, version, digest } = entry.body;
      const before = rows.row('policies', name);
      const row = {
        tenant,
        name,
        status: before?.status === 'active' ? ('active' as const) : ('draft' as const),
        version,
        newest_seq: entry.seq,
        newest_digest: digest,
        active_seq: before?.active_seq ?? null,
        active_digest: before?.active_digest ?? null,
        created_at: before?.created_at ?? entry.at,
        updated_at: entry.at,
        ...tip,
      };
      return [{ name: 'policies', row }];
    }
    case 'policy.activated':
    case 'policy.retired': {
      const before = rows.row('policies', entry.body.name);
      if (before === undefined) return [];
      const inForce = entry.type === 'policy.activated' ? entry.body : { seq: null, digest: null };
      const row = {
        ...before,
        status: entry.type === 'policy.activated' ? ('active' as const) : ('retired' as const),
        active_seq: inForce.seq,
        active_digest: inForce.digest,
        updated_at: entry.at,
        ...tip,
      };
      return [{ name: 'policies', row }, setting('policies', [...entry.body.in_force])];
    }
    case 'permissions.saved':
    case 'permissions.enforced':
    case 'permissions.relaxed':
    case 'permissions.unlocked':
      return [setting('permissions', entry.body.setting)];
    default:
      return [];
  }
}
