import { join } from 'node:path';

/** Where things lie in the folder of a store. */
export interface StorePaths {
  /** Held for as long as a plane is served from this store. */
  readonly lock: string;
  /** Says by whom. */
  readonly pid: string;
  /** D1 and the objects. */
  readonly plane: string;
  /** The keys of tokens, where the configuration names none. */
  readonly macKeys: string;
  /** The keys that snapshots are signed with, where the configuration names none. */
  readonly snapshotKeys: string;
  /** What a daemon logs, where the configuration names no file. */
  readonly log: string;
}

export function storePaths(store: string): StorePaths {
  return {
    lock: join(store, 'serve.lock'),
    pid: join(store, 'serve.pid'),
    plane: join(store, 'plane'),
    macKeys: join(store, 'token-mac-keys'),
    snapshotKeys: join(store, 'snapshot-keys'),
    log: join(store, 'serve.log'),
  };
}
