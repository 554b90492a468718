import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { type SignedManifest, SNAPSHOT_FORMAT, type SnapshotManifest } from './snapshot-manifest.ts';

/** A Worker's secret holds no more: each is some 150 bytes, of 5 kB. */
export const MOST_SNAPSHOT_KEYS = 20;

const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const publicKeySchema = z.strictObject({
  kid: z.string().min(1).max(100),
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: base64url,
});
/** A public key that manifests are checked with, as a JSON Web Key (RFC 8037). */
export type SnapshotKey = z.infer<typeof publicKeySchema>;

/** Keys that manifests are checked with: of a key set, whoever made it. */
export const snapshotKeySetSchema = z.object({
  keys: z.array(publicKeySchema).min(1).max(MOST_SNAPSHOT_KEYS),
});

/**
 * The keys of an installation, newest first. The first signs, and so has its private part; those that came before it
 * need theirs no more, and stay: what they signed is checked with them.
 */
export const snapshotKeysSchema = z
  .array(publicKeySchema.extend({ d: base64url.optional() }))
  .min(1)
  .max(MOST_SNAPSHOT_KEYS)
  .refine(([first]) => first?.d !== undefined, 'the first key has no private part')
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'two keys have one kid');
export type SnapshotKeys = z.infer<typeof snapshotKeysSchema>;

/** The same without anything that is secret. */
export function publicKeys(keys: SnapshotKeys): readonly SnapshotKey[] {
  return keys.map(({ crv, kid, kty, x }) => ({ kid, kty, crv, x }));
}

/** Signs with the newest key. */
export async function signManifest(
  manifest: Omit<SnapshotManifest, 'key_id'>,
  [newest]: SnapshotKeys,
): Promise<SignedManifest> {
  if (newest === undefined) throw new TypeError('there is no key to sign with');
  const { crv, d = '', kid, kty, x } = newest;
  const key = await crypto.subtle.importKey('jwk', { crv, d, kty, x }, ALGORITHM, false, ['sign']);
  const whole = { ...manifest, key_id: kid };
  const signature = await crypto.subtle.sign(ALGORITHM, key, signedBytes(whole));
  return { manifest: whole, signature: Buffer.from(signature).toString('base64') };
}

export type SignatureVerdict = 'good' | 'bad' | 'unknown_key';

/** Whether one of these keys has signed it. */
export async function checkSignature(
  { manifest, signature }: SignedManifest,
  keys: readonly SnapshotKey[],
): Promise<SignatureVerdict> {
  const known = keys.find(({ kid }) => kid === manifest.key_id);
  if (known === undefined) return 'unknown_key';
  const { crv, kty, x } = known;
  const key = await crypto.subtle.importKey('jwk', { crv, kty, x }, ALGORITHM, false, ['verify']);
  const isGood = await crypto.subtle.verify(
    ALGORITHM,
    key,
    Buffer.from(signature, 'base64'),
    signedBytes(manifest),
  );
  return isGood ? 'good' : 'bad';
}

const ALGORITHM = 'Ed25519';

function signedBytes(manifest: SnapshotManifest): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(`${SNAPSHOT_FORMAT}\n${canonicalJson(manifest)}`));
}
