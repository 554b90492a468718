import { pushRequest } from '../../support/contract.ts';
import { must } from '../../support/must.ts';
import {
  draftTenant,
  type PersonName,
  personNames,
  type TestTenant,
  tenantClients,
} from '../../support/tenant.ts';
import type { TestIssuer } from '../../support/test-issuer.ts';
import { chaosContract } from './chaos-contract.ts';
import { ChaosPlane } from './chaos-plane.ts';
import type { Shop } from './shop.ts';

/** Longer than any campaign. */
const TOKEN_SECONDS = 12 * 3_600;

/** A tenant whose sources are the campaign's databases, and whose machines may do with each what they may do at all. */
export async function createChaosTenant(
  plane: ChaosPlane,
  issuer: TestIssuer,
  shops: readonly Shop[],
): Promise<TestTenant> {
  const draft = draftTenant(issuer, ChaosPlane.macKey);
  const sources = shops.map(({ engine, sourceId }) => ({ source_id: sourceId, name: sourceId, engine }));
  const credentials = draft.wanted.credentials.map((credential) => ({
    ...credential,
    sources: sources.map(({ source_id }) => source_id),
  }));
  await plane.createTenant({ ...draft.wanted, sources, credentials });
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_SECONDS;
  const tokens = await Promise.all(
    personNames.map(async (name) => [name, await issuer.sign(name, { claims: { exp } })] as const),
  );
  const tenant = tenantClients(plane.origin, draft, Object.fromEntries(tokens) as Record<PersonName, string>);
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(path, pushRequest(chaosContract(shops))));
  return tenant;
}
