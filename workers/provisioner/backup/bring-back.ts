import type { Carried } from '@countersign/protocol/backup/carried-losses';
import { rowOfLine, type SnapshotRow, unpack } from '@countersign/protocol/backup/snapshot-lines';
import type { SnapshotFile, SnapshotManifest } from '@countersign/protocol/backup/snapshot-manifest';
import type { RestoredFrom, RestorePart } from '@countersign/protocol/backup/tenant-record';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { eraseTenant } from '../erase-tenant.ts';
import type { BackupMeans } from './backup-means.ts';
import { folderOf, type StoredSnapshot } from './stored-snapshots.ts';
import type { ReturnState, Target } from './work.ts';

/** It never passes: the same copy brings the same again. */
export class CannotReturn extends Error {
  override name = 'CannotReturn';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Who brings a copy back, why, and what is to be taken away again. */
export interface Returner extends Pick<RestoredFrom, 'by' | 'name' | 'reason'> {
  carried(): Promise<Carried>;
}

export type Returned = { readonly kind: 'on'; readonly state: ReturnState } | { readonly kind: 'back' };

/**
 * The next piece of bringing a copy back: what stands in its place goes, the entries come in order, the rows are folded
 * out of them, then what no entry holds; the head comes last, and with it the word of what was done. Then all of it is
 * compared. Throws `CannotReturn`, and whatever passes.
 */
export async function returnPiece(
  means: BackupMeans,
  target: Target,
  { manifest }: StoredSnapshot,
  state: ReturnState,
  from: Returner,
): Promise<Returned> {
  const next = (phase: ReturnState['phase']): Returned => ({ kind: 'on', state: { phase, file: 0 } });
  const give = (part: RestorePart) => giveTo(means, target, part);
  switch (state.phase) {
    case 'erase':
      await eraseTenant(means.shard(target.at.shard), target.at.tenant);
      return next('entries');
    case 'entries':
    case 'rows': {
      const kind = state.phase === 'entries' ? 'ledger' : 'rows';
      const file = manifest.files.filter((one) => one.kind === kind)[state.file];
      if (file === undefined) return next(state.phase === 'entries' ? 'fold' : 'finish');
      const lines = await linesOf(means, manifest, file);
      await give(
        kind === 'ledger'
          ? { kind: 'entries', entries: lines.map(entryOf) }
          : { kind: 'rows', rows: lines.flatMap(rowsOf) },
      );
      return { kind: 'on', state: { phase: state.phase, file: state.file + 1 } };
    }
    case 'fold':
      return (await give({ kind: 'fold' })) ? next('rows') : next('fold');
    case 'finish': {
      const { head, snapshot_id, taken_at } = manifest;
      const { by, name, reason } = from;
      const carried = await from.carried();
      const said = { snapshot_id, taken_at, head, by, name, reason, carried };
      const isDone = await give({ kind: 'finish', from: said });
      return isDone ? next('compare') : next('fold');
    }
    case 'compare':
      await expectEqual(means, target);
      return { kind: 'back' };
    case 'clean':
      return { kind: 'back' };
  }
}

async function giveTo(means: BackupMeans, { at, objectName }: Target, part: RestorePart): Promise<boolean> {
  const reply = await means.record(objectName).restore(at, part);
  if (reply.ok) return reply.isDone;
  throw new CannotReturn(
    `restore_${reply.fault}`,
    `the copy cannot be brought back: ${reply.fault} at entry ${reply.seq}`,
  );
}

async function expectEqual(means: BackupMeans, { at, objectName }: Target): Promise<void> {
  const verdict = await means.record(objectName).compare(at);
  switch (verdict.kind) {
    case 'matches':
      return;
    case 'moved':
      throw new Error('the restored record moved while it was compared');
    case 'differs':
      throw new CannotReturn(
        'restore_differs',
        `${verdict.differences} rows differ, the first: ${verdict.first}`,
      );
  }
}

/** The lines of a file of a snapshot. Throws `CannotReturn`. */
export async function linesOf(
  { store }: BackupMeans,
  { project_id, snapshot_id }: SnapshotManifest,
  file: SnapshotFile,
): Promise<readonly string[]> {
  const bytes = await store.get(`${folderOf(project_id, snapshot_id)}${file.name}`);
  if (bytes === undefined) throw new CannotReturn('file_missing', `${file.name} is not there`);
  const unpacked = unpack(bytes, file);
  if (!unpacked.ok) throw new CannotReturn('file_altered', `${file.name}: ${unpacked.message}`);
  return unpacked.lines;
}

/** Of a line that was verified, or that the tenant's object looks at before it takes it. */
export function entryOf(line: string): LedgerEntry {
  return JSON.parse(line) as LedgerEntry;
}

function rowsOf(line: string): readonly SnapshotRow[] {
  const row = rowOfLine(line);
  return row === undefined ? [] : [row];
}
