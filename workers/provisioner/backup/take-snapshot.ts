import { type RefusedBecause, refusalOf } from '@countersign/protocol/backup/accept-snapshot';
import type { ProjectAt } from '@countersign/protocol/backup/backup-requests';
import { type PackedFile, packEntries, packRows } from '@countersign/protocol/backup/snapshot-lines';
import {
  MANIFEST_FILE,
  SNAPSHOT_FORMAT,
  type SnapshotFile,
  type SnapshotManifest,
  type SnapshotReason,
} from '@countersign/protocol/backup/snapshot-manifest';
import { signManifest } from '@countersign/protocol/backup/snapshot-signature';
import { FIRST_ROW, type RecordPage } from '@countersign/protocol/backup/tenant-record';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import { entryHash, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';
import type { BackupMeans } from './backup-means.ts';
import { folderOf, REFUSAL_FILE, readSnapshot, type StoredSnapshot } from './stored-snapshots.ts';
import type { SnapshotState } from './work.ts';

/** The project's line in the directory. */
export interface Project extends ProjectAt {
  readonly label: string;
  readonly region: string;
}

export function freshSnapshot(tenant: string, snapshot_id: string, reason: SnapshotReason): SnapshotState {
  return {
    snapshot_id,
    reason,
    phase: 'rows',
    mark: FIRST_ROW,
    head: null,
    last: { seq: 0, hash: genesisHash(tenant) },
    rows: 0,
    files: [],
    atBefore: null,
    brokenAt: null,
  };
}

export type Taken =
  | { readonly kind: 'on'; readonly state: SnapshotState }
  | { readonly kind: 'kept' }
  | { readonly kind: 'refused'; readonly because: RefusedBecause; readonly brokenAt: number | null }
  /** There is no record to copy. */
  | { readonly kind: 'nothing' };

/**
 * The next piece of a copy: a page, stored as a file of its own. The rows that no entry holds come first: whatever they
 * speak of then lies before the end of the ledger, which is looked up after them. The manifest comes last; without one
 * there is no snapshot. `before`: the snapshot that this one would stand in for.
 */
export async function takePiece(
  means: BackupMeans,
  project: Project,
  state: SnapshotState,
  before: StoredSnapshot | undefined,
): Promise<Taken> {
  switch (state.phase) {
    case 'rows':
      return takeRows(means, project, state);
    case 'ledger':
      return takeEntries(means, project, state, before);
    case 'sign':
      return sign(means, project, state, before);
  }
}

async function takeRows(means: BackupMeans, project: Project, state: SnapshotState): Promise<Taken> {
  const page = await means.record(project.tenant).readPage(project, { kind: 'rows', mark: state.mark });
  if (!page.ok) return unread(page);
  const { next, rows } = page;
  const files =
    rows.length === 0
      ? state.files
      : [...state.files, await keep(means, project, state, 'rows', packRows(rows))];
  const taken = { ...state, files, rows: state.rows + rows.length };
  return { kind: 'on', state: next === null ? { ...taken, phase: 'ledger' } : { ...taken, mark: next } };
}

async function takeEntries(
  means: BackupMeans,
  project: Project,
  state: SnapshotState,
  before: StoredSnapshot | undefined,
): Promise<Taken> {
  const { head: fixed, last } = state;
  const wanted = { kind: 'entries', after: last.seq, through: fixed?.seq ?? null } as const;
  const page = await means.record(project.tenant).readPage(project, wanted);
  if (!page.ok) return unread(page);
  const head = fixed ?? page.head;
  const entries = page.entries.filter(({ seq }) => seq <= head.seq);
  const end = entries.at(-1);
  // A record that ends before its head says is broken: what there is of it is kept all the same.
  if (end === undefined) {
    const isWhole = last.seq === head.seq && last.hash === head.hash;
    const brokenAt = state.brokenAt ?? (isWhole ? null : last.seq + 1);
    return { kind: 'on', state: { ...state, head, brokenAt, phase: 'sign' } };
  }
  const file = await keep(means, project, state, 'ledger', packEntries(entries));
  const spanned = { ...file, from_seq: entries[0]?.seq ?? end.seq, to_seq: end.seq };
  const atBefore = entries.find(({ seq }) => seq === before?.manifest.head.seq)?.hash ?? state.atBefore;
  const isEnd = end.seq >= head.seq;
  const brokenAt = state.brokenAt ?? breakIn(project.tenant, entries, last) ?? endBreak(isEnd, end, head);
  const { hash, seq } = end;
  const taken = { ...state, head, files: [...state.files, spanned], last: { seq, hash }, atBefore, brokenAt };
  return { kind: 'on', state: isEnd ? { ...taken, phase: 'sign' } : taken };
}

async function sign(
  means: BackupMeans,
  project: Project,
  state: SnapshotState,
  before: StoredSnapshot | undefined,
): Promise<Taken> {
  const { brokenAt, files, head, last, reason, rows, snapshot_id } = state;
  if (head === null) throw new TypeError('a copy is signed when its end is known');
  const signed = await readSnapshot(means.store, project.tenant, snapshot_id);
  if (signed !== undefined) return signedBefore(signed, brokenAt);
  const entries = files.reduce((sum, { kind, lines }) => sum + (kind === 'ledger' ? lines : 0), 0);
  const manifest: Omit<SnapshotManifest, 'key_id'> = {
    format: SNAPSHOT_FORMAT,
    snapshot_id,
    project_id: project.tenant,
    label: project.label,
    region: project.region,
    reason,
    taken_at: new Date(means.now()).toISOString(),
    schema: means.schema,
    head: { ...head, ...last },
    entries,
    rows,
    files: [...files],
  };
  const because =
    brokenAt === null ? refusalOf(manifest, before?.manifest.head, state.atBefore ?? undefined) : 'broken';
  const folder = folderOf(project.tenant, snapshot_id);
  // Before the manifest: a copy that must not stand for the record is never seen without this.
  if (because !== undefined) await putText(means, `${folder}${REFUSAL_FILE}`, canonicalJson({ because }));
  await putText(means, `${folder}${MANIFEST_FILE}`, canonicalJson(await signManifest(manifest, means.keys)));
  return because === undefined ? { kind: 'kept' } : { kind: 'refused', because, brokenAt };
}

/** The answer to whoever signed it was lost: it stands, as it was judged then. */
function signedBefore({ refusedBecause: because }: StoredSnapshot, brokenAt: number | null): Taken {
  return because === null ? { kind: 'kept' } : { kind: 'refused', because, brokenAt };
}

function unread({ code }: Extract<RecordPage, { ok: false }>): Taken {
  if (code === 'project_not_found') return { kind: 'nothing' };
  throw new Error(`the record cannot be read: ${code}`);
}

/** A repeated piece leaves another file beside the one that was lost count of: the manifest names those that count. */
async function keep(
  means: BackupMeans,
  { tenant }: Project,
  { files, snapshot_id }: SnapshotState,
  kind: SnapshotFile['kind'],
  { bytes, digest, lines }: PackedFile,
): Promise<SnapshotFile> {
  const number = String(files.length + 1).padStart(6, '0');
  const name = `${kind}-${number}-${means.chance()}.ndjson.gz`;
  const isKept = await means.store.put(`${folderOf(tenant, snapshot_id)}${name}`, bytes);
  if (!isKept) throw new Error(`there is a file ${name} already`);
  return { name, kind, lines, bytes: bytes.byteLength, digest };
}

/** What is there already is what an earlier try has put there. */
async function putText({ store }: BackupMeans, name: string, text: string): Promise<void> {
  await store.put(name, new TextEncoder().encode(text));
}

function breakIn(
  tenant: string,
  entries: readonly LedgerEntry[],
  before: { readonly seq: number; readonly hash: string },
): number | null {
  let last = before;
  for (const entry of entries) {
    const follows = entry.tenant === tenant && entry.seq === last.seq + 1 && entry.prev_hash === last.hash;
    if (!follows || entryHash(entry) !== entry.hash) return entry.seq;
    last = entry;
  }
  return null;
}

function endBreak(isEnd: boolean, end: LedgerEntry, head: { readonly seq: number; readonly hash: string }) {
  return isEnd && (end.seq !== head.seq || end.hash !== head.hash) ? end.seq : null;
}
