import { randomBytes } from 'node:crypto';
import { MOST_MAC_KEYS, macKeysSchema } from '@countersign/protocol/gateway-settings';
import { macKeyId } from '@countersign/protocol/mac-key-id';
import type { KeyKind } from './key-kind.ts';

const KEY_BYTES = 32;

/** The keys that tokens are made and checked with: one a line. */
export const tokenKeys: KeyKind<string> = {
  most: MOST_MAC_KEYS,
  // The gateway first: it must take what the provisioner makes.
  secret: { name: 'TOKEN_MAC_KEYS', workers: ['wrangler.toml', 'workers/provisioner/wrangler.toml'] },
  make: () => randomBytes(KEY_BYTES).toString('base64url'),
  idOf: macKeyId,
  parse: (text) => macKeysSchema.safeParse(text.split(/\s+/).filter((key) => key !== '')).data,
  print: (keys) => keys.map((key) => `${key}\n`).join(''),
  // Whoever stole it could make tokens with it for as long as it is known.
  remainsOf: () => undefined,
};
