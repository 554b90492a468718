import type { Put, RowReader } from './keyed-tables.ts';
import type { RunnerSeen, Volatile } from './outcome.ts';

/** The rows of keyed tables after a change that leaves no entry. One of a row that is not there changes nothing. */
export function volatileRows(rows: RowReader, change: Volatile): readonly Put[] {
  if ('used' in change) {
    const row = rows.row('credentials', change.used.credential_id);
    return row === undefined ? [] : [{ name: 'credentials', row: { ...row, last_used_at: change.used.at } }];
  }
  if ('seen' in change) return seen(rows, change.seen);
  if ('renewedAction' in change) {
    const { action_id, claim_expires_at } = change.renewedAction;
    const row = rows.row('actions', action_id);
    if (row === undefined) return [];
    return [{ name: 'actions', row: { ...row, claim_expires_at, rank: claim_expires_at } }];
  }
  if ('renewedTask' in change) {
    const { step_id, claim_expires_at } = change.renewedTask;
    const row = rows.row('steps', step_id);
    const renewed: readonly Put[] =
      row === undefined ? [] : [{ name: 'steps', row: { ...row, claim_expires_at, rank: claim_expires_at } }];
    return change.by === undefined ? renewed : [...renewed, ...seen(rows, change.by)];
  }
  return [];
}

function seen(rows: RowReader, { runner_id, ...times }: RunnerSeen): readonly Put[] {
  const row = rows.row('runners', runner_id);
  return row === undefined ? [] : [{ name: 'runners', row: { ...row, ...times } }];
}
