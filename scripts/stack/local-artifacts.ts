import { randomBytes } from 'node:crypto';
import type { artifactsConfigSchema } from '@countersign/runner/artifacts/artifacts-config';
import type * as z from 'zod';
import type { ObjectStoreWish } from '../local/object-store-child.ts';

const BUCKET = 'artifacts';
const ACCESS_KEY_ID = 'COUNTERSIGN_ARTIFACTS_KEY_ID';
const SECRET_ACCESS_KEY = 'COUNTERSIGN_ARTIFACTS_SECRET';

/** The local stack's artifact store, as whoever keeps things there is configured. */
export interface LocalArtifacts {
  readonly config: z.input<typeof artifactsConfigSchema>;
  /** What the configuration names. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A store of this start: what the folder keeps is not bound to the keys. */
export function artifactsWish(folder: string): ObjectStoreWish {
  return {
    folder,
    bucket: BUCKET,
    accessKeyId: randomBytes(16).toString('hex'),
    secretAccessKey: randomBytes(32).toString('hex'),
  };
}

export function localArtifacts(endpoint: string, wish: ObjectStoreWish): LocalArtifacts {
  return {
    config: {
      endpoint,
      region: 'auto',
      bucket: wish.bucket,
      access_key_id: { env: ACCESS_KEY_ID },
      secret_access_key: { env: SECRET_ACCESS_KEY },
      allow_private: true,
    },
    environment: { [ACCESS_KEY_ID]: wish.accessKeyId, [SECRET_ACCESS_KEY]: wish.secretAccessKey },
  };
}
