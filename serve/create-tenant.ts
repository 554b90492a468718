import { createTenantStatements, type NewTenant } from '@countersign/provisioner/create-tenant';
import type { LocalD1 } from './apply-migrations.ts';

/** Makes a tenant. Fails whole when it exists. */
export async function createTenant(database: LocalD1, tenant: NewTenant): Promise<void> {
  await database.batch(
    createTenantStatements(tenant).map(({ sql, params }) => database.prepare(sql).bind(...params)),
  );
}
