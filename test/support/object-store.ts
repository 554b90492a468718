import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type ObjectStore, startObjectStore } from '../../scripts/local/object-store.ts';
import { memoryFolder } from './memory-folder.ts';

/** Starts an S3-compatible store for the tests of a file, and takes it away again with all that it holds. */
export function useObjectStore(bucket: string, given: (store: ObjectStore) => void): void {
  let folder: string;
  let store: ObjectStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(memoryFolder(), 'countersign-objects-'));
    store = await startObjectStore({ folder, bucket });
    given(store);
  }, 60_000);
  afterAll(async () => {
    await store?.stop();
    await rm(folder, { recursive: true });
  }, 30_000);
}
