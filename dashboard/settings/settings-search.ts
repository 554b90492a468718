import * as z from 'zod';

/** The parts of the settings, in the order in which they are shown. */
export const settingsParts = [
  'members',
  'credentials',
  'sources',
  'sign-in',
  'backups',
  'limits',
  'project',
] as const;
export type SettingsPart = (typeof settingsParts)[number];

export const credentialKinds = ['runner-tokens', 'services', 'agents'] as const;
export type CredentialKind = (typeof credentialKinds)[number];

/** What the address says of the settings. What is not understood is not there. */
export const settingsSearchSchema = z.object({
  part: z.enum(settingsParts).optional().catch(undefined),
  kind: z.enum(credentialKinds).optional().catch(undefined),
});
export type SettingsSearch = z.infer<typeof settingsSearchSchema>;
