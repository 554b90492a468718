import { macKeyId } from '@countersign/protocol/mac-key-id';
import type { SqlStatement } from './create-tenant.ts';
import { flyRunners } from './fly-runners.ts';
import { hostedCredentialId } from './hosted-runners.ts';
import { hostedToken } from './hosted-token.ts';
import type { Means, SqlDatabase } from './means.ts';
import { BadProvisionerSettings, type ProvisionerEnv, provisionerSettings } from './settings.ts';

/** What the steps need, out of the Worker's bindings. Throws `BadProvisionerSettings`. */
export function meansOf(env: ProvisionerEnv): Means {
  const settings = provisionerSettings(env);
  const { hosting, macKeys, shards, tenantsPerOwner, tokenSeed } = settings;
  const [macKey = ''] = macKeys;
  return {
    directory: sqlDatabase(env.DB),
    shard: (binding) => {
      if (!shards.some((one) => one.binding === binding) || env[binding] === undefined)
        throw new BadProvisionerSettings(`there is no database ${binding}`);
      return sqlDatabase(env[binding] as D1Database);
    },
    shards,
    tenantsPerOwner,
    hostedRunners:
      hosting === undefined || tokenSeed === undefined ? undefined : flyRunners(hosting, env.HOSTING_TOKEN),
    macKey: macKeyId(macKey),
    tokenOf: (saga) => {
      if (tokenSeed === undefined)
        throw new BadProvisionerSettings('the setting HOSTED_TOKEN_SEED is missing');
      return hostedToken(saga, hostedCredentialId(saga), macKeys, tokenSeed);
    },
  };
}

export function sqlDatabase(database: D1Database): SqlDatabase {
  const prepared = ({ params, sql }: SqlStatement) => database.prepare(sql).bind(...params);
  return {
    batch: async (statements) => {
      const results = await database.batch<Record<string, unknown>>(statements.map(prepared));
      return results.map((result) => result.results);
    },
  };
}
