import { nothingInForce } from '../control/control-setting.ts';
import type { Placed } from '../turn/event.ts';
import type { Put } from '../turn/keyed-tables.ts';

/** The rows that a tenant begins with, from what the provisioner wrote. */
export function foldTenant(tenant: string, entry: Placed): readonly Put[] {
  switch (entry.type) {
    case 'tenant.created': {
      if (entry.body.control_log !== true) return [];
      const row = { tenant, name: 'control' as const, value: nothingInForce, tip_seq: 0, tip_hash: '' };
      return [{ name: 'settings', row }];
    }
    case 'source.registered': {
      const { source_id, name, engine } = entry.body;
      return [{ name: 'sources', row: { tenant, source_id, name, engine } }];
    }
    default:
      return [];
  }
}
