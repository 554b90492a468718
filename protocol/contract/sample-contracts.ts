import type { AgentContract, Capability, ContractContext } from './contract-document.ts';

/* Contracts for tests. Each call makes a fresh one, so that a test may change what it got. */

function deskContext(): ContractContext {
  return {
    name: 'desk',
    tenant_binding: 'tenant_id',
    principal_binding: 'principal',
    bindings: [
      { name: 'tenant_id', source: 'cloud_session', key: 'tenant', required: true },
      { name: 'principal', source: 'cloud_session', key: 'sub', required: true },
    ],
  };
}

function waiveLateFee(): Capability {
  return {
    name: 'billing.waive_late_fee',
    kind: 'proposal',
    context: 'desk',
    source: 'billing',
    subject: { resource: 'invoices' },
    args: {
      invoice_id: { type: 'string', max_length: 64 },
      late_fee_cents: { type: 'number', minimum: 0, maximum: 10_000 },
      waiver_reason: { type: 'string', max_length: 500 },
    },
    lookup: { id_from_arg: 'invoice_id' },
    visible_fields: ['invoice_id', 'late_fee_cents', 'waiver_reason', 'status', 'version'],
    kept_out_fields: ['card_number'],
    evidence: { required: true, query_audit: true },
    proposal: {
      action: 'billing.waive_late_fee',
      allowed_fields: ['late_fee_cents', 'waiver_reason'],
      patch: {
        late_fee_cents: { from_arg: 'late_fee_cents' },
        waiver_reason: { from_arg: 'waiver_reason' },
      },
      numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
      conflict_guard: { column: 'version' },
      approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 1 },
      writeback: { mode: 'direct_sql' },
    },
  };
}

function closeInvoice(): Capability {
  return {
    name: 'billing.close_invoice',
    kind: 'proposal',
    context: 'desk',
    source: 'billing',
    subject: { resource: 'invoices' },
    args: {
      invoice_id: { type: 'string', max_length: 64 },
      new_status: { type: 'string', enum: ['paid', 'void'] },
    },
    lookup: { id_from_arg: 'invoice_id' },
    visible_fields: ['invoice_id', 'status', 'closed_by', 'version'],
    kept_out_fields: ['card_number'],
    proposal: {
      action: 'billing.close_invoice',
      allowed_fields: ['status', 'closed_by'],
      patch: { status: { from_arg: 'new_status' }, closed_by: { fixed: 'desk' } },
      transition_guards: { status: { allowed: { open: ['paid', 'void'], disputed: ['void'] } } },
      conflict_guard: { column: 'version' },
      approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 2 },
      writeback: { mode: 'direct_sql' },
    },
  };
}

/** One capability, `billing.waive_late_fee`: a bounded update of one row of public.invoices. */
export function billingContract(): AgentContract {
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: 'billing', version: '1.0.0' },
    resources: [
      {
        name: 'invoices',
        engine: 'postgres',
        schema: 'public',
        table: 'invoices',
        primary_key: 'invoice_id',
        tenant_key: 'tenant_id',
      },
    ],
    contexts: [deskContext()],
    capabilities: [waiveLateFee()],
  };
}

/** `billingContract` and `billing.close_invoice`: a fixed value, and an order of states. */
export function billingWithStatesContract(): AgentContract {
  const contract = billingContract();
  return { ...contract, capabilities: [...contract.capabilities, closeInvoice()] };
}

/** `billingContract` where a policy approves waivers that leave at most 5 000 cents, 20 a day, without a person. */
export function billingWithPolicyContract(): AgentContract {
  const contract = billingContract();
  const capability = waiveLateFee();
  const proposal = capability.proposal ?? raise('the sample proposes');
  return {
    ...contract,
    capabilities: [
      {
        ...capability,
        proposal: {
          ...proposal,
          approval: { mode: 'policy', required_role: 'billing_lead', policy: 'small_waivers' },
        },
      },
    ],
    policies: [
      {
        name: 'small_waivers',
        kind: 'approval',
        mode: 'green',
        rules: [{ field: 'late_fee_cents', max: 5_000 }],
        limits: [
          { kind: 'count', max: 20, period: 'day' },
          { kind: 'total', field: 'late_fee_cents', max: 50_000, period: 'day' },
        ],
      },
    ],
  };
}

/** `billingContract` where an agent reaches only the invoices that are assigned to its principal. */
export function principalScopedContract(): AgentContract {
  const contract = billingContract();
  return {
    ...contract,
    capabilities: [
      { ...waiveLateFee(), subject: { resource: 'invoices', principal_scope_key: 'assigned_to' } },
    ],
  };
}

function raise(message: string): never {
  throw new Error(message);
}
