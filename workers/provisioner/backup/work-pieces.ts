import { eraseTenant } from '../erase-tenant.ts';
import { type Returner, returnPiece } from './bring-back.ts';
import { archivePiece, deletePiece } from './close-project.ts';
import { restorePiece } from './restore-project.ts';
import { scratchFor } from './scratch.ts';
import { type Surroundings, storedSnapshot, wholeSnapshot } from './surroundings.ts';
import { takePiece } from './take-snapshot.ts';
import type { Piece, ProofWork, SnapshotWork, VerifyWork, Work } from './work.ts';

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

/** There is nothing in the scratch database that anything could have been taken away in. */
const PROOF: Returner = {
  by: 'system:proof',
  name: 'Countersign',
  reason: 'to prove that it can be',
  carried: async () => ({ losses: null, because: 'no_record' }),
};

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
