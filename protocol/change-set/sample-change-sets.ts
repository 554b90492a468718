import { digest } from '../canonical-json.ts';
import type { Row } from './check-columns.ts';
import {
  type AggregateBound,
  afterDigest,
  aggregateOf,
  beforeDigest,
  type FrozenSet,
  type Member,
  type SetOperation,
  setDigest,
  tombstoneDigest,
} from './frozen-set.ts';

/* Change sets of every form as a runner sends them: over parcels, whose fee is waived, which come and which go. */

type Fields = Readonly<Record<string, unknown>>;

export const PARCEL_TENANT = { column: 'tenant_id', value: 'acme' };
const CONTRACT = `sha256:${'c'.repeat(64)}`;

/** What change sets of every form say; `changes` replaces members. */
function sampleEnvelope(proposalId: string, changes: Fields = {}): Fields {
  return {
    proposal_id: proposalId,
    proposal_version: 1,
    action: 'shipping.propose_fee_change',
    contract: { digest: CONTRACT, version: '1.0.0' },
    mode: 'review_required',
    principal: { id: 'agent-7', source: 'environment' },
    scope: { tenant_id: 'acme', business_object: 'parcels', object_id: 'P-1' },
    evidence: { bundle_id: 'evb_1', query_fingerprint: 'sha256:qf', items: [] },
    approval: { status: 'pending', mode: 'human' },
    writeback: { status: 'not_applied', mode: 'trusted_worker_required', executor: 'sql_update' },
    source_database_mutated: false,
    integrity: { proposal_hash: digest({ proposalId }) },
    created_at: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

const source = { kind: 'external_postgres', source_id: 'main_db', schema: 'public', table: 'parcels' };
const named = { ...source, primary_key: { column: 'id', value: 'P-1' } };
const row = { id: 'P-1', tenant_id: 'acme', fee_cents: 900, state: 'held', version: 7 };

export function sampleUpdate(proposalId: string, changes: Fields = {}): Fields {
  return {
    ...sampleEnvelope(proposalId),
    schema_version: 'synapsor.change-set.v2',
    operation: 'single_row_update',
    source: named,
    before: row,
    patch: { fee_cents: 0 },
    after: { ...row, fee_cents: 0, version: 8 },
    guards: {
      tenant: PARCEL_TENANT,
      allowed_columns: ['fee_cents', 'state'],
      expected_version: { column: 'version', value: 7 },
      version_advance: { column: 'version', strategy: 'integer_increment' },
    },
    ...changes,
  };
}

export function sampleInsert(proposalId: string, changes: Fields = {}): Fields {
  return {
    ...sampleEnvelope(proposalId),
    schema_version: 'synapsor.change-set.v2',
    operation: 'single_row_insert',
    source: { ...source, primary_key: { column: 'id', value: proposalId } },
    before: {},
    patch: { fee_cents: 250, state: 'new' },
    after: { fee_cents: 250, state: 'new', id: proposalId, tenant_id: 'acme' },
    guards: {
      tenant: PARCEL_TENANT,
      allowed_columns: ['fee_cents', 'state'],
      deduplication: {
        components: [
          { column: 'id', value: proposalId, source: 'proposal_id' },
          { column: 'tenant_id', value: 'acme', source: 'trusted_tenant' },
        ],
      },
    },
    ...changes,
  };
}

export function sampleDelete(proposalId: string, changes: Fields = {}): Fields {
  return {
    ...sampleEnvelope(proposalId),
    schema_version: 'synapsor.change-set.v2',
    operation: 'single_row_delete',
    source: named,
    before: row,
    patch: {},
    after: {},
    guards: {
      tenant: PARCEL_TENANT,
      allowed_columns: [],
      expected_version: { column: 'version', value: 7 },
    },
    ...changes,
  };
}

/** A member of a set over parcels, its digests as they should be. */
export function sampleMember(operation: SetOperation, id: string): Member {
  const primary_key = { column: 'id', value: id };
  const before = { ...row, id };
  const expected_version = { column: 'version', value: row.version };
  if (operation === 'set_update') {
    const member = { primary_key, expected_version, before, after: { ...before, fee_cents: 0, version: 8 } };
    return { ...member, before_digest: beforeDigest(member), after_digest: afterDigest(member) };
  }
  if (operation === 'set_delete') {
    const member = { primary_key, expected_version, before, after: {} };
    return { ...member, before_digest: beforeDigest(member), tombstone_digest: tombstoneDigest(member) };
  }
  const member = {
    primary_key,
    before: {},
    after: { fee_cents: 250, state: 'new', id, tenant_id: 'acme' },
    deduplication: {
      components: [
        { column: 'id', value: id, source: 'fixed' as const },
        { column: 'tenant_id', value: 'acme', source: 'trusted_tenant' as const },
      ],
    },
  };
  return { ...member, after_digest: afterDigest(member) };
}

/** A set frozen over these members: its count, sum and digest follow from them. */
export function freeze(operation: SetOperation, members: Member[], maximum = 1_000_000): FrozenSet {
  const bound: Pick<AggregateBound, 'column' | 'measure'> = {
    column: 'fee_cents',
    measure: operation === 'batch_insert' ? 'after' : 'before',
  };
  const aggregate_bounds = [{ ...bound, maximum, actual: aggregateOf(bound, members) ?? 0 }];
  return {
    max_rows: 100,
    row_count: members.length,
    aggregate_bounds,
    members,
    set_digest: setDigest(operation, { members, aggregate_bounds }),
  };
}

export function sampleSet(
  proposalId: string,
  operation: SetOperation,
  frozen_set: FrozenSet = freeze(operation, [sampleMember(operation, 'P-1'), sampleMember(operation, 'P-2')]),
  changes: Fields = {},
): Fields {
  const rows = frozen_set.members.length;
  const isUpdate = operation === 'set_update';
  return {
    ...sampleEnvelope(proposalId),
    schema_version: 'synapsor.change-set.v3',
    operation,
    source: { ...source, primary_key: { column: 'id' } },
    before: { row_count: operation === 'batch_insert' ? 0 : rows },
    patch: isUpdate ? { fee_cents: 0 } : {},
    after: { row_count: operation === 'set_delete' ? 0 : rows },
    guards: {
      tenant: PARCEL_TENANT,
      allowed_columns: operation === 'set_delete' ? [] : ['fee_cents', 'state'],
      ...(isUpdate ? { version_advance: { column: 'version', strategy: 'integer_increment' } } : {}),
    },
    frozen_set,
    ...changes,
  };
}

/** The revert of `sampleUpdate`: the row stands as it was left, and is set back. */
export function sampleCompensation(
  proposalId: string,
  forward: { readonly proposal_id: string; readonly receipt: string },
  changes: Fields = {},
  descriptorChanges: Fields = {},
): Fields {
  const expected_state: Row = { fee_cents: 0, state: 'held', version: 8 };
  const restore_values: Row = { fee_cents: 900, state: 'held' };
  return {
    ...sampleEnvelope(proposalId),
    schema_version: 'synapsor.compensation-change-set.v1',
    source: named,
    before: expected_state,
    patch: restore_values,
    after: restore_values,
    compensation: {
      forward_receipt_hash: forward.receipt,
      descriptor: {
        schema_version: 'synapsor.inverse-descriptor.v1',
        availability: 'available',
        reason_codes: [],
        operation: 'restore_update',
        cardinality: 'single',
        forward_proposal_id: forward.proposal_id,
        forward_writeback_job_id: `wbj_${forward.proposal_id}`,
        target: { source_id: 'main_db', schema: 'public', table: 'parcels', primary_key_column: 'id' },
        tenant_guard: PARCEL_TENANT,
        allowed_columns: ['fee_cents', 'state'],
        members: [{ primary_key: { column: 'id', value: 'P-1' }, expected_state, restore_values }],
        max_rows: 1,
        aggregate_bounds: [],
        version_advance: { column: 'version', strategy: 'integer_increment' },
        lineage: {
          root_proposal_id: forward.proposal_id,
          parent_proposal_id: forward.proposal_id,
          reverts_proposal_id: forward.proposal_id,
          depth: 1,
        },
        ...descriptorChanges,
      },
    },
    guards: { tenant: PARCEL_TENANT, allowed_columns: ['fee_cents', 'state'] },
    ...changes,
  };
}
