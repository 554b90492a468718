import * as z from 'zod';
import type { Told } from '../provisioning/provisioning-requests.ts';
import { digestSchema } from '../values.ts';
import type { RefusedBecause } from './accept-snapshot.ts';
import type { NotCarriedBecause } from './carried-losses.ts';
import type { SnapshotKey } from './snapshot-keys.ts';
import { type SnapshotReason, snapshotFileSchema, snapshotIdSchema } from './snapshot-manifest.ts';
import type { SnapshotFault } from './verify-snapshot.ts';

const reasonSchema = z.string().trim().min(1).max(500);

export const restoreSchema = z.strictObject({
  snapshot_id: snapshotIdSchema,
  reason: reasonSchema,
  /** The project's label: the record that is there now is set aside and replaced. */
  over: z.string().optional(),
  /** The label once more: where it is not known what was revoked after the snapshot, it may be valid again. */
  accept_revoked: z.string().optional(),
});
export type Restore = z.infer<typeof restoreSchema>;

export const archiveSchema = z.strictObject({ reason: reasonSchema });
export type Archive = z.infer<typeof archiveSchema>;

export const deleteSchema = z.strictObject({
  /** The project's label: what is ended here does not come back. */
  label: z.string(),
  /** SHA-256 of the archive's manifest, byte for byte: whoever names it has it. */
  archive_digest: digestSchema.optional(),
  /** The label once more: there is no copy anywhere, and none is wanted. */
  without_archive: z.string().optional(),
});
export type Delete = z.infer<typeof deleteSchema>;

export const snapshotQuerySchema = z.strictObject({ project_id: z.string().optional() });
export const fileParams = { snapshot_id: snapshotIdSchema, file: snapshotFileSchema } as const;

/** A snapshot, as lists show it. */
export interface SnapshotView {
  readonly snapshot_id: string;
  readonly reason: SnapshotReason;
  readonly taken_at: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly entries: number;
  readonly bytes: number;
  /** `refused`: it was made, is kept, and does not stand for the record. */
  readonly state: 'good' | 'refused';
  readonly refused_because: RefusedBecause | null;
  /** When it was last brought back into a scratch database and compared, and how long that took. */
  readonly proven_at: string | null;
}

export const workKinds = ['snapshot', 'proof', 'restore', 'verify', 'archive', 'delete'] as const;
export type WorkKind = (typeof workKinds)[number];

/** What is under way, or how the last of it ended. */
export interface WorkView {
  readonly work_id: string;
  readonly kind: WorkKind;
  readonly snapshot_id: string;
  readonly state: 'going' | 'done' | 'failed';
  readonly phase: string;
  /** Entries that are through. */
  readonly entries: number;
  readonly begun_at: string;
  readonly ended_at: string | null;
  /** A code, where it failed, and where it is tried again. */
  readonly trouble: string | null;
  /** Of a restore, as soon as it is known. */
  readonly losses: LossesView | null;
}

/** What was taken away after the snapshot, and is taken away again by a restore. */
export type LossesView =
  /** So many were found in the record that is replaced. */
  | { readonly found: number; readonly not_carried_because: null }
  /** `notice` says what is valid again. */
  | { readonly found: null; readonly not_carried_because: NotCarriedBecause; readonly notice: string };

/** Something that a person must know of. It stands until what it is about has gone well again. */
export interface AlarmView {
  readonly code: 'snapshot_refused' | 'snapshot_failed' | 'proof_failed' | 'record_broken' | 'backup_overdue';
  readonly since: string;
  readonly message: string;
  readonly next: string;
}

export interface BackupsView {
  readonly snapshots: readonly SnapshotView[];
  readonly work: readonly WorkView[];
  readonly alarms: readonly AlarmView[];
  readonly last_snapshot_at: string | null;
  readonly last_proven_restore: {
    readonly at: string;
    readonly snapshot_id: string;
    readonly took_ms: number;
  } | null;
  /** Hours between snapshots, and between proofs; null: only when they are asked for. */
  readonly every_hours: number | null;
  readonly prove_every_hours: number | null;
  readonly keep: { readonly count: number; readonly days: number };
  readonly keys: readonly SnapshotKey[];
}

export type VerifyView =
  | { readonly ok: true; readonly snapshot_id: string; readonly entries: number; readonly head_hash: string }
  | { readonly ok: false; readonly snapshot_id: string; readonly fault: SnapshotFault };

/** A project, as the provisioner is told of it by the gateway, which has made sure who asks and that they may. */
export interface ProjectAt {
  readonly tenant: string;
  readonly shard: string;
}

/** Who asks: `<kind>:<id>`, and their name. */
export interface AskedBy {
  readonly by: string;
  readonly name: string;
}

/** What the gateway asks of the provisioner about copies of a project's record. */
export interface BackupApi {
  listBackups(project: ProjectAt): Promise<Told<BackupsView>>;
  takeBackup(project: ProjectAt): Promise<Told<WorkView>>;
  proveBackup(project: ProjectAt): Promise<Told<WorkView>>;
  verifyBackup(project: ProjectAt, snapshotId: string): Promise<Told<WorkView>>;
  restoreBackup(project: ProjectAt, by: AskedBy, wish: Restore): Promise<Told<WorkView>>;
  pruneBackups(project: ProjectAt): Promise<Told<{ readonly removed: readonly string[] }>>;
  archiveProject(project: ProjectAt, by: AskedBy, wish: Archive): Promise<Told<WorkView>>;
  reopenProject(project: ProjectAt): Promise<Told<{ readonly status: string }>>;
  deleteProject(project: ProjectAt, by: AskedBy, wish: Delete): Promise<Told<WorkView>>;
  /** Whether a login was ended in a record that a restore has taken away: until another is there it cannot say so. */
  isLoginEnded(project: ProjectAt, session: string): Promise<boolean>;
  /** The manifest's bytes, or a file's. */
  readBackup(
    project: ProjectAt,
    snapshotId: string,
    file: string,
  ): Promise<Told<{ readonly bytes: Uint8Array }>>;
}
