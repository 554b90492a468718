import { announceReady } from '@countersign/serve/ready-line';
import { startObjectStore } from './object-store.ts';
import type { ObjectStoreWish } from './object-store-child.ts';

/* The object store as a process of its own: object-store-child.ts is how to start it. */

const wish = JSON.parse(process.env.COUNTERSIGN_OBJECT_STORE ?? 'null') as ObjectStoreWish;
const store = await startObjectStore(wish);
process.once('SIGTERM', async () => {
  await store.stop();
  process.exit(0);
});
announceReady(store.url);
