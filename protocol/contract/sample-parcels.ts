import type { AgentContract, Capability } from './contract-document.ts';

/* For tests: one capability for each operation, over the parcels of `change-set/sample-change-sets.ts`. */

const base = {
  kind: 'proposal' as const,
  context: 'desk',
  source: 'main_db',
  subject: { schema: 'public', table: 'parcels', primary_key: 'id', tenant_key: 'tenant_id' },
  visible_fields: ['id', 'fee_cents', 'state', 'version'],
  kept_out_fields: ['customs_note'],
};
const ofPeople = {
  conflict_guard: { column: 'version' },
  approval: { mode: 'human' as const },
  writeback: { mode: 'direct_sql' as const },
};
const version_advance = { column: 'version', strategy: 'integer_increment' as const };
const reversibility = { mode: 'reviewed_inverse' as const };
const parcel = { parcel_id: { type: 'string' as const, max_length: 64 } };
const fee = { type: 'number' as const, minimum: 0, maximum: 9_000 };
const tenantComponent = { column: 'tenant_id', source: 'trusted_tenant' as const };

const single: Capability[] = [
  {
    ...base,
    name: 'shipping.propose_fee_change',
    args: { ...parcel, fee_cents: fee },
    lookup: { id_from_arg: 'parcel_id' },
    proposal: {
      ...ofPeople,
      action: 'fee_change',
      allowed_fields: ['fee_cents', 'state'],
      patch: { fee_cents: { from_arg: 'fee_cents' } },
      operation: { kind: 'update', version_advance },
      numeric_bounds: { fee_cents: { minimum: 0, maximum: 9_000 } },
      reversibility,
    },
  },
  {
    ...base,
    name: 'shipping.add_parcel',
    args: { fee_cents: fee, state: { type: 'string', enum: ['new', 'held'] } },
    proposal: {
      ...ofPeople,
      action: 'add_parcel',
      allowed_fields: ['fee_cents', 'state'],
      patch: { fee_cents: { from_arg: 'fee_cents' }, state: { from_arg: 'state' } },
      operation: {
        kind: 'insert',
        deduplication: { components: [{ column: 'id', source: 'proposal_id' }, tenantComponent] },
      },
      reversibility,
    },
  },
  {
    ...base,
    name: 'shipping.remove_parcel',
    args: parcel,
    lookup: { id_from_arg: 'parcel_id' },
    proposal: {
      ...ofPeople,
      action: 'remove_parcel',
      allowed_fields: [],
      patch: {},
      operation: { kind: 'delete' },
    },
  },
];

const set = { cardinality: 'set' as const, max_rows: 100 };
const held = { selection: { all: [{ column: 'state', operator: 'eq' as const, value: 'held' }] } };
const sets: Capability[] = [
  {
    ...base,
    name: 'shipping.waive_fees',
    args: { fee_cents: fee },
    proposal: {
      ...ofPeople,
      action: 'waive_fees',
      allowed_fields: ['fee_cents', 'state'],
      patch: { fee_cents: { from_arg: 'fee_cents' } },
      operation: {
        ...set,
        ...held,
        kind: 'update',
        aggregate_bounds: [{ column: 'fee_cents', measure: 'before', maximum: 1_000_000 }],
        version_advance,
      },
      reversibility,
    },
  },
  {
    ...base,
    name: 'shipping.clear_parcels',
    args: { why: { type: 'string' } },
    proposal: {
      ...ofPeople,
      action: 'clear_parcels',
      allowed_fields: [],
      patch: {},
      operation: {
        ...set,
        ...held,
        kind: 'delete',
        aggregate_bounds: [{ column: 'fee_cents', measure: 'before', maximum: 1_000_000 }],
      },
    },
  },
  {
    ...base,
    name: 'shipping.add_parcels',
    args: {
      parcels: {
        type: 'object_array',
        max_items: 100,
        fields: { id: { type: 'string', max_length: 64 }, fee_cents: fee, state: { type: 'string' } },
      },
    },
    proposal: {
      ...ofPeople,
      action: 'add_parcels',
      allowed_fields: ['fee_cents', 'state'],
      patch: { fee_cents: { from_item: 'fee_cents' }, state: { from_item: 'state' } },
      operation: {
        ...set,
        kind: 'insert',
        batch: { items_from_arg: 'parcels' },
        aggregate_bounds: [{ column: 'fee_cents', measure: 'after', maximum: 1_000_000 }],
        deduplication: {
          components: [{ column: 'id', source: 'item_field', item_field: 'id' }, tenantComponent],
        },
      },
    },
  },
];

export function parcelsContract(): AgentContract {
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: 'parcels', version: '1.0.0' },
    contexts: [
      {
        name: 'desk',
        tenant_binding: 'tenant_id',
        principal_binding: 'principal',
        bindings: [
          { name: 'tenant_id', source: 'environment', key: 'APP_TENANT', required: true },
          { name: 'principal', source: 'environment', key: 'APP_USER', required: true },
        ],
      },
    ],
    capabilities: [...single, ...sets],
  };
}
