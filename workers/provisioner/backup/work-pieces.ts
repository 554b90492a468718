import { eraseTenant } from '../erase-tenant.ts';
import { CannotReturn, returnPiece } from './bring-back.ts';
import { archivePiece, BELIEVED_MS, deletePiece } from './close-project.ts';
import { setStatus } from './project-status.ts';
import { scratchFor } from './scratch.ts';
import { type Surroundings, storedSnapshot, wholeSnapshot } from './surroundings.ts';
import { freshSnapshot, takePiece } from './take-snapshot.ts';
import type { Piece, ProofWork, RestoreWork, SnapshotWork, VerifyWork, Work } from './work.ts';

/** The next piece of a work. Throws `CannotReturn` for what never passes, and whatever may. */
export function nextPiece(around: Surroundings, work: Work): Promise<Piece> {
  switch (work.kind) {
    case 'snapshot':
      return snapshotPiece(around, work);
    case 'verify':
      return verifyPiece(around, work);
    case 'proof':
      return proofPiece(around, work);
    case 'restore':
      return restorePiece(around, work);
    case 'archive':
      return archivePiece(around, work);
    case 'delete':
      return deletePiece(around, work);
  }
}

async function snapshotPiece(around: Surroundings, work: SnapshotWork): Promise<Piece> {
  const { means, project } = around;
  const taken = await takePiece(means, project, work.state, await around.before());
  switch (taken.kind) {
    case 'on':
      return { kind: 'on', work: { ...work, state: taken.state } };
    case 'kept':
      return { kind: 'done' };
    case 'refused':
      return { kind: 'failed', trouble: `refused_${taken.because}` };
    case 'nothing':
      return { kind: 'failed', trouble: 'no_record' };
  }
}

async function verifyPiece(around: Surroundings, work: VerifyWork): Promise<Piece> {
  await wholeSnapshot(around, work.snapshot_id);
  return { kind: 'done' };
}

const PROOF = { by: 'system:proof', name: 'Countersign', reason: 'to prove that it can be' } as const;

async function proofPiece(around: Surroundings, work: ProofWork): Promise<Piece> {
  const { means, project } = around;
  const target = await scratchFor(means, project);
  if (work.state.phase === 'clean') {
    await eraseTenant(means.shard(target.at.shard), project.tenant);
    await means.record(target.objectName).forget();
    return { kind: 'done' };
  }
  const snapshot =
    work.state.phase === 'erase'
      ? await wholeSnapshot(around, work.snapshot_id)
      : await storedSnapshot(around, work.snapshot_id);
  const returned = await returnPiece(means, target, snapshot, work.state, PROOF);
  const state = returned.kind === 'on' ? returned.state : ({ phase: 'clean', file: 0 } as const);
  return { kind: 'on', work: { ...work, state } };
}

async function restorePiece(around: Surroundings, work: RestoreWork): Promise<Piece> {
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
      return on({ ...work, phase: 'keep', kept });
    }
    case 'keep':
      return keepPresent(around, work);
    case 'return': {
      const target = { at: project, objectName: project.tenant };
      const snapshot = await storedSnapshot(around, work.snapshot_id);
      const from = { ...work.by, reason: work.reason };
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
  if (work.kept === null) return on({ ...work, phase: 'return' });
  const taken = await takePiece(means, project, work.kept, undefined);
  return on(taken.kind === 'on' ? { ...work, kept: taken.state } : { ...work, phase: 'return' });
}

function on(work: RestoreWork): Piece {
  return { kind: 'on', work };
}
