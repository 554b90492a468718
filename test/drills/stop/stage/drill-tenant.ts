import type { Plane } from '@countersign/serve/start-plane';
import { pushRequest } from '../../../support/contract.ts';
import { must } from '../../../support/must.ts';
import {
  draftTenant,
  type PersonName,
  personNames,
  type TestTenant,
  tenantClients,
} from '../../../support/tenant.ts';
import type { TestIssuer } from '../../../support/test-issuer.ts';
import { drillContract } from './drill-contract.ts';
import type { DrillJob } from './drill-jobs.ts';

export const MAC_KEY = 'the key that signs the tokens of a drill';

/** A tenant with the sources of the jobs, where everybody may do with each what they may do at all. */
export async function createDrillTenant(
  plane: Plane,
  issuer: TestIssuer,
  jobs: readonly DrillJob[],
): Promise<TestTenant> {
  const draft = draftTenant(issuer, MAC_KEY);
  const ids = [...new Set(jobs.map(({ source }) => source))];
  const sources = ids.map((id) => ({ source_id: id, name: id, engine: 'postgres' as const }));
  const credentials = draft.wanted.credentials.map((credential) => ({ ...credential, sources: ids }));
  await plane.createTenant({ ...draft.wanted, sources, credentials });
  const tokens = await Promise.all(personNames.map(async (name) => [name, await issuer.sign(name)] as const));
  const tenant = tenantClients(plane.url, draft, Object.fromEntries(tokens) as Record<PersonName, string>);
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(path, pushRequest(drillContract(jobs))));
  return tenant;
}
