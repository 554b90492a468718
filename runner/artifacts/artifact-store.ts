/** What is known of an artifact once it is stored. */
export interface StoredArtifact {
  /** `s3://bucket/name`. */
  readonly location: string;
  /** `sha256:` and the SHA-256 of its bytes in hex. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Keeps what tasks make. Whatever the store or the network does is a `ServiceFault`. What is stored under a location
 * never changes.
 */
export interface ArtifactStore {
  /** Stores bytes and reads them back. The same bytes under the same key are the same artifact, however often. */
  put(key: string, bytes: Uint8Array, contentType: string, signal: AbortSignal): Promise<StoredArtifact>;
  /** The bytes at a location that a put gave, here or in another runner of the same place. */
  get(location: string, signal: AbortSignal): Promise<Uint8Array>;
}
