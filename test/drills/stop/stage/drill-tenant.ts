import type { NewTenant } from '@countersign/provisioner/create-tenant';
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
  await plane.createTenant(withSourcesOf(jobs)(draft.wanted));
  const tokens = await Promise.all(personNames.map(async (name) => [name, await issuer.sign(name)] as const));
  const tenant = tenantClients(plane.url, draft, Object.fromEntries(tokens) as Record<PersonName, string>);
  await governDrill(tenant, jobs);
  return tenant;
}

/** The tenant to be, with the sources of the jobs and no others. */
export function withSourcesOf(jobs: readonly DrillJob[]): (wanted: NewTenant) => NewTenant {
  const ids = [...new Set(jobs.map(({ source }) => source))];
  const sources = ids.map((id) => ({ source_id: id, name: id, engine: 'postgres' as const }));
  return (wanted) => {
    const credentials = wanted.credentials.map((credential) => ({ ...credential, sources: ids }));
    return { ...wanted, sources, credentials };
  };
}

/** Puts the contract in force that the jobs are proposed under. */
export async function governDrill(tenant: TestTenant, jobs: readonly DrillJob[]): Promise<void> {
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(path, pushRequest(drillContract(jobs))));
}
