import * as z from 'zod';

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
