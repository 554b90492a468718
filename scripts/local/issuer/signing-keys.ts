import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';
import { LocalFault } from '../local-fault.ts';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';

/** OpenID Connect Discovery asks every issuer for this one, so every client and server can verify it. */
export const SIGNING_ALGORITHM = 'RS256';

const signingKeySchema = z.strictObject({
  /** When a newer key took over (RFC 3339 UTC); null for the key that signs. */
  retired_at: z.iso.datetime().nullable(),
  jwk: z.looseObject({ kid: z.string().min(1), kty: z.literal('RSA'), d: z.string().min(1) }),
});

/** A private signing key and its place in the rotation. */
export type SigningKey = z.infer<typeof signingKeySchema>;

const keyFileSchema = z.strictObject({ keys: z.array(signingKeySchema).min(1) });

/**
 * The signing keys, the one that signs first. They are made at the first start and kept, so that tokens
 * stay valid when the issuer restarts.
 *
 * @throws LocalFault `signing_keys_invalid`
 */
export async function loadSigningKeys(stateFolder: string): Promise<SigningKey[]> {
  const path = keyFilePath(stateFolder);
  const text = await readPrivateFile(path);
  if (text === null) {
    const keys = [await newSigningKey()];
    await saveSigningKeys(stateFolder, keys);
    return keys;
  }
  try {
    return keyFileSchema.parse(JSON.parse(text)).keys;
  } catch (cause) {
    throw new LocalFault(`${path} cannot be read: remove it to get new keys.`, {
      code: 'signing_keys_invalid',
      cause,
    });
  }
}

/** Writes the keys in one step, readable by their owner alone. */
export async function saveSigningKeys(stateFolder: string, keys: SigningKey[]): Promise<void> {
  await writePrivateFile(keyFilePath(stateFolder), `${JSON.stringify({ keys })}\n`);
}

/** A fresh key with a fresh id. */
export async function newSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: SIGNING_ALGORITHM, use: 'sig' };
  return signingKeySchema.parse({ retired_at: null, jwk });
}

/**
 * The keys after `fresh` took over signing. A retired key stays as long as a token that it signed can
 * still be valid, and is dropped at the first rotation after that.
 */
export function rotate(
  keys: readonly SigningKey[],
  fresh: SigningKey,
  now: Date,
  tokenLifetimeSeconds: number,
): SigningKey[] {
  const retired = keys.map((key) => ({ ...key, retired_at: key.retired_at ?? now.toISOString() }));
  const oldest = now.getTime() - tokenLifetimeSeconds * 1000;
  return [fresh, ...retired.filter((key) => Date.parse(key.retired_at) >= oldest)];
}

function keyFilePath(stateFolder: string): string {
  return join(stateFolder, 'issuer-keys.json');
}
