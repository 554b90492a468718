import { contractIdOf, versionIdOf } from '@countersign/durable-objects/tenant/contracts/contract-ids';
import type { ActionContract } from '@countersign/protocol/action/action-contract';
import { noticeAction, refundAction } from '@countersign/protocol/action/sample-actions';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import type { AgentContract, Capability } from '@countersign/protocol/contract/contract-document';
import { SOURCE } from './change-set.ts';

/** What every test tenant's contract permits, unless its test pushes another one. */

/** An update of an invoice's late fee: within these bounds, under its version. */
export function lateFeeCapability(name: string, changes: Partial<Capability> = {}): Capability {
  return {
    name,
    kind: 'proposal',
    context: 'desk',
    subject: {
      schema: 'public',
      table: 'invoices',
      primary_key: 'invoice_id',
      tenant_key: 'tenant_id',
    },
    args: {
      invoice_id: { type: 'string', max_length: 64 },
      late_fee_cents: { type: 'number', minimum: 0, maximum: 1_000_000 },
    },
    lookup: { id_from_arg: 'invoice_id' },
    visible_fields: ['late_fee_cents', 'status'],
    kept_out_fields: ['card_number'],
    proposal: {
      action: name,
      allowed_fields: ['late_fee_cents'],
      patch: { late_fee_cents: { from_arg: 'late_fee_cents' } },
      numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 1_000_000 } },
      conflict_guard: { column: 'version' },
    },
    ...changes,
  };
}

/** Complete change sets are `WAIVE`; an agent asks for `ADJUST`, which names its source. */
export const WAIVE = 'billing.waive_late_fee';
export const ADJUST = 'billing.adjust_late_fee';
/** As `WAIVE`, of the invoices of the customer databases that tests make: their key is called `id`. */
export const WAIVE_IN_SHOP = 'shop.waive_late_fee';

/** Effects outside of a database; two people's consent, nobody's, and one of which nobody can tell afterwards. */
export const REFUND = 'refunds.issue';
export const NOTICE = 'notices.send';
export const MAIL = 'mails.send';
export const TARGET = 'payments';
export const EVENTS = 'events';
export const MAILER = 'mailer';
export const TARGETS = [TARGET, EVENTS, MAILER] as const;

export const testActions: readonly ActionContract[] = [
  refundAction({
    name: REFUND,
    target: TARGET,
    business_key: ['payment_intent', 'amount'],
    approval: { mode: 'human' },
  }),
  noticeAction({ name: NOTICE, target: EVENTS, approval: { mode: 'none' }, most_attempts: 3 }),
  {
    name: MAIL,
    context: 'desk',
    provider: 'email.message',
    target: MAILER,
    args: { subject: { type: 'string', max_length: 80 } },
    input: {
      to: { fixed: 'customer@example.com' },
      subject: { from_arg: 'subject' },
      text: { fixed: 'Your invoice has changed.' },
    },
    business_key: ['to', 'subject'],
    approval: { mode: 'none' },
  },
];

export function testContract(capabilities: readonly Capability[] = []): AgentContract {
  return {
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
      lateFeeCapability(WAIVE),
      lateFeeCapability(ADJUST, { source: SOURCE }),
      lateFeeCapability(WAIVE_IN_SHOP, {
        subject: { schema: 'public', table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      }),
      ...capabilities,
    ],
  };
}

/** The actions, in a contract of their own: tests that have no use for them are spared its activation. */
export function actingContract(actions: readonly ActionContract[] = testActions): AgentContract {
  return {
    ...testContract(),
    metadata: { name: 'acting', version: '1.0.0' },
    capabilities: [],
    'x-cloud-actions': [...actions],
  };
}

const contract_id = contractIdOf('billing');
const digest = contractDigest(testContract());

/** Of the contract that every test tenant begins with. */
export const CONTRACT = {
  contract_id,
  contract_version_id: versionIdOf(contract_id, digest),
  digest,
} as const;

export function pushRequest(contract: AgentContract = testContract(), changes = {}) {
  return {
    schema_version: 'synapsor.cloud-contract-push.v0.1',
    contract,
    source: 'test',
    activate: true,
    ...changes,
  };
}
