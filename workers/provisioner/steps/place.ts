import type { Means, Shard } from '../means.ts';
import type { Step } from '../saga/run-saga.ts';

const USUAL_REGION = 'weur';

/**
 * Chooses the database that will hold the tenant's rows: once, for its place is part of every request after that. And the
 * key of its hosted runner's token, which must be one and the same in the rows and at the hosting provider.
 */
export function place({ directory, macKey, shards }: Means): Step {
  return {
    do: async ({ tenant, wish }) => {
      const region = wish.region ?? USUAL_REGION;
      const [lines = [], counted = []] = await directory.batch([
        { sql: 'SELECT shard FROM tenants WHERE tenant = ?1', params: [tenant] },
        { sql: 'SELECT shard, held FROM shards', params: [] },
      ]);
      const chosen = String(lines[0]?.shard ?? '');
      const held = new Map(counted.map((row) => [String(row.shard), Number(row.held)]));
      const shard =
        chosen === '' ? chooseShard(shards, held, { region, jurisdiction: wish.jurisdiction }) : chosen;
      if (shard === undefined) return { ok: false, trouble: { code: 'no_room', mayPass: false } };
      const sql = "UPDATE tenants SET shard = ?2, region = ?3 WHERE tenant = ?1 AND shard = ''";
      await directory.batch([{ sql, params: [tenant, shard, region] }]);
      return { ok: true, found: { shard, region, macKey } };
    },
    undo: async () => ({ ok: true }),
  };
}

/** The emptiest of those that fit; one that names the region goes before one that takes any. */
export function chooseShard(
  shards: readonly Shard[],
  held: ReadonlyMap<string, number>,
  wanted: { readonly region: string; readonly jurisdiction?: string | undefined },
): string | undefined {
  const of = (binding: string) => held.get(binding) ?? 0;
  const fitting = shards
    .filter(({ jurisdiction }) => jurisdiction === wanted.jurisdiction)
    .filter(({ regions }) => regions === undefined || regions.includes(wanted.region))
    .filter(({ binding, most }) => of(binding) < most);
  const near = fitting.filter(({ regions }) => regions !== undefined);
  const [first] = (near.length > 0 ? near : fitting).toSorted((a, b) => of(a.binding) - of(b.binding));
  return first?.binding;
}
