import type { SqlStatement } from './create-tenant.ts';

/** A tenant whose record is somewhere else, in a copy. */
export interface AdoptedTenant {
  readonly tenant: string;
  readonly label: string;
  /** `<issuer> <subject>` of the one person who may bring the record back. */
  readonly owner: string;
  /** The name of the D1 binding that will hold its rows. */
  readonly shard: string;
  readonly region: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The line of the directory for a record that is to be restored: closed, so that nobody but its owner is answered before it
 * is there. It writes nothing where the id or the label is taken; then it returns no row.
 */
export function adoptTenantStatement(wanted: AdoptedTenant): SqlStatement {
  const { label, now, owner, region, shard, tenant } = wanted;
  return {
    sql:
      'INSERT INTO tenants (tenant, label, shard, region, status, owner, created_at) ' +
      "VALUES (?1, ?2, ?3, ?4, 'suspended', ?5, ?6) ON CONFLICT DO NOTHING RETURNING tenant",
    params: [tenant, label, shard, region, owner, now],
  };
}
