import { noticeAction, refundAction } from '../action/sample-actions.ts';
import type { AgentContract, Capability } from '../contract/contract-document.ts';

/* For tests: a contract in which the lint finds nothing, with a capability of every sort. */

const parcelId = { type: 'string', max_length: 64, description: 'The id of the parcel' } as const;
const evidence = { required: true, query_audit: true };
const advance = { column: 'version', strategy: 'integer_increment' } as const;

const weigh: Capability = {
  name: 'parcels.weigh',
  kind: 'proposal',
  context: 'desk',
  description: 'Corrects the weight of a parcel, and holds or releases it',
  subject: { resource: 'parcels' },
  args: {
    parcel_id: parcelId,
    grams: { type: 'number', minimum: 0, maximum: 30_000, description: 'The weight in grams' },
    next: { type: 'string', enum: ['held', 'released'], description: 'Where the parcel goes' },
    note: { type: 'string', max_length: 200, description: 'Why, in a sentence' },
  },
  lookup: { id_from_arg: 'parcel_id' },
  visible_fields: ['id', 'grams', 'status', 'note', 'shelf', 'version'],
  kept_out_fields: ['customs_file'],
  evidence,
  proposal: {
    action: 'parcels.weigh',
    operation: { kind: 'update', version_advance: advance },
    allowed_fields: ['grams', 'status', 'note'],
    patch: { grams: { from_arg: 'grams' }, status: { from_arg: 'next' }, note: { from_arg: 'note' } },
    numeric_bounds: { grams: { minimum: 0, maximum: 30_000 } },
    transition_guards: { status: { allowed: { new: ['held'], held: ['released'] } } },
    conflict_guard: { column: 'version' },
    approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 1 },
    writeback: { mode: 'direct_sql' },
  },
};

const prioritize: Capability = {
  name: 'parcels.prioritize',
  kind: 'proposal',
  context: 'desk',
  description: 'Moves a parcel up in the queue',
  subject: { resource: 'parcels' },
  args: {
    parcel_id: parcelId,
    rank: { type: 'number', minimum: 1, maximum: 10, description: 'Places up' },
  },
  lookup: { id_from_arg: 'parcel_id' },
  visible_fields: ['id', 'rank', 'version'],
  evidence,
  proposal: {
    action: 'parcels.prioritize',
    allowed_fields: ['rank'],
    patch: { rank: { from_arg: 'rank' } },
    numeric_bounds: { rank: { minimum: 1, maximum: 10 } },
    conflict_guard: { column: 'version' },
    approval: { mode: 'policy', required_role: 'desk_lead', policy: 'small_ranks' },
    writeback: { mode: 'direct_sql' },
  },
};

const refund: Capability = {
  name: 'parcels.refund',
  kind: 'proposal',
  context: 'desk',
  description: 'Pays a part of the postage back',
  subject: { resource: 'parcels' },
  args: {
    parcel_id: parcelId,
    cents: { type: 'number', minimum: 0, maximum: 9_000, description: 'The refund in cents' },
  },
  lookup: { id_from_arg: 'parcel_id' },
  visible_fields: ['id', 'refund_cents', 'version'],
  evidence,
  proposal: {
    action: 'parcels.refund',
    operation: { kind: 'update', version_advance: advance },
    allowed_fields: ['refund_cents'],
    patch: { refund_cents: { from_arg: 'cents' } },
    numeric_bounds: { refund_cents: { minimum: 0, maximum: 9_000 } },
    conflict_guard: { column: 'version' },
    approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 2 },
    reversibility: { mode: 'reviewed_inverse' },
    writeback: { mode: 'direct_sql' },
  },
};

const remove: Capability = {
  name: 'parcels.remove',
  kind: 'proposal',
  context: 'desk',
  description: 'Deletes a parcel that was entered twice',
  subject: { resource: 'parcels' },
  args: { parcel_id: parcelId },
  lookup: { id_from_arg: 'parcel_id' },
  visible_fields: ['id', 'version'],
  evidence,
  proposal: {
    action: 'parcels.remove',
    operation: { kind: 'delete' },
    allowed_fields: [],
    patch: {},
    conflict_guard: { column: 'version' },
    approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 2 },
    writeback: { mode: 'direct_sql' },
  },
};

const clearShelf: Capability = {
  name: 'parcels.clear_shelf',
  kind: 'proposal',
  context: 'desk',
  description: 'Takes the lost parcels off their shelves',
  subject: { resource: 'parcels' },
  args: { reason: { type: 'string', max_length: 200, description: 'Why now' } },
  visible_fields: ['id', 'shelf', 'lost', 'version'],
  evidence,
  proposal: {
    action: 'parcels.clear_shelf',
    operation: {
      kind: 'update',
      cardinality: 'set',
      version_advance: advance,
      max_rows: 50,
      selection: { all: [{ column: 'lost', operator: 'eq', value: true }] },
      aggregate_bounds: [{ column: 'shelf', measure: 'absolute_delta', maximum: 500 }],
    },
    allowed_fields: ['shelf'],
    patch: { shelf: { fixed: 0 } },
    conflict_guard: { column: 'version' },
    approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 2 },
    writeback: { mode: 'direct_sql' },
  },
};

const sendLetter: Capability = {
  name: 'parcels.send_letter',
  kind: 'proposal',
  context: 'desk',
  description: 'Sends the receiver a letter',
  subject: { resource: 'parcels' },
  args: { parcel_id: parcelId, letter: { type: 'string', max_length: 1_500, description: 'The text' } },
  lookup: { id_from_arg: 'parcel_id' },
  visible_fields: ['id', 'letter', 'version'],
  evidence,
  proposal: {
    action: 'parcels.send_letter',
    allowed_fields: ['letter'],
    patch: { letter: { from_arg: 'letter' } },
    conflict_guard: { column: 'version' },
    approval: { mode: 'operator', required_role: 'desk_lead' },
    writeback: { mode: 'app_handler', executor: 'letters' },
  },
};

const count: Capability = {
  name: 'parcels.count',
  kind: 'aggregate_read',
  context: 'desk',
  description: 'Counts the parcels',
  subject: { resource: 'parcels' },
  args: {},
  visible_fields: [],
  evidence,
  aggregate: { function: 'count', count_mode: 'rows', minimum_group_size: 5 },
};

const clean: AgentContract = {
  spec_version: '0.1',
  kind: 'SynapsorContract',
  resources: [
    {
      name: 'parcels',
      engine: 'postgres',
      schema: 'public',
      table: 'parcels',
      primary_key: 'id',
      tenant_key: 'tenant_id',
    },
  ],
  contexts: [
    {
      name: 'desk',
      tenant_binding: 'tenant',
      principal_binding: 'caller',
      bindings: [
        { name: 'tenant', source: 'cloud_session', key: 'tenant', required: true },
        { name: 'caller', source: 'cloud_session', key: 'sub', required: true },
      ],
    },
  ],
  capabilities: [weigh, prioritize, refund, remove, clearShelf, sendLetter, count],
  policies: [
    {
      name: 'small_ranks',
      kind: 'approval',
      rules: [{ field: 'rank', max: 3 }],
      limits: [
        { kind: 'total', field: 'rank', max: 50, period: 'day' },
        { kind: 'count', max: 2, period: 'day', scope: 'tenant_policy_object' },
      ],
    },
  ],
  external_actions: [{ id: 'letter', action: 'parcels.send_letter', handler: 'letters' }],
  'x-cloud-actions': [
    refundAction(),
    noticeAction({
      input: {
        parcel: { from_arg: 'parcel' },
        event: { from_arg: 'event' },
        note: { from_arg: 'note' },
        on_behalf_of: { from_binding: 'caller' },
      },
    }),
  ],
};

/** Each call makes a fresh one, of which no part is shared. */
export function cleanContract(): AgentContract {
  return JSON.parse(JSON.stringify(clean));
}
