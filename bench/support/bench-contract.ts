import type { AgentContract } from '@countersign/protocol/contract/contract-document';

export const CAPABILITY = 'billing.waive_late_fee';

/** What the bench proposes under: as a desk would have it, with the fields that a reviewer looks at. */
export const benchContract: AgentContract = {
  spec_version: '0.1',
  kind: 'SynapsorContract',
  metadata: { name: 'billing', version: '1.0.0' },
  contexts: [
    {
      name: 'desk',
      tenant_binding: 'tenant_id',
      principal_binding: 'principal',
      bindings: [
        { name: 'tenant_id', source: 'cloud_session', key: 'tenant', required: true },
        { name: 'principal', source: 'cloud_session', key: 'sub', required: true },
      ],
    },
  ],
  capabilities: [
    {
      name: CAPABILITY,
      kind: 'proposal',
      context: 'desk',
      subject: { schema: 'public', table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      args: {
        invoice_id: { type: 'string', max_length: 64 },
        late_fee_cents: { type: 'number', minimum: 0, maximum: 1_000_000 },
      },
      lookup: { id_from_arg: 'invoice_id' },
      visible_fields: ['customer_name', 'amount_cents', 'currency', 'status', 'late_fee_cents'],
      proposal: {
        action: CAPABILITY,
        allowed_fields: ['late_fee_cents'],
        patch: { late_fee_cents: { from_arg: 'late_fee_cents' } },
        numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 1_000_000 } },
        conflict_guard: { column: 'version' },
      },
    },
  ],
};
