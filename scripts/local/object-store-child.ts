import { fileURLToPath } from 'node:url';
import { readReadyLine } from '@countersign/serve/ready-line';
import type { ObjectStoreOptions } from './object-store.ts';
import type { ChildSpec } from './processes.ts';

const READY_TIMEOUT_MS = 30_000;

/** What the store's process is told: in its environment, since it has the secret. */
export type ObjectStoreWish = Required<ObjectStoreOptions>;

/** The object store as a child process; it is ready with its address. workerd outlives a killed parent, and not this. */
export function objectStoreChild(wish: ObjectStoreWish): ChildSpec<string> {
  return {
    name: 'object-store',
    script: fileURLToPath(new URL('./object-store-process.ts', import.meta.url)),
    args: [],
    env: { COUNTERSIGN_OBJECT_STORE: JSON.stringify(wish) },
    readReady: readReadyLine,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
