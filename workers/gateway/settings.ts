import { issuersSchema, macKeysSchema } from '@countersign/protocol/gateway-settings';
import { limitsSettingSchema } from '@countersign/protocol/limits';
import type { ProvisionerApi } from '@countersign/protocol/provisioning/provisioning-requests';
import * as z from 'zod';

const settingsSchema = z.strictObject({
  issuers: issuersSchema,
  macKeys: macKeysSchema,
  /** The project of a person's request that names none: for installations with a single one. */
  defaultProject: z.string().min(1).optional(),
  /** Whether whoever can sign in may have a project of their own. */
  isSignUpOpen: z.boolean(),
  /** The tenant objects read it themselves; here it is only checked. */
  limits: limitsSettingSchema,
});
export type Settings = z.infer<typeof settingsSchema>;

/** The gateway's bindings. `DB` holds the directory; tenants' shards are found by name in the same environment. */
export interface GatewayEnv {
  readonly DB: D1Database;
  readonly TENANT: DurableObjectNamespace<
    import('@countersign/durable-objects/tenant/tenant-object').TenantObject
  >;
  /** JSON: a list of issuers. */
  readonly ISSUERS: string;
  /** Secret, JSON: a list of keys. */
  readonly TOKEN_MAC_KEYS: string;
  readonly DEFAULT_PROJECT?: string;
  /** JSON: the limits of projects that are not the usual ones. */
  readonly LIMITS?: string;
  /** `anyone`: whoever can sign in may have a project of their own. Nobody may where nothing is said. */
  readonly SIGN_UP?: string;
  /** Of the installation: projects are reached at `<label>.<domain>`. */
  readonly DOMAIN?: string;
  /** The provisioner, where this installation has one. */
  readonly PROVISIONER?: ProvisionerApi;
}

/** A setting is missing or wrong: every request fails closed, and the log says which. */
export class BadSettings extends Error {
  override name = 'BadSettings';
  readonly code = 'bad_settings';
}

const read = new WeakMap<object, Settings>();

/** The settings, checked once for each environment. Throws `BadSettings`; never with a value in it. */
export function settingsOf(env: GatewayEnv): Settings {
  const known = read.get(env);
  if (known !== undefined) return known;
  const parsed = settingsSchema.safeParse({
    issuers: jsonSetting('ISSUERS', env.ISSUERS),
    macKeys: jsonSetting('TOKEN_MAC_KEYS', env.TOKEN_MAC_KEYS),
    ...(env.DEFAULT_PROJECT === undefined ? {} : { defaultProject: env.DEFAULT_PROJECT }),
    isSignUpOpen: env.SIGN_UP === 'anyone',
    limits: env.LIMITS === undefined ? {} : jsonSetting('LIMITS', env.LIMITS),
  });
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new BadSettings(`the gateway's settings are wrong at: ${where}`);
  }
  read.set(env, parsed.data);
  return parsed.data;
}

function jsonSetting(name: string, text: string | undefined): unknown {
  if (text === undefined) throw new BadSettings(`the setting ${name} is missing`);
  try {
    return JSON.parse(text);
  } catch {
    throw new BadSettings(`the setting ${name} is not JSON`);
  }
}
