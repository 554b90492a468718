import type { LocalD1 } from './apply-migrations.ts';
import { copiesBeside } from './copy-before.ts';
import { openStore } from './open-store.ts';
import { takePlaneFolder } from './plane-folder.ts';
import { prepareStore } from './prepare-store.ts';
import { ensureStoreFolder } from './store-folder.ts';
import { storePaths } from './store-paths.ts';

/** Works in the record of a store that nobody serves, which may be a new one. Throws `ServeFault` where somebody does. */
export async function withinStore<Result>(
  store: string,
  work: (database: LocalD1) => Promise<Result>,
): Promise<Result> {
  const { plane } = storePaths(store);
  await ensureStoreFolder(store);
  const release = await takePlaneFolder(plane);
  try {
    await prepareStore(plane, copiesBeside(plane, undefined));
    const { close, database } = await openStore(plane);
    try {
      return await work(database);
    } finally {
      await close();
    }
  } finally {
    release();
  }
}
