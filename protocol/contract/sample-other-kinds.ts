import type { AgentContract, Capability } from './contract-document.ts';
import { billingContract } from './sample-contracts.ts';

/* For tests: one capability of each kind that the registry takes and that no change set v1 can say. */

const DIGEST = `sha256:${'a'.repeat(64)}`;

type Base = Pick<Capability, 'name' | 'kind'>;

function base({ name, kind }: Base) {
  return {
    name,
    kind,
    context: 'desk',
    source: 'billing',
    subject: { schema: 'public', table: 'invoices', primary_key: 'invoice_id', tenant_key: 'tenant_id' },
    args: { invoice_id: { type: 'string' as const, max_length: 64 } },
    visible_fields: ['invoice_id', 'status', 'late_fee_cents', 'version'],
    kept_out_fields: ['card_number'],
    evidence: { required: true, query_audit: true },
  };
}

function reads(): Capability[] {
  return [
    { ...base({ name: 'billing.show', kind: 'read' }), lookup: { id_from_arg: 'invoice_id' }, max_rows: 1 },
    {
      ...base({ name: 'billing.count', kind: 'aggregate_read' }),
      args: {},
      visible_fields: [],
      aggregate: { function: 'count', count_mode: 'rows', minimum_group_size: 5 },
    },
    {
      ...base({ name: 'billing.list_open', kind: 'read' }),
      args: { least_cents: { type: 'number' } },
      max_rows: 50,
      protected_read: {
        version: '1',
        mode: 'rows',
        boundary_digest: DIGEST,
        generation_lock_fingerprint: DIGEST,
        predicates: [
          { field: 'status', operator: 'in', values: ['open', 'disputed'] },
          { field: 'late_fee_cents', operator: 'gte', value: { from_arg: 'least_cents' } },
        ],
        time_window: { field: 'due_on', start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z' },
        limits: {
          max_rows: 50,
          max_groups: 1,
          max_response_cells: 1_000,
          max_response_bytes: 10_000,
          statement_timeout_ms: 5_000,
          max_queries_per_session: 10,
          max_extracted_cells_per_session: 5_000,
          max_differencing_queries: 5,
          rate_limit_per_minute: 10,
        },
      },
    },
  ];
}

function insertAndDelete(): Capability[] {
  const noted = base({ name: 'billing.add_note', kind: 'proposal' });
  return [
    {
      ...noted,
      args: { ...noted.args, note: { type: 'string' } },
      proposal: {
        action: 'add_note',
        allowed_fields: ['note'],
        patch: { note: { from_arg: 'note' } },
        operation: {
          kind: 'insert',
          deduplication: {
            components: [
              { column: 'note_key', source: 'proposal_id' },
              { column: 'tenant_id', source: 'trusted_tenant' },
            ],
          },
        },
      },
    },
    {
      ...base({ name: 'billing.remove', kind: 'proposal' }),
      lookup: { id_from_arg: 'invoice_id' },
      proposal: {
        action: 'remove',
        allowed_fields: [],
        patch: {},
        operation: { kind: 'delete' },
        conflict_guard: { column: 'version' },
        approval: { mode: 'human' },
        writeback: { mode: 'direct_sql' },
      },
    },
  ];
}

function sets(): Capability[] {
  const ofPeople = { approval: { mode: 'human' }, writeback: { mode: 'direct_sql' } } as const;
  return [
    {
      ...base({ name: 'billing.void_drafts', kind: 'proposal' }),
      proposal: {
        ...ofPeople,
        action: 'void_drafts',
        allowed_fields: ['status'],
        patch: { status: { fixed: 'void' } },
        operation: {
          kind: 'update',
          cardinality: 'set',
          max_rows: 20,
          aggregate_bounds: [{ column: 'late_fee_cents', measure: 'before', maximum: 100_000 }],
          selection: { all: [{ column: 'status', operator: 'eq', value: 'draft' }] },
          version_advance: { column: 'version', strategy: 'integer_increment' },
        },
        conflict_guard: { column: 'version' },
      },
    },
    {
      ...base({ name: 'billing.add_lines', kind: 'proposal' }),
      args: {
        lines: {
          type: 'object_array',
          max_items: 10,
          fields: { line_no: { type: 'string' }, cents: { type: 'number', minimum: 0, maximum: 9_000 } },
        },
      },
      proposal: {
        ...ofPeople,
        action: 'add_lines',
        allowed_fields: ['cents'],
        patch: { cents: { from_item: 'cents' } },
        operation: {
          kind: 'insert',
          cardinality: 'set',
          max_rows: 10,
          aggregate_bounds: [{ column: 'late_fee_cents', measure: 'after', maximum: 90_000 }],
          batch: { items_from_arg: 'lines' },
          deduplication: {
            components: [{ column: 'invoice_id', source: 'item_field', item_field: 'line_no' }],
          },
        },
      },
    },
  ];
}

/** What somebody other than a runner's SQL carries out. */
function handled(): Capability[] {
  const letter = base({ name: 'billing.send_letter', kind: 'proposal' });
  const capability = (name: string, mode: 'app_handler' | 'cloud_worker' | 'none'): Capability => ({
    ...letter,
    name,
    args: { ...letter.args, letter: { type: 'string', max_length: 1_500 } },
    lookup: { id_from_arg: 'invoice_id' },
    visible_fields: [...letter.visible_fields, 'letter'],
    proposal: {
      action: 'send_letter',
      allowed_fields: ['letter'],
      patch: { letter: { from_arg: 'letter' } },
      conflict_guard: { column: 'version' },
      writeback: { mode },
    },
  });
  return [
    capability('billing.send_letter', 'app_handler'),
    capability('billing.queue_letter', 'cloud_worker'),
    capability('billing.advise_letter', 'none'),
  ];
}

/** Valid, and none of it proposable; order: reads 0-2, insert 3, delete 4, set 5, batch 6, others' work 7-9. */
export function otherKindsContract(): AgentContract {
  return {
    ...billingContract(),
    capabilities: [...reads(), ...insertAndDelete(), ...sets(), ...handled()],
    workflows: [{ name: 'billing.work', context: 'desk', allowed_capabilities: ['billing.show'] }],
    external_actions: [{ id: 'letter', action: 'send_letter', handler: 'letters' }],
    proposals: [{ id: 'p1', capability: 'billing.show' }],
  };
}
