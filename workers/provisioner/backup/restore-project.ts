import type { LossesView } from '@countersign/protocol/backup/backup-requests';
import { notCarriedNotice } from '@countersign/protocol/backup/carried-losses';
import { CannotReturn, returnPiece } from './bring-back.ts';
import { carriedLosses, readLosses } from './carry-losses.ts';
import { BELIEVED_MS } from './close-project.ts';
import { endedLoginsIn } from './ended-logins.ts';
import { setStatus } from './project-status.ts';
import { type Surroundings, storedSnapshot, wholeSnapshot } from './surroundings.ts';
import { freshSnapshot, takePiece } from './take-snapshot.ts';
import type { Piece, RestoreWork } from './work.ts';

/**
 * The next piece of bringing a snapshot back over a project: it is closed, what is there is set aside and read for what
 * was taken away since the snapshot, then the snapshot comes in its place, and the project is opened.
 */
export async function restorePiece(around: Surroundings, work: RestoreWork): Promise<Piece> {
  const { means, project } = around;
  switch (work.phase) {
    case 'check': {
      const { manifest, refusedBecause } = await wholeSnapshot(around, work.snapshot_id);
      if (refusedBecause !== null)
        throw new CannotReturn('snapshot_refused', `it does not stand for the record: ${refusedBecause}`);
      if (manifest.schema > means.schema)
        throw new CannotReturn(
          'newer_release',
          `it was made by a release with the schema ${manifest.schema}`,
        );
      return on({ ...work, phase: 'close' });
    }
    case 'close':
      await setStatus(means, project, 'suspended');
      // What still comes in meanwhile belongs into the copy of what was there.
      return { kind: 'wait', work: { ...work, phase: 'closed' }, until: means.now() + BELIEVED_MS };
    case 'closed': {
      const kept = freshSnapshot(project.tenant, around.newSnapshotId(), 'before_restore');
      // Before the record goes: until another is there, whoever asks about this closed project is measured by these.
      const found = await endedLoginsIn(means, project);
      return on({ ...work, phase: 'keep', kept, endedLogins: [...new Set([...work.endedLogins, ...found])] });
    }
    case 'keep':
      return keepPresent(around, work);
    case 'carry':
      return on({ ...work, phase: 'return', losses: await acceptedLosses(around, work) });
    case 'return': {
      const target = { at: project, objectName: project.tenant };
      const snapshot = await storedSnapshot(around, work.snapshot_id);
      const from = {
        ...work.by,
        reason: work.reason,
        carried: () => carriedLosses(around, snapshot.manifest, copyOf(work), work.losses),
      };
      const returned = await returnPiece(means, target, snapshot, work.state, from);
      return on(returned.kind === 'on' ? { ...work, state: returned.state } : { ...work, phase: 'open' });
    }
    case 'open':
      await setStatus(means, project, 'active');
      return { kind: 'done' };
  }
}

/** What is there now is set aside before it goes, whatever it is worth: somebody may have to find out what happened. */
async function keepPresent({ means, project }: Surroundings, work: RestoreWork): Promise<Piece> {
  if (work.kept === null) throw new TypeError('what is there is set aside once it is closed');
  const taken = await takePiece(means, project, work.kept, undefined);
  return on(taken.kind === 'on' ? { ...work, kept: taken.state } : { ...work, phase: 'carry' });
}

/**
 * What was taken away since the snapshot. Where that is not known, whoever asked must have said that it may be valid
 * again: nothing is erased before. Throws `CannotReturn`.
 */
async function acceptedLosses(around: Surroundings, work: RestoreWork): Promise<LossesView> {
  const { manifest } = await storedSnapshot(around, work.snapshot_id);
  const losses = await readLosses(around, manifest, copyOf(work));
  const { not_carried_because: because } = losses;
  if (because !== null && because !== 'no_record' && !work.isRevokedAccepted)
    throw new CannotReturn('losses_unknown', notCarriedNotice(because));
  return losses;
}

function copyOf({ kept }: RestoreWork): string {
  if (kept === null) throw new TypeError('nothing was set aside');
  return kept.snapshot_id;
}

function on(work: RestoreWork): Piece {
  return { kind: 'on', work };
}
