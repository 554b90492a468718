import { type RefusedBecause, refusedBecause } from '@countersign/protocol/backup/accept-snapshot';
import {
  MANIFEST_FILE,
  type SignedManifest,
  type SnapshotManifest,
  signedManifestSchema,
} from '@countersign/protocol/backup/snapshot-manifest';
import * as z from 'zod';
import type { SnapshotStore } from './snapshot-store.ts';

/** Beside the manifest of a copy that must not stand for the record. */
export const REFUSAL_FILE = 'refused.json';
const refusalSchema = z.strictObject({ because: z.enum(refusedBecause) });

export interface StoredSnapshot {
  readonly signed: SignedManifest;
  readonly manifest: SnapshotManifest;
  readonly refusedBecause: RefusedBecause | null;
}

export function folderOf(tenant: string, snapshotId: string): string {
  return `${tenant}/${snapshotId}/`;
}

/** What the store holds of a tenant. The store alone says: what else is remembered may be gone when copies are needed. */
export interface Shelf {
  /** Oldest first. */
  readonly snapshots: readonly StoredSnapshot[];
  /** Folders without a manifest, or with one that cannot be read. */
  readonly unfinished: readonly string[];
}

export async function shelfOf(store: SnapshotStore, tenant: string): Promise<Shelf> {
  const folders = Map.groupBy(await store.list(`${tenant}/`), (name) => name.split('/')[1] ?? '');
  const snapshots: StoredSnapshot[] = [];
  const unfinished: string[] = [];
  for (const id of folders.keys()) {
    const found = await readSnapshot(store, tenant, id);
    if (found === undefined) unfinished.push(id);
    else snapshots.push(found);
  }
  const inOrder = snapshots.toSorted(
    (a, b) => Date.parse(a.manifest.taken_at) - Date.parse(b.manifest.taken_at),
  );
  return { snapshots: inOrder, unfinished };
}

/** Undefined where there is none that is whole. Whether it is what it says, verifying tells. */
export async function readSnapshot(
  store: SnapshotStore,
  tenant: string,
  snapshotId: string,
): Promise<StoredSnapshot | undefined> {
  const folder = folderOf(tenant, snapshotId);
  const [bytes, refusal] = await Promise.all([
    store.get(`${folder}${MANIFEST_FILE}`),
    store.get(`${folder}${REFUSAL_FILE}`),
  ]);
  const parsed = signedManifestSchema.safeParse(bytes === undefined ? undefined : jsonIn(bytes));
  if (!parsed.success) return undefined;
  const { manifest } = parsed.data;
  if (manifest.project_id !== tenant || manifest.snapshot_id !== snapshotId) return undefined;
  return { signed: parsed.data, manifest, refusedBecause: refusal === undefined ? null : becauseIn(refusal) };
}

/** One that cannot be read is the worst. */
function becauseIn(bytes: Uint8Array): RefusedBecause {
  const parsed = refusalSchema.safeParse(jsonIn(bytes));
  return parsed.success ? parsed.data.because : 'broken';
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The newest that stands for the record: what the next one is measured by, and what a proof brings back. */
export function newestGood(snapshots: readonly StoredSnapshot[]): StoredSnapshot | undefined {
  return snapshots.findLast(({ refusedBecause: because }) => because === null);
}

/** First the manifest: what is left half is no snapshot. */
export async function removeSnapshot(store: SnapshotStore, tenant: string, id: string): Promise<void> {
  const folder = folderOf(tenant, id);
  const names = await store.list(folder);
  const manifest = `${folder}${MANIFEST_FILE}`;
  await store.remove(names.filter((name) => name === manifest));
  await store.remove(names.filter((name) => name !== manifest));
}
