import type { proposeRequestSchema } from '@countersign/protocol/proposal-requests';
import type { z } from 'zod';
import { CAPABILITY } from './bench-contract.ts';
import { SOURCE } from './names.ts';

export interface LateFee {
  readonly invoice: string;
  /** The row's version that the proposal was made from. */
  readonly version: number;
  readonly from: number;
  readonly to: number;
}

/** What a service sends to change the late fee of one invoice. */
export function lateFeeRequest({
  invoice,
  version,
  from,
  to,
}: LateFee): z.input<typeof proposeRequestSchema> {
  const row = {
    customer_name: 'Northwind Bakery',
    amount_cents: 125_000,
    currency: 'USD',
    status: 'overdue',
  };
  return {
    source_id: SOURCE,
    reason: 'The customer paid within the grace period.',
    change_set: {
      schema_version: 'synapsor.change-set.v1',
      action: CAPABILITY,
      scope: { tenant_id: 'acme', business_object: 'invoice', object_id: invoice },
      source: {
        kind: 'external_postgres',
        source_id: SOURCE,
        schema: 'public',
        table: 'invoices',
        primary_key: { column: 'id', value: invoice },
      },
      before: { ...row, late_fee_cents: from },
      patch: { late_fee_cents: to },
      after: { ...row, late_fee_cents: to },
      guards: {
        tenant: { column: 'tenant_id', value: 'acme' },
        allowed_columns: ['late_fee_cents'],
        expected_version: { column: 'version', value: version },
      },
    },
  };
}
