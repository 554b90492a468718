import type { Placed } from '../turn/event.ts';
import type { RehearsalState } from './rehearsal-state.ts';

/** Where a rehearsal stands after an entry about it. */
export function foldRehearsal(before: RehearsalState | null, entry: Placed): RehearsalState | null {
  if (entry.type === 'proposal.look_asked') {
    return {
      status: 'asked',
      number: entry.body.number,
      asked_at: entry.at,
      until: entry.body.until,
      asked_by: entry.body.name,
      lease_id: null,
      runner_id: null,
      seq: before?.seq ?? null,
      drift: null,
    };
  }
  if (before === null) return null;
  switch (entry.type) {
    case 'rehearsal.leased':
      return { ...before, status: 'leased', lease_id: entry.body.lease_id, runner_id: entry.body.runner_id };
    case 'rehearsal.reported':
      return {
        ...before,
        status: entry.body.status,
        runner_id: entry.body.runner_id,
        seq: entry.seq,
        drift: entry.body.drift,
      };
    case 'rehearsal.missed':
      return { ...before, status: 'missed' };
    default:
      return before;
  }
}
