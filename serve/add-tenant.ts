import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { createTenant } from './create-tenant.ts';
import { openStore } from './open-store.ts';
import { takePlaneFolder } from './plane-folder.ts';
import { prepareStore } from './prepare-store.ts';
import { ensureStoreFolder } from './store-folder.ts';
import { storePaths } from './store-paths.ts';

/** Makes a tenant in a store that nobody serves, which may be a new one. Throws `ServeFault` where somebody does. */
export async function addTenant(store: string, tenant: NewTenant): Promise<void> {
  const { plane } = storePaths(store);
  await ensureStoreFolder(store);
  const release = await takePlaneFolder(plane);
  try {
    await prepareStore(plane);
    const { close, database } = await openStore(plane);
    try {
      await createTenant(database, tenant);
    } finally {
      await close();
    }
  } finally {
    release();
  }
}
