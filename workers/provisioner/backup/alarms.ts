import {
  type RefusedBecause,
  refusalSentences,
  refusedBecause,
} from '@countersign/protocol/backup/accept-snapshot';
import type { AlarmView } from '@countersign/protocol/backup/backup-requests';
import type { Work } from './work.ts';

/** Alarms as they stand after something has gone well, or badly. One of a code at a time: the first says since when. */
export function raise(alarms: readonly AlarmView[], alarm: AlarmView): readonly AlarmView[] {
  return alarms.some(({ code }) => code === alarm.code) ? alarms : [...alarms, alarm];
}

export function quiet(
  alarms: readonly AlarmView[],
  codes: readonly AlarmView['code'][],
): readonly AlarmView[] {
  return alarms.filter(({ code }) => !codes.includes(code));
}

/** What a work that went well puts an end to. */
export function endedBy(kind: Work['kind']): readonly AlarmView['code'][] {
  switch (kind) {
    case 'snapshot':
      return ['snapshot_refused', 'snapshot_failed', 'backup_overdue'];
    case 'proof':
      return ['proof_failed'];
    case 'restore':
      return ['snapshot_refused', 'record_broken', 'proof_failed'];
    case 'verify':
    case 'archive':
    case 'delete':
      return [];
  }
}

/** What a work that failed tells somebody; undefined: whoever asked for it sees it, and nobody else need. */
export function alarmOf({ kind, snapshot_id }: Work, trouble: string, now: number): AlarmView | undefined {
  const since = new Date(now).toISOString();
  const because = refusedBecause.find((reason) => trouble === `refused_${reason}`);
  if (because !== undefined) return refusedAlarm(because, snapshot_id, since);
  switch (kind) {
    case 'snapshot':
      return {
        code: 'snapshot_failed',
        since,
        message: `no snapshot could be taken: ${trouble}`,
        next: 'the newest good snapshot is older than it should be; mend what is named, then `countersign backup create`',
      };
    case 'proof':
      return {
        code: 'proof_failed',
        since,
        message: `the snapshot ${snapshot_id} could not be brought back: ${trouble}`,
        next: '`countersign backup verify` says of each whether it is whole; take a new one, and prove that',
      };
    case 'restore':
    case 'verify':
    case 'archive':
    case 'delete':
      return undefined;
  }
}

function refusedAlarm(because: RefusedBecause, snapshotId: string, since: string): AlarmView {
  const message = `the snapshot ${snapshotId} is kept, and stands for nothing: ${refusalSentences[because]}`;
  if (because !== 'broken') {
    const next =
      'older snapshots stay as they are; find out what happened to the record before anything else';
    return { code: 'snapshot_refused', since, message, next };
  }
  return {
    code: 'record_broken',
    since,
    message: `${message}. Nothing is leased until an operator lifts the stop; reading goes on`,
    next: '`countersign backup restore` with the newest good snapshot brings the record back',
  };
}
