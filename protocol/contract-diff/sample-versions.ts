import { noticeAction, refundAction } from '../action/sample-actions.ts';
import type { AgentContract } from '../contract/contract-document.ts';

/** A contract in which everything that can differ is there. For tests; each call makes a fresh one. */
export function fullContract(): AgentContract {
  return structuredClone(full);
}

const full: AgentContract = {
  spec_version: '0.1',
  kind: 'SynapsorContract',
  metadata: { name: 'parcels', version: '1.0.0', tags: ['shipping', 'fees'] },
  resources: [
    {
      name: 'parcels',
      engine: 'postgres',
      type: 'table',
      schema: 'public',
      table: 'parcels',
      primary_key: 'id',
      tenant_key: 'tenant_id',
      conflict_key: 'version',
    },
    {
      name: 'labels',
      engine: 'postgres',
      schema: 'public',
      table: 'labels',
      primary_key: 'id',
      tenant_key: 'tenant_id',
    },
  ],
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
      name: 'parcels.change_fee',
      kind: 'proposal',
      context: 'desk',
      source: 'main_db',
      description: 'Sets the fee of a parcel',
      subject: { resource: 'parcels', principal_scope_key: 'assigned_to' },
      args: {
        parcel_id: { type: 'string', max_length: 64 },
        fee_cents: { type: 'number', minimum: 0, maximum: 9_000 },
        state: { type: 'string', enum: ['held', 'released'] },
        note: { type: 'string', max_length: 200 },
        hint: { type: 'string', required: false },
      },
      lookup: { id_from_arg: 'parcel_id' },
      visible_fields: ['id', 'fee_cents', 'state', 'source', 'version'],
      kept_out_fields: ['customs_note'],
      model_withheld_fields: ['street'],
      max_rows: 1,
      evidence: { required: true, query_audit: true, sources: ['desk'] },
      proposal: {
        action: 'parcels.change_fee',
        operation: {
          kind: 'update',
          version_advance: { column: 'version', strategy: 'integer_increment' },
        },
        allowed_fields: ['fee_cents', 'state', 'source'],
        patch: {
          fee_cents: { from_arg: 'fee_cents' },
          state: { from_arg: 'state' },
          source: { fixed: 'desk' },
        },
        numeric_bounds: { fee_cents: { minimum: 0, maximum: 9_000 } },
        transition_guards: { state: { allowed: { new: ['held'], held: ['released', 'returned'] } } },
        conflict_guard: { column: 'version' },
        approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 2 },
        reversibility: { mode: 'reviewed_inverse' },
        writeback: { mode: 'direct_sql' },
      },
    },
    {
      name: 'parcels.release_all',
      kind: 'proposal',
      context: 'desk',
      subject: { resource: 'parcels' },
      args: { count: { type: 'object_array', max_items: 5, fields: { amount: { type: 'number' } } } },
      visible_fields: ['id', 'fee_cents', 'version'],
      proposal: {
        action: 'parcels.release_all',
        operation: {
          kind: 'update',
          cardinality: 'set',
          version_advance: { column: 'version', strategy: 'integer_increment' },
          max_rows: 20,
          aggregate_bounds: [
            { column: 'fee_cents', measure: 'after', maximum: 1_000 },
            { column: 'fee_cents', measure: 'absolute_delta', maximum: 500 },
          ],
          selection: {
            all: [
              { column: 'state', operator: 'eq', value: 'held' },
              { column: 'kind', operator: 'eq', value: 'letter' },
            ],
          },
        },
        allowed_fields: ['fee_cents'],
        patch: { fee_cents: { fixed: 0 } },
        conflict_guard: { column: 'version' },
        execution: { supervised_worker: 'allowed' },
        approval: { mode: 'policy', required_role: 'desk_lead', policy: 'small' },
      },
    },
    {
      name: 'parcels.count',
      kind: 'aggregate_read',
      context: 'desk',
      subject: { schema: 'public', table: 'parcels', primary_key: 'id', tenant_key: 'tenant_id' },
      args: {},
      visible_fields: [],
      aggregate: { function: 'count', count_mode: 'rows', minimum_group_size: 10 },
    },
  ],
  policies: [
    {
      name: 'small',
      kind: 'approval',
      mode: 'green',
      rules: [
        { field: 'fee_cents', max: 200 },
        { field: 'points', max: 5 },
      ],
      limits: [
        { kind: 'count', max: 20, period: 'day' },
        { kind: 'total', field: 'fee_cents', max: 1_500, period: 'day', scope: 'tenant_policy_object' },
      ],
    },
  ],
  workflows: [
    {
      name: 'parcels.review',
      context: 'desk',
      allowed_capabilities: ['parcels.change_fee', 'parcels.count'],
      description: 'Weekly',
    },
  ],
  external_actions: [
    { id: 'letter', action: 'parcels.send_letter', handler: 'letters' },
    { id: 'call', action: 'parcels.call', handler: 'calls' },
  ],
  'x-cloud-actions': [refundAction(), noticeAction()],
};
