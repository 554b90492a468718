import * as z from 'zod';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** What a header can carry; some of Fly's tokens have a space inside. */
const TOKEN = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/;

const flySettingsSchema = z
  .strictObject({
    /** An origin: `https://api.machines.dev`, by fly.io/docs/machines/api/working-with-machines-api. */
    baseUrl: z.string().refine(isSafeOrigin, 'must be an https:// origin; http:// is for this machine only'),
    /** The slug of the organization that the apps are made in. It should hold nothing else. */
    organization: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
    token: z.string().regex(TOKEN, 'must be a token'),
  })
  .brand<'FlySettings'>();
/** Only what was checked: the token would go to any other address as well. */
export type FlySettings = z.infer<typeof flySettingsSchema>;

/** A setting of the hosting provider is missing or wrong. */
export class BadHostingSettings extends Error {
  override name = 'BadHostingSettings';
  readonly code = 'bad_hosting_settings';
}

/** Throws `BadHostingSettings`, which names the settings and holds no value of them. */
export function flySettings(given: Record<keyof FlySettings & string, unknown>): FlySettings {
  const parsed = flySettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new BadHostingSettings(`the settings of the hosting provider are wrong at: ${where}`);
}

function isSafeOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, origin, protocol } = new URL(text);
  if (text !== origin) return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}
