import type { AgentContract, Capability } from '@countersign/protocol/contract/contract-document';
import { lateFeeCapability, testContract } from '../../../support/contract.ts';
import { capabilityOf, type DrillJob } from './drill-jobs.ts';

/** What the jobs of a drill do, at any source. */
export function drillContract(jobs: readonly DrillJob[]): AgentContract {
  const columns = [...new Set(jobs.map(({ column }) => column))];
  return {
    ...testContract(),
    metadata: { name: 'drill', version: '1.0.0' },
    capabilities: columns.map(waiverOf),
  };
}

function waiverOf(column: string): Capability {
  const name = capabilityOf(column);
  return lateFeeCapability(name, {
    subject: { schema: 'public', table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
    args: { invoice_id: { type: 'string', max_length: 64 } },
    visible_fields: [column],
    proposal: {
      action: name,
      allowed_fields: [column],
      patch: { [column]: { fixed: 0 } },
      conflict_guard: { column: 'version' },
    },
  });
}
