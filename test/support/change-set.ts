/** The invoice row that tests propose to change. */
export const INVOICE = { id: 'INV-3001', tenant: 'acme', version: 7, lateFee: 5_500 } as const;

export const SOURCE = 'src_billing';
export const OTHER_SOURCE = 'src_orders';

type Fields = Readonly<Record<string, unknown>>;

/** A change set as a service sends it: waive the late fee of one invoice. `changes` replaces top-level members. */
export function changeSet(changes: Fields = {}) {
  return {
    schema_version: 'synapsor.change-set.v1',
    action: 'billing.waive_late_fee',
    scope: { tenant_id: INVOICE.tenant, business_object: 'invoice', object_id: INVOICE.id },
    source: {
      kind: 'external_postgres',
      source_id: 'billing',
      schema: 'public',
      table: 'invoices',
      primary_key: { column: 'invoice_id', value: INVOICE.id },
    },
    before: { late_fee_cents: INVOICE.lateFee },
    patch: { late_fee_cents: 0 },
    after: { late_fee_cents: 0 },
    guards: {
      tenant: { column: 'tenant_id', value: INVOICE.tenant },
      allowed_columns: ['late_fee_cents'],
      expected_version: { column: 'version', value: INVOICE.version },
    },
    ...changes,
  };
}

/** The body of a proposal. */
export function proposal(changes: Fields = {}, others: Fields = {}) {
  return { source_id: SOURCE, change_set: changeSet(changes), ...others };
}

/** The complete change set that a runner submits; nothing may be left away there. */
export function completeChangeSet(proposalId: string, changes: Fields = {}) {
  return {
    ...changeSet(),
    proposal_id: proposalId,
    proposal_version: 1,
    mode: 'review_required',
    principal: { id: 'agent-7', source: 'trusted_session' },
    evidence: { bundle_id: 'evb_1', query_fingerprint: 'qf_1', items: [] },
    approval: { status: 'pending' },
    writeback: { status: 'not_applied', mode: 'trusted_worker_required', executor: 'sql_update' },
    source_database_mutated: false,
    integrity: { proposal_hash: `sha256:${'a'.repeat(64)}` },
    created_at: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}
