import { snapshotKeySetSchema } from '@countersign/protocol/backup/snapshot-keys';
import * as z from 'zod';
import { type CallApi, path } from './call-api.ts';
import { type CallOptions, type Connection, stream, type WriteOptions } from './http.ts';

const text = z.string().nullish();

const snapshotSchema = z.looseObject({
  snapshot_id: z.string(),
  /** `schedule`, `demand`, `archive`, `before_restore`. */
  reason: z.string(),
  taken_at: z.string(),
  head: z.looseObject({ seq: z.number(), hash: z.string() }),
  entries: z.number(),
  bytes: z.number(),
  /** `good`, or `refused`: it is kept, and does not stand for the record. */
  state: z.string(),
  refused_because: text,
  /** When it was last brought back in a scratch database and compared. */
  proven_at: text,
});
export type Snapshot = z.infer<typeof snapshotSchema>;

const workSchema = z.looseObject({
  work_id: z.string(),
  /** `snapshot`, `proof`, `restore`, `verify`. */
  kind: z.string(),
  snapshot_id: z.string(),
  /** `going`, `done`, `failed`. */
  state: z.string(),
  phase: z.string(),
  entries: z.number(),
  begun_at: z.string(),
  ended_at: text,
  /** A code, where it failed, and where it is tried again. */
  trouble: text,
  /** Of a restore: what was taken away after the snapshot, and is taken away again. */
  losses: z
    .looseObject({
      /** Null where that is not known; `notice` then says what is valid again. */
      found: z.number().nullish(),
      not_carried_because: text,
      notice: text,
    })
    .nullish(),
});
export type BackupWork = z.infer<typeof workSchema>;

const backupsSchema = z.looseObject({
  snapshots: z.array(snapshotSchema),
  /** What is under way first, then how the last of it ended, newest first. */
  work: z.array(workSchema),
  alarms: z.array(
    z.looseObject({ code: z.string(), since: z.string(), message: z.string(), next: z.string() }),
  ),
  last_snapshot_at: text,
  last_proven_restore: z
    .looseObject({ at: z.string(), snapshot_id: z.string(), took_ms: z.number() })
    .nullish(),
  /** Hours; null: only when they are asked for. */
  every_hours: z.number().nullish(),
  prove_every_hours: z.number().nullish(),
  keep: z.looseObject({ count: z.number(), days: z.number() }),
  keys: snapshotKeySetSchema.shape.keys,
});
export type Backups = z.infer<typeof backupsSchema>;

const prunedSchema = z.looseObject({ removed: z.array(z.string()) });

const reopenedSchema = z.looseObject({ status: z.string() });

export interface EndWish {
  readonly label: string;
  /** SHA-256 of the manifest of the archive, byte for byte. */
  readonly archive_digest?: string;
  /** The label once more, where no copy is wanted. */
  readonly without_archive?: string;
}

export interface RestoreWish {
  readonly snapshot_id: string;
  readonly reason: string;
  /** The project's label, where there is a record that is to be replaced. */
  readonly over?: string;
  /** The label once more: where it is not known what was revoked after the snapshot, it may be valid again. */
  readonly accept_revoked?: string;
}

/** Copies of the record. What is begun goes on by itself; `list` says how it goes. Every method throws `ApiError`. */
export interface BackupsApi {
  list(options?: CallOptions): Promise<Backups>;
  take(options?: WriteOptions): Promise<BackupWork>;
  /** Brings the newest snapshot back in a scratch database, and compares everything. */
  prove(options?: WriteOptions): Promise<BackupWork>;
  verify(snapshotId: string, options?: WriteOptions): Promise<BackupWork>;
  restore(wish: RestoreWish, options?: WriteOptions): Promise<BackupWork>;
  prune(options?: WriteOptions): Promise<z.infer<typeof prunedSchema>>;
  /** Puts the project away. */
  archive(reason: string, options?: WriteOptions): Promise<BackupWork>;
  /** Serves a project again that was put away. */
  reopen(options?: WriteOptions): Promise<z.infer<typeof reopenedSchema>>;
  /** Ends the project, and its copies with it. */
  end(wish: EndWish, options?: WriteOptions): Promise<BackupWork>;
  /** The signed manifest's bytes, in pieces as they come. */
  manifest(snapshotId: string, options?: CallOptions): AsyncGenerator<Uint8Array>;
  /** A file's bytes, in pieces as they come. */
  file(snapshotId: string, name: string, options?: CallOptions): AsyncGenerator<Uint8Array>;
}

/** How long a file may take to begin: the plane looks at it whole first. */
const FILE_BEGINS_MS = 60_000;

export function createBackupsApi({ get, post }: CallApi, connection: Connection): BackupsApi {
  const pieces = (at: string, options: CallOptions | undefined) =>
    stream(connection, { path: at, timeoutMs: FILE_BEGINS_MS, ...options });
  return {
    list: (options) => get('/v1/backups', backupsSchema, options),
    take: (options) => post('/v1/backups', {}, workSchema, options),
    prove: (options) => post('/v1/backups/prove', {}, workSchema, options),
    verify: (id, options) => post(path`/v1/backups/${id}/verify`, {}, workSchema, options),
    restore: (wish, options) => post('/v1/backups/restore', wish, workSchema, options),
    prune: (options) => post('/v1/backups/prune', {}, prunedSchema, options),
    archive: (reason, options) => post('/v1/project/archive', { reason }, workSchema, options),
    reopen: (options) => post('/v1/project/reopen', {}, reopenedSchema, options),
    end: (wish, options) => post('/v1/project/delete', wish, workSchema, options),
    manifest: (id, options) => pieces(path`/v1/backups/${id}/manifest`, options),
    file: (id, name, options) => pieces(path`/v1/backups/${id}/files/${name}`, options),
  };
}
