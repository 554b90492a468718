import { backupSettingsShape } from '@countersign/protocol/backup/backup-settings';
import { type SnapshotKeys, snapshotKeysSchema } from '@countersign/protocol/backup/snapshot-keys';
import type { TenantRecord } from '@countersign/protocol/backup/tenant-record';
import * as z from 'zod';
import type { BackupSettings } from './backup/backup-means.ts';
import type { BackupObject } from './backup/backup-object.ts';
import type { SagaObject } from './saga/saga-object.ts';

/** The provisioner's bindings. The shards' databases are found by name in the same environment. */
export interface ProvisionerEnv {
  readonly [binding: string]: unknown;
  readonly DB: D1Database;
  readonly SAGA: DurableObjectNamespace<SagaObject>;
  readonly BACKUP: DurableObjectNamespace<BackupObject>;
  /** The gateway's namespace: tenants' objects, which copies are read from and brought back through. */
  readonly TENANT?: { getByName(name: string): TenantRecord };
  /** Where copies are kept: a bucket, or the service of whoever runs the plane themselves. */
  readonly SNAPSHOTS?: R2Bucket;
  readonly SNAPSHOT_SERVICE?: Fetcher;
  /** A database in which nobody lives, migrated as the others: copies are brought back there to prove them. */
  readonly SCRATCH?: D1Database;
  /** Secret, JSON: the keys that copies are signed with, newest first, each a JSON Web Key. */
  readonly SNAPSHOT_KEYS?: string;
  /** JSON: how often, and how long they are kept. */
  readonly BACKUPS?: string;
  /** Secret, JSON: the keys that the MACs of tokens are made with, newest first; the gateway's. */
  readonly TOKEN_MAC_KEYS: string;
  /** Secret: what hosted runners' tokens are made of, so that nobody has to keep them. */
  readonly HOSTED_TOKEN_SEED?: string;
  /** JSON: the databases that take tenants. */
  readonly SHARDS?: string;
  readonly TENANTS_PER_OWNER?: string;
  /** JSON, without the token. */
  readonly HOSTING?: string;
  /** Secret: of the hosting provider. */
  readonly HOSTING_TOKEN?: string;
}

const LEAST_SECRET = 32;

const settingsSchema = z.strictObject({
  macKeys: z.array(z.string().min(LEAST_SECRET)).min(1).max(5),
  tokenSeed: z.string().min(LEAST_SECRET).optional(),
  shards: z
    .array(
      z.strictObject({
        binding: z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/),
        regions: z.array(z.string()).min(1).optional(),
        jurisdiction: z.string().optional(),
        most: z.int().min(1).default(1_000),
      }),
    )
    .min(1)
    .max(100)
    .default([{ binding: 'DB', most: 1_000 }]),
  tenantsPerOwner: z.coerce.number().int().min(1).max(1_000).default(1),
  hosting: z
    .strictObject({
      base_url: z.string(),
      organization: z.string(),
      image: z.string().min(1),
      control_plane_url: z.url(),
      usual_region: z.string().regex(/^[a-z]{3}$/),
      regions: z.record(z.string(), z.string().regex(/^[a-z]{3}$/)).default({}),
    })
    .optional(),
});
export type ProvisionerSettings = z.infer<typeof settingsSchema>;

/** A setting is missing or wrong: nothing is provisioned, and the log says which. */
export class BadProvisionerSettings extends Error {
  override name = 'BadProvisionerSettings';
  readonly code = 'bad_settings';
}

/** Throws `BadProvisionerSettings`; never with a value in it. */
export function provisionerSettings(env: ProvisionerEnv): ProvisionerSettings {
  const parsed = settingsSchema.safeParse({
    macKeys: jsonSetting('TOKEN_MAC_KEYS', env.TOKEN_MAC_KEYS),
    tokenSeed: env.HOSTED_TOKEN_SEED,
    shards: env.SHARDS === undefined ? undefined : jsonSetting('SHARDS', env.SHARDS),
    tenantsPerOwner: env.TENANTS_PER_OWNER,
    hosting: env.HOSTING === undefined ? undefined : jsonSetting('HOSTING', env.HOSTING),
  });
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new BadProvisionerSettings(`the provisioner's settings are wrong at: ${where}`);
}

const backupsSchema = z.strictObject(backupSettingsShape);
const NEVER: BackupSettings = { everyHours: null, proveEveryHours: null, keep: { count: 1, days: 0 } };

/** Whether this installation keeps copies at all: it has somewhere to put them, and a key to sign them with. */
export function keepsBackups({ SNAPSHOT_KEYS, SNAPSHOTS, SNAPSHOT_SERVICE }: ProvisionerEnv): boolean {
  return SNAPSHOT_KEYS !== undefined && (SNAPSHOTS ?? SNAPSHOT_SERVICE) !== undefined;
}

interface Backups {
  readonly settings: BackupSettings;
  readonly keys: SnapshotKeys;
  readonly shards: readonly string[];
}

/** Throws `BadProvisionerSettings`; never with a value in it. */
export function backupSettings(env: ProvisionerEnv): Backups {
  const shards = provisionerSettings(env).shards.map(({ binding }) => binding);
  // Nothing is copied there, and a project can be ended all the same.
  if (!keepsBackups(env)) return { settings: NEVER, keys: [], shards };
  const keys = snapshotKeysSchema.safeParse(jsonSetting('SNAPSHOT_KEYS', env.SNAPSHOT_KEYS));
  const backups = backupsSchema.safeParse(
    env.BACKUPS === undefined ? {} : jsonSetting('BACKUPS', env.BACKUPS),
  );
  if (!keys.success) throw wrong('SNAPSHOT_KEYS', keys.error);
  if (!backups.success) throw wrong('BACKUPS', backups.error);
  const { every_hours: everyHours, keep, prove_every_hours: proveEveryHours } = backups.data;
  return {
    settings: { everyHours, proveEveryHours, keep },
    keys: keys.data,
    shards,
  };
}

function wrong(setting: string, { issues }: z.ZodError): BadProvisionerSettings {
  const where = issues.map(({ path }) => [setting, ...path].join('.')).join(', ');
  return new BadProvisionerSettings(`the provisioner's settings are wrong at: ${where}`);
}

function jsonSetting(name: string, text: string | undefined): unknown {
  if (text === undefined) throw new BadProvisionerSettings(`the setting ${name} is missing`);
  try {
    return JSON.parse(text);
  } catch {
    throw new BadProvisionerSettings(`the setting ${name} is not JSON`);
  }
}
