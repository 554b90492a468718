import type { AgentContract } from '@countersign/protocol/contract/contract-document';

/** What the agent of the local stack may propose, and how each change is decided. */
export const CAPABILITIES = {
  /** One approval of a billing lead. */
  waive: 'billing.waive_late_fee',
  /** Small ones are a policy's to approve. */
  adjust: 'billing.adjust_late_fee',
  /** Two billing leads. */
  writeOff: 'billing.write_off_late_fee',
} as const;

/** A letter to the customer, of which nobody could tell afterwards: a billing lead lets it go. */
export const LETTER = 'letters.confirm_waiver';
export const LETTERS = 'letters';

const subject = { resource: 'invoices' };
const visible_fields = ['id', 'customer_name', 'amount_cents', 'late_fee_cents', 'status', 'waiver_reason'];
const kept_out_fields = ['customer_id'];
const invoice_id = {
  type: 'string',
  max_length: 32,
  description: 'the number of the invoice, such as INV-3001',
} as const;
const reason = { type: 'string', max_length: 200, description: 'why, as the customer may read it' } as const;

export function acmeContract(sourceId: string): AgentContract {
  const shared = {
    kind: 'proposal',
    context: 'support',
    source: sourceId,
    subject,
    lookup: { id_from_arg: 'invoice_id' },
    visible_fields,
    kept_out_fields,
    evidence: { required: true, query_audit: true },
  } as const;
  const waiving = {
    allowed_fields: ['late_fee_cents', 'waiver_reason'],
    patch: { late_fee_cents: { fixed: 0 }, waiver_reason: { from_arg: 'reason' } },
    conflict_guard: { column: 'version' },
    writeback: { mode: 'direct_sql' },
  } as const;
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: 'acme-billing', version: '1.0.0', description: 'Late fees of invoices' },
    resources: [
      {
        name: 'invoices',
        engine: 'postgres',
        schema: 'public',
        table: 'invoices',
        primary_key: 'id',
        tenant_key: 'tenant_id',
      },
    ],
    contexts: [
      {
        name: 'support',
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
        ...shared,
        name: CAPABILITIES.waive,
        description: 'Waive the late fee of an invoice',
        args: { invoice_id, reason },
        proposal: {
          ...waiving,
          allowed_fields: [...waiving.allowed_fields],
          action: CAPABILITIES.waive,
          approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 1 },
        },
      },
      {
        ...shared,
        name: CAPABILITIES.adjust,
        description: 'Set the late fee of an invoice',
        args: {
          invoice_id,
          late_fee_cents: {
            type: 'number',
            minimum: 0,
            maximum: 10_000,
            description: 'the new fee, in cents',
          },
        },
        proposal: {
          action: CAPABILITIES.adjust,
          allowed_fields: ['late_fee_cents'],
          patch: { late_fee_cents: { from_arg: 'late_fee_cents' } },
          numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
          conflict_guard: { column: 'version' },
          approval: { mode: 'policy', required_role: 'billing_lead', policy: 'small_fees' },
          writeback: { mode: 'direct_sql' },
        },
      },
      {
        ...shared,
        name: CAPABILITIES.writeOff,
        description: 'Write the late fee of an invoice off',
        args: { invoice_id, reason },
        proposal: {
          ...waiving,
          allowed_fields: [...waiving.allowed_fields],
          action: CAPABILITIES.writeOff,
          approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 2 },
        },
      },
    ],
    'x-cloud-actions': [
      {
        name: LETTER,
        description: 'Write to the customer that the late fee of an invoice is waived',
        context: 'support',
        provider: 'command',
        target: LETTERS,
        args: { invoice_id },
        input: {
          invoice: { from_arg: 'invoice_id' },
          text: { fixed: 'We have waived the late fee of your invoice.' },
          on_behalf_of: { from_binding: 'principal' },
        },
        business_key: ['invoice'],
        approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 1 },
      },
    ],
    policies: [
      {
        name: 'small_fees',
        kind: 'approval',
        rules: [{ field: 'late_fee_cents', max: 2_000 }],
        limits: [
          { kind: 'count', max: 20, period: 'day' },
          { kind: 'total', field: 'late_fee_cents', max: 20_000, period: 'day' },
        ],
      },
    ],
  };
}
