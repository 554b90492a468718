import { randomBytes } from 'node:crypto';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import type { BackupMeans } from './backup/backup-means.ts';
import { r2Store } from './backup/r2-store.ts';
import { servedStore } from './backup/served-store.ts';
import type { SnapshotStore } from './backup/snapshot-store.ts';
import { meansOf, sqlDatabase } from './means-of.ts';
import { BadProvisionerSettings, backupSettings, type ProvisionerEnv } from './settings.ts';

const CHANCE_BYTES = 4;

/** What copies need, out of the Worker's bindings. Throws `BadProvisionerSettings`. */
export function backupMeansOf(env: ProvisionerEnv): BackupMeans {
  const { keys, settings, shards } = backupSettings(env);
  const { SCRATCH: scratch, TENANT: tenants } = env;
  if (tenants === undefined) throw new BadProvisionerSettings('the binding TENANT is missing');
  return {
    settings,
    store: storeOf(env),
    keys,
    schema: knownMigrations.at(-1) ?? '',
    directory: sqlDatabase(env.DB),
    shard: (binding) => {
      const isKnown = binding === SCRATCH ? scratch !== undefined : shards.includes(binding);
      if (!isKnown || env[binding] === undefined)
        throw new BadProvisionerSettings(`there is no database ${binding}`);
      return sqlDatabase(env[binding] as D1Database);
    },
    scratch: scratch === undefined || shards.includes(SCRATCH) ? undefined : SCRATCH,
    hostedRunners: meansOf(env).hostedRunners,
    forgetSaga: (label, tenant) => env.SAGA.getByName(label).forget(tenant),
    record: (name) => tenants.getByName(name),
    now: () => Date.now(),
    chance: () => randomBytes(CHANCE_BYTES).toString('hex'),
  };
}

const SCRATCH = 'SCRATCH';

function storeOf({ SNAPSHOTS: bucket, SNAPSHOT_SERVICE: service }: ProvisionerEnv): SnapshotStore {
  if (bucket !== undefined) return r2Store(bucket);
  if (service !== undefined) return servedStore(service);
  return NOWHERE;
}

/** Nothing was ever kept, and nothing can be. */
const NOWHERE: SnapshotStore = {
  get: async () => undefined,
  list: async () => [],
  remove: async () => undefined,
  put: async () => {
    throw new BadProvisionerSettings('there is nowhere to keep snapshots: the binding SNAPSHOTS is missing');
  },
};
