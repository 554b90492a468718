import { generateKeyPairSync, randomUUID } from 'node:crypto';
import {
  MOST_SNAPSHOT_KEYS,
  type SnapshotKeys,
  snapshotKeysSchema,
} from '@countersign/protocol/backup/snapshot-keys';
import * as z from 'zod';
import type { KeyKind } from './key-kind.ts';

/** The keys that snapshots are signed and checked with: a JSON array of JSON Web Keys. */
export const snapshotKeyList: KeyKind<SnapshotKeys[number]> = {
  most: MOST_SNAPSHOT_KEYS,
  secret: { name: 'SNAPSHOT_KEYS', workers: ['workers/provisioner/wrangler.toml'] },
  make: () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const { crv, d, kty, x } = madeSchema.parse(privateKey.export({ format: 'jwk' }));
    return { kid: randomUUID(), kty, crv, x, d };
  },
  idOf: ({ kid }) => kid,
  parse: (text) => snapshotKeysSchema.safeParse(jsonIn(text)).data,
  print: (keys) => `${JSON.stringify(keys, null, 2)}\n`,
  // What it signed is checked with the public half for good.
  remainsOf: ({ crv, kid, kty, x }) => ({ kid, kty, crv, x }),
};

const madeSchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
});

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
