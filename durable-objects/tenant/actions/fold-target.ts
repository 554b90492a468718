import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';

/** The circuit breaker of a target after an entry about it. */
export function foldTarget(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  if (entry.type !== 'target.opened' && entry.type !== 'target.tried' && entry.type !== 'target.closed') {
    return [];
  }
  const { target } = entry.body;
  const standing = rows.row('targets', target);
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  const before = { tenant, target, failures: 0, rest_ms: 0, ...standing, ...tip };
  switch (entry.type) {
    case 'target.opened': {
      const { until, rest_ms } = entry.body;
      return [{ name: 'targets', row: { ...before, state: 'open', until, rest_ms } }];
    }
    case 'target.tried':
      return [{ name: 'targets', row: { ...before, state: 'trying', until: entry.body.until } }];
    case 'target.closed':
      return [{ name: 'targets', row: { ...before, state: 'closed', until: null, failures: 0, rest_ms: 0 } }];
  }
}
