import { eventually } from '../../../support/eventually.ts';
import type { TestTenant } from '../../../support/tenant.ts';

/** What is asked again where the clock has moved the record meanwhile. */
const LONGEST_MS = 60_000;

/** By the record's own rebuild: whether a tenant's rows are what the ledger makes of them. */
export async function doesFold({ olivia }: TestTenant): Promise<boolean> {
  const { body } = await eventually(
    () => olivia.post('/v1/maintenance/rebuild'),
    ({ status }) => status === 200,
    LONGEST_MS,
  );
  return body.matches === true;
}
