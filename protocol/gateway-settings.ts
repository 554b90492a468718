import * as z from 'zod';
import { originSchema } from './origin.ts';

/** Algorithms that a token of an issuer may be signed with. `none` and the symmetric ones are no choice. */
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const;

/** How the dashboard is known to an issuer: a public client, which holds no secret and must use PKCE. */
const dashboardClientSchema = z.strictObject({
  client_id: z.string().min(1).max(200),
  /** The client of logins on other devices (RFC 8628), where that is another one: few issuers let one do both. */
  device_client_id: z.string().min(1).max(200).optional(),
  /** What people know the issuer by; its host where nothing is said. */
  name: z.string().min(1).max(100).optional(),
  scope: z.string().min(1).max(500).default('openid email profile offline_access'),
  /** What this issuer wants to be told beyond the standard, such as `audience`. */
  parameters: z.record(z.string(), z.string().max(500)).default({}),
  /** Origins besides its own where the issuer has its endpoints: pages may ask no others. */
  origins: z.array(originSchema).max(5).default([]),
});

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
  /** Without it nobody of this issuer signs in to the dashboard; their tokens are as good as others. */
  dashboard: dashboardClientSchema.optional(),
});
export type Issuer = z.infer<typeof issuerSchema>;
/** As whoever sets it writes it. */
export type IssuerSetting = z.input<typeof issuerSchema>;

/** The identity providers whose people may sign in. */
export const issuersSchema = z.array(issuerSchema).max(20);

const MAC_KEY_CHARACTERS = 32;
export const MOST_MAC_KEYS = 5;

/** The keys of our own tokens, newest first; an older one stays while tokens are moved over. */
export const macKeysSchema = z.array(z.string().min(MAC_KEY_CHARACTERS)).min(1).max(MOST_MAC_KEYS);
