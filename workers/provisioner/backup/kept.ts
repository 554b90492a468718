import type {
  AlarmView,
  BackupsView,
  ProjectAt,
  WorkView,
} from '@countersign/protocol/backup/backup-requests';
import { publicKeys } from '@countersign/protocol/backup/snapshot-keys';
import { endedBy, quiet, raise } from './alarms.ts';
import type { BackupMeans } from './backup-means.ts';
import type { LastDone } from './schedule.ts';
import { snapshotView } from './snapshot-view.ts';
import { newestGood, type Shelf, type StoredSnapshot } from './stored-snapshots.ts';
import { viewOf, type Work } from './work.ts';

const MOST_PAST = 20;
/** What failed by the clock is not tried again at once. */
const REST_MS = 3_600_000;

/** What the object keeps. All of it may be lost without losing a copy: those lie in the store. */
export interface Kept {
  readonly at: ProjectAt;
  readonly since: number;
  readonly work: Work | null;
  readonly past: readonly WorkView[];
  readonly alarms: readonly AlarmView[];
  readonly proof: BackupsView['last_proven_restore'];
  readonly proven: Readonly<Record<string, string>>;
  /** Since a restore the record goes on from that snapshot, and newer ones are of what it was before. */
  readonly line: { readonly snapshotId: string; readonly since: number } | null;
  /** Logins that were ended in a record which a restore that failed has taken away. */
  readonly endedLogins: readonly string[];
  /** When the clock had nothing done last because it failed: it is not tried again at once. */
  readonly restUntil: number;
}

/** What is kept of a project that has just come under this roof. */
export function fresh(at: ProjectAt, now: number): Kept {
  const nothing = { work: null, past: [], alarms: [], proof: null, proven: {}, line: null };
  return { at, since: now, ...nothing, endedLogins: [], restUntil: 0 };
}

/**
 * The snapshot that stands for the record: new ones are measured by it, and it is what a proof brings back. Those from
 * before a restore are of a record that was given up, what the restore set aside among them.
 */
export function standing({ line }: Kept, { snapshots }: Shelf): StoredSnapshot | undefined {
  if (line === null) return newestGood(snapshots);
  const since = snapshots.filter(({ manifest }) => Date.parse(manifest.taken_at) > line.since);
  return newestGood(since) ?? snapshots.find(({ manifest }) => manifest.snapshot_id === line.snapshotId);
}

/** When things were done last. */
export function lastDone(kept: Kept, shelf: Shelf): LastDone {
  const { proof, since } = kept;
  const newest = standing(kept, shelf);
  return {
    snapshotAt: newest === undefined ? null : Date.parse(newest.manifest.taken_at),
    proofAt: proof === null ? null : Date.parse(proof.at),
    since,
  };
}

/** Logins that count no more, as far as the record that knew of them is gone. */
export function endedLoginsOf({ endedLogins, work }: Pick<Kept, 'endedLogins' | 'work'>): readonly string[] {
  return work?.kind === 'restore' ? work.endedLogins : endedLogins;
}

export function overdueAlarm(now: number): AlarmView {
  return {
    code: 'backup_overdue',
    since: new Date(now).toISOString(),
    message: 'the newest good snapshot is more than two intervals old',
    next: '`countersign backup list` says what the last ones failed with; then `countersign backup create`',
  };
}

/** All of it, as the list shows it. */
export function viewOfAll({ keys, settings }: BackupMeans, kept: Kept, shelf: Shelf): BackupsView {
  const { alarms, past, proof, proven, work } = kept;
  const going = work === null ? [] : [viewOf(work, { state: 'going', endedAt: null, trouble: work.trouble })];
  return {
    snapshots: shelf.snapshots.toReversed().map((one) => snapshotView(one, proven)),
    work: [...going, ...past],
    alarms,
    last_snapshot_at: standing(kept, shelf)?.manifest.taken_at ?? null,
    last_proven_restore: proof,
    every_hours: settings.everyHours,
    prove_every_hours: settings.proveEveryHours,
    keep: settings.keep,
    keys: publicKeys(keys),
  };
}

/** What is kept once a work has gone well. */
export function afterDone(kept: Kept, work: Work, now: number): Kept {
  const at = new Date(now).toISOString();
  const { kind, snapshot_id } = work;
  const ended = viewOf(work, { state: 'done', endedAt: now, trouble: null });
  return {
    ...kept,
    work: null,
    past: [ended, ...kept.past].slice(0, MOST_PAST),
    alarms: quiet(kept.alarms, endedBy(kind)),
    ...(kind === 'proof'
      ? {
          proof: { at, snapshot_id, took_ms: now - work.begunAt },
          proven: { ...kept.proven, [snapshot_id]: at },
        }
      : {}),
    ...(kind === 'restore' ? { line: { snapshotId: snapshot_id, since: now }, endedLogins: [] } : {}),
  };
}

/** What is kept once a work has failed for good. */
export function afterFailed(
  kept: Kept,
  work: Work,
  {
    alarm,
    now,
    trouble,
  }: { readonly trouble: string; readonly alarm: AlarmView | undefined; readonly now: number },
): Kept {
  const ended = viewOf(work, { state: 'failed', endedAt: now, trouble });
  return {
    ...kept,
    work: null,
    past: [ended, ...kept.past].slice(0, MOST_PAST),
    alarms: alarm === undefined ? kept.alarms : raise(kept.alarms, alarm),
    endedLogins: endedLoginsOf({ ...kept, work }),
    restUntil: now + REST_MS,
  };
}
