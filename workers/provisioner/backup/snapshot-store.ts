/** Where copies are kept: a bucket, or a folder off the host. Names are `<tenant>/<snapshot>/<file>`. */
export interface SnapshotStore {
  /** Durable when it returns. False: something of that name is there, and stays as it is. */
  put(name: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined where there is nothing of that name. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** All names that begin so, in their order. */
  list(prefix: string): Promise<readonly string[]>;
  remove(names: readonly string[]): Promise<void>;
}
