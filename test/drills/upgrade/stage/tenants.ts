import { type PersonName, personNames, type TestTenant, tenantClients } from '../../../support/tenant.ts';
import type { TestIssuer } from '../../../support/test-issuer.ts';
import type { FrozenTenant } from '../past/frozen-release.ts';

/** Everybody of a tenant that is there already, at a plane. */
export async function clientsOf(
  origin: string,
  { project, tokens }: FrozenTenant,
  issuer: TestIssuer,
): Promise<TestTenant> {
  const signed = await Promise.all(personNames.map(async (name) => [name, await issuer.sign(name)]));
  const personTokens = Object.fromEntries(signed) as Record<PersonName, string>;
  return tenantClients(origin, { wanted: { tenant: project }, tokens }, personTokens);
}
