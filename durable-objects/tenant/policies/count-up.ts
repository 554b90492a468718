import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';

/** The counters after an entry that took something off limits. */
export function countUp(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const counted =
    entry.type === 'proposal.approved' ||
    entry.type === 'attempt.refused' ||
    entry.type === 'action.requested'
      ? entry.body.counted
      : undefined;
  return (counted ?? []).map(({ key, count, total }) => {
    const before = rows.row('counters', key);
    const row = { tenant, key, count: (before?.count ?? 0) + count, total: (before?.total ?? 0) + total };
    return { name: 'counters', row };
  });
}
