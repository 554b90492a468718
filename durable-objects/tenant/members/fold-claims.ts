import type { Placed } from '../turn/event.ts';
import type { Put } from '../turn/keyed-tables.ts';

/** The setting of claims after an entry about it. */
export function foldClaims(tenant: string, entry: Extract<Placed, { type: 'claims.saved' }>): readonly Put[] {
  const value = { mappings: entry.body.mappings };
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  return [{ name: 'settings', row: { tenant, name: 'claims', value, ...tip } }];
}
