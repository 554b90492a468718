import type { TargetRow } from '../actions-schema.ts';
import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';

/** The circuit breaker of a target after an entry about it. */
export function foldTarget(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  if (entry.type !== 'target.opened' && entry.type !== 'target.tried' && entry.type !== 'target.closed') {
    return [];
  }
  const { target } = entry.body;
  const standing = rows.row('targets', target) ?? calm(tenant, target);
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  const row = { ...standing, ...changeOf(entry), ...tip };
  return [{ name: 'targets', row }];
}

type TargetEntry = Extract<Placed, { type: 'target.opened' | 'target.tried' | 'target.closed' }>;

function changeOf(entry: TargetEntry): Partial<TargetRow> {
  switch (entry.type) {
    case 'target.opened': {
      const { until, rest_ms } = entry.body;
      return { state: 'open', until, rest_ms, trial: null };
    }
    case 'target.tried':
      return { state: 'trying', until: entry.body.until, trial: entry.body.action_id };
    case 'target.closed':
      return { state: 'closed', until: null, failures: 0, rest_ms: 0, trial: null };
  }
}

/** A target that nobody has heard anything of. */
export function calm(tenant: string, target: string): TargetRow {
  return {
    tenant,
    target,
    state: 'closed',
    failures: 0,
    until: null,
    rest_ms: 0,
    trial: null,
    dead_letters: 0,
    recovers_until: null,
    tip_seq: 0,
    tip_hash: '',
  };
}
