import * as z from 'zod';

/** Algorithms that a token of an issuer may be signed with. `none` and the symmetric ones are no choice. */
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const;

const issuerSchema = z.strictObject({
  issuer: z.url(),
  audience: z.string().min(1),
  jwks_uri: z.url(),
  algorithms: z
    .array(z.enum(algorithms))
    .min(1)
    .default([...algorithms]),
  /** The claim whose values projects may take for membership: groups, in most directories. */
  roles_claim: z.string().min(1).max(100).optional(),
});
export type Issuer = z.infer<typeof issuerSchema>;

/** The identity providers whose people may sign in. */
export const issuersSchema = z.array(issuerSchema).max(20);

const MAC_KEY_CHARACTERS = 32;
export const MOST_MAC_KEYS = 5;

/** The keys of our own tokens, newest first; an older one stays while tokens are moved over. */
export const macKeysSchema = z.array(z.string().min(MAC_KEY_CHARACTERS)).min(1).max(MOST_MAC_KEYS);
