import * as z from 'zod';

/** An identity provider where the dashboard may send people to sign in. */
export const signInIssuerSchema = z.strictObject({
  issuer: z.url(),
  /** What people know it by. */
  name: z.string().min(1),
  client_id: z.string().min(1),
  scope: z.string().min(1),
  /** What the provider wants to be told beyond the standard, such as `audience`. */
  parameters: z.record(z.string(), z.string()),
});
export type SignInIssuer = z.infer<typeof signInIssuerSchema>;

/** What a page must know before anybody has signed in; the answer of `GET /v1/sign-in`. */
export const signInSettingsSchema = z.strictObject({
  ok: z.literal(true),
  issuers: z.array(signInIssuerSchema),
  /** The project of whoever names none. */
  default_project: z.string().nullable(),
  /** Whether whoever signs in may have a project of their own. */
  is_sign_up_open: z.boolean(),
  /** Where nobody is asked who they are: the warning that every page shows. */
  warning: z.string().nullable(),
});
export type SignInSettings = z.infer<typeof signInSettingsSchema>;
