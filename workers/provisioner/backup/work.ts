import type {
  AskedBy,
  LossesView,
  ProjectAt,
  Restore,
  WorkKind,
  WorkView,
} from '@countersign/protocol/backup/backup-requests';
import type { SnapshotFile, SnapshotReason } from '@countersign/protocol/backup/snapshot-manifest';
import type { RecordHead, RowMark } from '@countersign/protocol/backup/tenant-record';

/** A copy in the making. */
export interface SnapshotState {
  readonly snapshot_id: string;
  readonly reason: SnapshotReason;
  readonly phase: 'rows' | 'ledger' | 'sign';
  /** Where the next rows begin. */
  readonly mark: RowMark;
  /** Fixed when the rows are through: entries up to here are copied, whatever goes on meanwhile. */
  readonly head: RecordHead | null;
  /** The last entry that was copied. */
  readonly last: { readonly seq: number; readonly hash: string };
  readonly rows: number;
  readonly files: readonly SnapshotFile[];
  /** The hash of the entry at which the snapshot before this one ended. */
  readonly atBefore: string | null;
  /** The first entry that is not as it was hashed, or does not follow: the copy is made nevertheless, and refused. */
  readonly brokenAt: number | null;
}

/** A copy on its way back into a database. */
export interface ReturnState {
  /** `clean`: of a proof, which leaves nothing behind. */
  readonly phase: 'erase' | 'entries' | 'fold' | 'rows' | 'finish' | 'compare' | 'clean';
  /** The next file. */
  readonly file: number;
}

interface Common {
  readonly work_id: string;
  readonly snapshot_id: string;
  /** Unix milliseconds. */
  readonly begunAt: number;
  readonly attempts: number;
  readonly trouble: string | null;
}

export interface SnapshotWork extends Common {
  readonly kind: 'snapshot';
  readonly state: SnapshotState;
}

export interface VerifyWork extends Common {
  readonly kind: 'verify';
}

export interface ProofWork extends Common {
  readonly kind: 'proof';
  readonly state: ReturnState;
}

export interface RestoreWork extends Common {
  readonly kind: 'restore';
  readonly phase: 'check' | 'close' | 'closed' | 'keep' | 'carry' | 'return' | 'open';
  readonly by: AskedBy;
  readonly reason: string;
  /** Whoever asked for it has said that what was revoked after the snapshot may be valid again. */
  readonly isRevokedAccepted: boolean;
  /** The copy of what is there now. */
  readonly kept: SnapshotState | null;
  /** Logins that were ended in the record that goes: until another is there nobody else knows of them. */
  readonly endedLogins: readonly string[];
  /** Null until that copy was read. */
  readonly losses: LossesView | null;
  readonly state: ReturnState;
}

export interface ArchiveWork extends Common {
  readonly kind: 'archive';
  readonly phase: 'drain' | 'drained' | 'close' | 'copy' | 'verify';
  readonly reason: string;
  readonly copy: SnapshotState | null;
}

/** `snapshot_id`: the archive that is kept elsewhere, or nothing. */
export interface DeleteWork extends Common {
  readonly kind: 'delete';
  readonly phase: 'machines' | 'rows' | 'object' | 'copies' | 'line';
}

export type Work = SnapshotWork | VerifyWork | ProofWork | RestoreWork | ArchiveWork | DeleteWork;

/** What a piece leaves: the work as it stands now, or that it is over. */
export type Piece =
  | { readonly kind: 'on'; readonly work: Work }
  /** Not before then (Unix milliseconds). */
  | { readonly kind: 'wait'; readonly work: Work; readonly until: number }
  | { readonly kind: 'done' }
  /** There is no such project any more, and nothing to remember of it. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly trouble: string };

export const FRESH_RETURN: ReturnState = { phase: 'erase', file: 0 };

/** A restore before its first piece. */
export function freshRestore(
  { accept_revoked, reason, snapshot_id }: Restore,
  by: AskedBy,
  endedLogins: readonly string[],
): Omit<RestoreWork, 'work_id' | 'begunAt' | 'attempts' | 'trouble'> {
  const isRevokedAccepted = accept_revoked !== undefined;
  const nothing = { kept: null, losses: null, state: FRESH_RETURN };
  return {
    kind: 'restore',
    phase: 'check',
    snapshot_id,
    by,
    reason,
    isRevokedAccepted,
    endedLogins,
    ...nothing,
  };
}

/** Which database and which object a copy is brought back into. */
export interface Target {
  readonly at: ProjectAt;
  readonly objectName: string;
}

export function viewOf(
  work: Work,
  { state, endedAt, trouble }: { state: WorkView['state']; endedAt: number | null; trouble: string | null },
): WorkView {
  return {
    work_id: work.work_id,
    kind: work.kind satisfies WorkKind,
    snapshot_id: work.snapshot_id,
    state,
    phase: phaseOf(work),
    entries: entriesOf(work),
    begun_at: new Date(work.begunAt).toISOString(),
    ended_at: endedAt === null ? null : new Date(endedAt).toISOString(),
    trouble,
    losses: work.kind === 'restore' ? work.losses : null,
  };
}

function phaseOf(work: Work): string {
  switch (work.kind) {
    case 'snapshot':
    case 'proof':
      return work.state.phase;
    case 'verify':
      return 'verify';
    case 'archive':
    case 'delete':
      return work.phase;
    case 'restore':
      return work.phase === 'return' ? work.state.phase : work.phase;
  }
}

function entriesOf(work: Work): number {
  if (work.kind === 'snapshot') return work.state.last.seq;
  if (work.kind === 'archive') return work.copy?.last.seq ?? 0;
  return work.kind === 'restore' ? (work.kept?.last.seq ?? 0) : 0;
}
