import { type AdoptedTenant, adoptTenantStatement } from '@countersign/provisioner/adopt-tenant';
import type { NewTenant } from '@countersign/provisioner/create-tenant';
import type { LocalD1 } from './apply-migrations.ts';
import { createTenant } from './create-tenant.ts';
import { ServeFault } from './serve-fault.ts';
import { withinStore } from './within-store.ts';

/** Makes a tenant in a store that nobody serves. Throws `ServeFault`, `tenant_exists` where its id or label is taken. */
export async function addTenant(store: string, tenant: NewTenant): Promise<void> {
  await withinStore(store, async (database) => {
    if (await isTaken(database, tenant)) throw taken(tenant);
    await createTenant(database, tenant);
  });
}

/** Makes room in a store that nobody serves for a record that is to be restored. Throws `ServeFault` as `addTenant`. */
export async function adoptTenant(store: string, tenant: AdoptedTenant): Promise<void> {
  await withinStore(store, async (database) => {
    const { params, sql } = adoptTenantStatement(tenant);
    const written = await database
      .prepare(sql)
      .bind(...params)
      .first();
    if (written === null) throw taken(tenant);
  });
}

async function isTaken(database: LocalD1, { label, tenant }: Named): Promise<boolean> {
  const sql = 'SELECT tenant FROM tenants WHERE tenant = ?1 OR label = ?2';
  return (await database.prepare(sql).bind(tenant, label).first()) !== null;
}

type Named = Pick<NewTenant, 'label' | 'tenant'>;

function taken({ label, tenant }: Named): ServeFault {
  return new ServeFault({
    code: 'tenant_exists',
    message: `the directory has a tenant ${tenant} or a label ${label} already`,
    holds: 'nothing was written',
    next: 'name another; what is there is restored with countersign backup restore --over LABEL',
  });
}
