import { Buffer } from 'node:buffer';
import { canonicalJson } from '../canonical-json.ts';
import type { SnapshotKey, SnapshotKeys } from './snapshot-keys.ts';
import { type SignedManifest, SNAPSHOT_FORMAT, type SnapshotManifest } from './snapshot-manifest.ts';

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
