import type { Means } from '../means.ts';
import type { Step } from '../saga/run-saga.ts';

/** The line of the directory that makes a label this tenant's, and nobody else's. */
export function reserveLabel({ directory, tenantsPerOwner }: Means): Step {
  return {
    do: async ({ begunAt, owner, tenant, wish }) => {
      const { jurisdiction = null, label, region = '' } = wish;
      const [, found = []] = await directory.batch([
        {
          sql:
            'INSERT INTO tenants (tenant, label, shard, region, jurisdiction, status, owner, created_at) ' +
            "SELECT ?1, ?2, '', ?3, ?4, 'provisioning', ?5, ?6 " +
            'WHERE (SELECT COUNT(*) FROM tenants WHERE owner = ?5 AND tenant <> ?1) < ?7 ON CONFLICT DO NOTHING',
          params: [tenant, label, region, jurisdiction, owner.person, begunAt, tenantsPerOwner],
        },
        { sql: 'SELECT tenant FROM tenants WHERE label = ?1', params: [label] },
      ]);
      const [row] = found;
      if (row?.tenant === tenant) return { ok: true };
      const code = row === undefined ? 'tenant_limit' : 'label_taken';
      return { ok: false, trouble: { code, mayPass: false } };
    },
    undo: async ({ tenant }) => {
      const sql = "DELETE FROM tenants WHERE tenant = ?1 AND status = 'provisioning'";
      await directory.batch([{ sql, params: [tenant] }]);
      return { ok: true };
    },
  };
}
