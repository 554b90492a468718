import type { Retention } from '@countersign/protocol/backup/retention';
import type { SnapshotKeys } from '@countersign/protocol/backup/snapshot-keys';
import type { TenantRecord } from '@countersign/protocol/backup/tenant-record';
import type { HostedRunners } from '../hosted-runners.ts';
import type { SqlDatabase } from '../means.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export interface BackupSettings {
  /** Hours from one snapshot to the next; null: only when somebody asks. */
  readonly everyHours: number | null;
  /** Hours from one proven restore to the next; null: only when somebody asks. */
  readonly proveEveryHours: number | null;
  readonly keep: Retention;
}

/** What making copies, and bringing them back, needs from outside. */
export interface BackupMeans {
  readonly settings: BackupSettings;
  readonly store: SnapshotStore;
  readonly keys: SnapshotKeys;
  /** The newest migration that this release knows. */
  readonly schema: string;
  readonly directory: SqlDatabase;
  /** Throws for one that is not configured. */
  shard(binding: string): SqlDatabase;
  /** The binding of a database that holds nothing: where copies are brought back to prove them. Undefined: there is none. */
  readonly scratch: string | undefined;
  /** Undefined where no hosting provider is configured. */
  readonly hostedRunners: HostedRunners | undefined;
  /** How the project came to be is remembered no longer: its label is free. */
  forgetSaga(label: string, tenant: string): Promise<void>;
  /** A tenant's object: its own, or the one beside it that proofs are made with. */
  record(objectName: string): TenantRecord;
  /** Unix milliseconds. */
  now(): number;
  /** Eight hexadecimal digits: no two files have the same name, whoever else writes. */
  chance(): string;
}
