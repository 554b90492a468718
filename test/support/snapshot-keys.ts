import { generateKeyPairSync } from 'node:crypto';

/** A new key that snapshots are signed with, as the setting has it. */
export function newSnapshotKey(kid: string): Readonly<Record<string, string>> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { crv = '', d = '', kty = '', x = '' } = privateKey.export({ format: 'jwk' });
  return { kid, kty, crv, x, d };
}
