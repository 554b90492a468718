import { randomBytes } from 'node:crypto';
import { CorePaths, convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { LOOPBACK } from './ports.ts';

/** A running S3-compatible store with one bucket. */
export interface ObjectStore {
  /** For a client that addresses buckets by path. */
  readonly url: string;
  readonly bucket: string;
  /** Made for this run. What the folder keeps is not bound to them. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

export interface ObjectStoreOptions {
  /** Keeps the objects for the next start. */
  readonly folder: string;
  readonly bucket: string;
  /** Made for this start where they are left away. */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
}

/** Nobody asks it anything: a bucket is there because a Worker has it. */
const WORKER = `export default { fetch: () => new Response(null, { status: 404 }) };`;

/**
 * Starts R2, as miniflare has it, on a free port of 127.0.0.1 behind the S3 API. Signatures and the digests of bodies
 * are checked as in the cloud. workerd outlives a caller that is killed: whoever may be is better given a process of
 * this store's own.
 */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { accessKeyId = randomBytes(16).toString('hex'), secretAccessKey = randomBytes(32).toString('hex') } =
    options;
  const s3Credentials = { accessKeyId, secretAccessKey };
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: WORKER,
      r2Buckets: { BUCKET: { id: options.bucket, s3Credentials } },
      resourcePersistencePath: options.folder,
      host: LOOPBACK,
      port: 0,
    }),
  );
  const { origin } = await miniflare.ready;
  return {
    url: `${origin}${CorePaths.R2_S3}`,
    bucket: options.bucket,
    ...s3Credentials,
    stop: () => miniflare.dispose(),
  };
}
