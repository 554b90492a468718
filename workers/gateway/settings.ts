import { isBootstrapToken, MALFORMED_BOOTSTRAP_TOKEN } from '@countersign/protocol/bootstrap-token';
import { issuersSchema, macKeysSchema } from '@countersign/protocol/gateway-settings';
import { limitsSettingSchema } from '@countersign/protocol/limits';
import { log } from '@countersign/protocol/log/log';
import type { ProvisionerApi } from '@countersign/protocol/provisioning/provisioning-requests';
import * as z from 'zod';
import { insecureLocalhost } from './insecure-localhost.ts';

const settingsSchema = z.strictObject({
  issuers: issuersSchema,
  macKeys: macKeysSchema,
  /** The project of a person's request that names none: for installations with a single one. */
  defaultProject: z.string().min(1).optional(),
  /** Whether whoever can sign in may have a project of their own. */
  isSignUpOpen: z.boolean(),
  /** What is exchanged for the first service account of a project; none where none is set, or what is set cannot be one. */
  bootstrapToken: z.string().optional(),
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
  /** Secret: exchanged once in the life of a project for its first service account. */
  readonly COUNTERSIGN_BOOTSTRAP_TOKEN?: string;
  /** JSON: the limits of projects that are not the usual ones. */
  readonly LIMITS?: string;
  /** `anyone`: whoever can sign in may have a project of their own. Nobody may where nothing is said. */
  readonly SIGN_UP?: string;
  /** Of the installation: projects are reached at `<label>.<domain>`. */
  readonly DOMAIN?: string;
  /** The files of the dashboard, where this installation has one. */
  readonly ASSETS?: Fetcher;
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
  for (const name of ['DB', 'TENANT'] as const) {
    if (env[name] === undefined) throw new BadSettings(`the binding ${name} is missing`);
  }
  const parsed = settingsSchema.safeParse({
    issuers: jsonSetting('ISSUERS', env.ISSUERS),
    macKeys: jsonSetting('TOKEN_MAC_KEYS', env.TOKEN_MAC_KEYS),
    defaultProject: insecureLocalhost()?.project ?? env.DEFAULT_PROJECT,
    isSignUpOpen: env.SIGN_UP === 'anyone',
    bootstrapToken: bootstrapTokenIn(env),
    limits: env.LIMITS === undefined ? {} : jsonSetting('LIMITS', env.LIMITS),
  });
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new BadSettings(`the gateway's settings are wrong at: ${where}`);
  }
  read.set(env, parsed.data);
  return parsed.data;
}

/** One that cannot be a token is told, and opens nothing; people and tokens go on. */
function bootstrapTokenIn({ COUNTERSIGN_BOOTSTRAP_TOKEN: token }: GatewayEnv): string | undefined {
  if (token === undefined || isBootstrapToken(token)) return token;
  log('gateway.bootstrap_token_malformed', { message: MALFORMED_BOOTSTRAP_TOKEN });
  return undefined;
}

function jsonSetting(name: string, text: string | undefined): unknown {
  if (text === undefined) throw new BadSettings(`the setting ${name} is missing`);
  try {
    return JSON.parse(text);
  } catch {
    throw new BadSettings(`the setting ${name} is not JSON`);
  }
}
