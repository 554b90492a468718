import * as z from 'zod';

/** What a login gave. It opens what the person may open, so it is kept like a password. */
export const tokensSchema = z.strictObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  /** RFC 3339; left away where the issuer does not say. */
  expires_at: z.iso.datetime().optional(),
});
export type Tokens = z.infer<typeof tokensSchema>;

/** Where a control plane is, and how one signs in to it. */
export const profileSchema = z.strictObject({
  url: z.string(),
  project_id: z.string().optional(),
  issuer: z.string().optional(),
  client_id: z.string().optional(),
  scope: z.string().optional(),
  tokens: tokensSchema.optional(),
});
export type Profile = z.infer<typeof profileSchema>;

export const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export const profilesSchema = z.strictObject({
  current: z.string(),
  profiles: z.record(z.string().regex(PROFILE_NAME), profileSchema),
});
export type Profiles = z.infer<typeof profilesSchema>;

export const USUAL_PROFILE = 'default';
export const noProfiles: Profiles = { current: USUAL_PROFILE, profiles: {} };

/** A profile of that name, its own and not one that every object has. */
export function profileOf({ profiles }: Profiles, name: string): Profile | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}
