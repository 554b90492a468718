import type { Json } from './caller.ts';
import { digestOf } from './canonical.ts';
import { ALIAS, type ContractTriple, changeSet } from './documents.ts';

/* Change sets of the later versions, over parcels, as a runner builds them (PROTOCOL 3.5 to 3.7, 3.12, 3.13). */

const TENANT = { column: 'tenant_id', value: 'acme' };
const ADVANCE = { column: 'version', strategy: 'integer_increment' };
const SOURCE = { kind: 'external_postgres', source_id: ALIAS, schema: 'public', table: 'parcels' };
const FIELDS = ['fee_cents', 'state'];
const KEY = 'id';
const MOST = 100;
const BOUND = { column: 'fee_cents', measure: 'before', maximum: 1_000_000 };

/** One capability for each operation. */
export const operations = {
  update: 'parcels.change_fee',
  insert: 'parcels.add',
  remove: 'parcels.remove',
  updateSet: 'parcels.waive_fees',
} as const;

export function parcelsContract(): Json {
  const fee = { type: 'number', minimum: 0, maximum: 9_000 };
  const capability = (name: string, args: Json, proposal: Json): Json => ({
    name,
    kind: 'proposal',
    context: 'desk',
    source: ALIAS,
    subject: { schema: 'public', table: 'parcels', primary_key: KEY, tenant_key: TENANT.column },
    visible_fields: [KEY, ...FIELDS, 'version'],
    args,
    ...('parcel_id' in args ? { lookup: { id_from_arg: 'parcel_id' } } : {}),
    proposal: {
      action: name,
      allowed_fields: FIELDS,
      conflict_guard: { column: 'version' },
      approval: { mode: 'human' },
      writeback: { mode: 'direct_sql' },
      ...proposal,
    },
  });
  const parcel_id = { type: 'string', max_length: 64 };
  const patch = { fee_cents: { from_arg: 'fee_cents' } };
  const reversibility = { mode: 'reviewed_inverse' };
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: 'conformance-parcels', version: '1.0.0' },
    contexts: [
      {
        name: 'desk',
        tenant_binding: 'tenant_id',
        principal_binding: 'principal',
        bindings: [
          { name: 'tenant_id', source: 'environment', key: 'SYNAPSOR_TENANT_ID', required: true },
          { name: 'principal', source: 'environment', key: 'SYNAPSOR_PRINCIPAL', required: true },
        ],
      },
    ],
    capabilities: [
      capability(
        operations.update,
        { parcel_id, fee_cents: fee },
        { patch, operation: { kind: 'update', version_advance: ADVANCE }, reversibility },
      ),
      capability(
        operations.insert,
        { fee_cents: fee },
        {
          patch,
          operation: {
            kind: 'insert',
            deduplication: {
              components: [
                { column: KEY, source: 'proposal_id' },
                { column: TENANT.column, source: 'trusted_tenant' },
              ],
            },
          },
        },
      ),
      capability(
        operations.remove,
        { parcel_id },
        { allowed_fields: [], patch: {}, operation: { kind: 'delete' } },
      ),
      capability(
        operations.updateSet,
        { fee_cents: fee },
        {
          patch,
          operation: {
            kind: 'update',
            cardinality: 'set',
            max_rows: MOST,
            selection: { all: [{ column: 'state', operator: 'eq', value: 'held' }] },
            aggregate_bounds: [BOUND],
            version_advance: ADVANCE,
          },
        },
      ),
    ],
  };
}

const rowOf = (id: string) => ({ id, tenant_id: 'acme', fee_cents: 900, state: 'held', version: 7 });

/** What change sets of every version say, of another action and another object than the invoice of the first. */
function envelope(proposalId: string, contract: ContractTriple, action: string, objectId: string): Json {
  const { integrity: _, ...shared } = changeSet(proposalId, contract, objectId);
  const scope = { tenant_id: TENANT.value, business_object: 'parcels', object_id: objectId };
  return { ...shared, action, scope };
}

/** Over plain JSON text, as the builder has it (PROTOCOL 3.1). */
function sealed(body: Json): Json {
  return { ...body, integrity: { proposal_hash: digestOf(JSON.stringify(body)) } };
}

/** A change set v2 that sets a fee. */
export function updateOne(proposalId: string, contract: ContractTriple): Json {
  const before = rowOf('P-1');
  return sealed({
    ...envelope(proposalId, contract, operations.update, before.id),
    schema_version: 'synapsor.change-set.v2',
    operation: 'single_row_update',
    source: { ...SOURCE, primary_key: { column: KEY, value: before.id } },
    before,
    patch: { fee_cents: 0 },
    after: { ...before, fee_cents: 0, version: before.version + 1 },
    guards: {
      tenant: TENANT,
      allowed_columns: FIELDS,
      expected_version: { column: 'version', value: before.version },
      version_advance: ADVANCE,
    },
  });
}

/** A change set v2 that makes a row, kept apart by its proposal. */
export function insertOne(proposalId: string, contract: ContractTriple): Json {
  return sealed({
    ...envelope(proposalId, contract, operations.insert, proposalId),
    schema_version: 'synapsor.change-set.v2',
    operation: 'single_row_insert',
    source: { ...SOURCE, primary_key: { column: KEY, value: proposalId } },
    before: {},
    patch: { fee_cents: 250 },
    after: { fee_cents: 250, [KEY]: proposalId, [TENANT.column]: TENANT.value },
    guards: {
      tenant: TENANT,
      allowed_columns: FIELDS,
      deduplication: {
        components: [
          { column: KEY, value: proposalId, source: 'proposal_id' },
          { ...TENANT, source: 'trusted_tenant' },
        ],
      },
    },
  });
}

/** A change set v2 that removes a row. */
export function removeOne(proposalId: string, contract: ContractTriple): Json {
  const before = rowOf('P-1');
  return sealed({
    ...envelope(proposalId, contract, operations.remove, before.id),
    schema_version: 'synapsor.change-set.v2',
    operation: 'single_row_delete',
    source: { ...SOURCE, primary_key: { column: KEY, value: before.id } },
    before,
    patch: {},
    after: {},
    guards: {
      tenant: TENANT,
      allowed_columns: [],
      expected_version: { column: 'version', value: before.version },
    },
  });
}

/** A change set v3: two rows, frozen with their digests (PROTOCOL 3.1, 3.6). */
export function updateSet(proposalId: string, contract: ContractTriple): Json {
  const operation = 'set_update';
  const members = ['P-1', 'P-2'].map((id) => {
    const before = rowOf(id);
    const after = { ...before, fee_cents: 0, version: before.version + 1 };
    return {
      primary_key: { column: KEY, value: id },
      expected_version: { column: 'version', value: before.version },
      before,
      after,
      before_digest: digestOf({ primary_key: id, before }),
      after_digest: digestOf({ primary_key: id, after }),
    };
  });
  const actual = members.reduce((sum, { before }) => sum + before.fee_cents, 0);
  const aggregate_bounds = [{ ...BOUND, actual }];
  return sealed({
    ...envelope(proposalId, contract, operations.updateSet, 'held parcels'),
    schema_version: 'synapsor.change-set.v3',
    operation,
    source: { ...SOURCE, primary_key: { column: KEY } },
    before: { row_count: members.length },
    patch: { fee_cents: 0 },
    after: { row_count: members.length },
    guards: { tenant: TENANT, allowed_columns: FIELDS, version_advance: ADVANCE },
    frozen_set: {
      max_rows: MOST,
      row_count: members.length,
      aggregate_bounds,
      members,
      set_digest: digestOf({ operation, members, aggregate_bounds }),
    },
  });
}

/** What takes `updateOne` back: the row must stand as it was left (PROTOCOL 3.7, 3.13). */
export function restoreOne(
  proposalId: string,
  contract: ContractTriple,
  forward: { readonly proposalId: string; readonly receipt: string },
): Json {
  const { id, fee_cents, state, version } = rowOf('P-1');
  const expected_state = { fee_cents: 0, state, version: version + 1 };
  const restore_values = { fee_cents, state };
  const lineage = {
    root_proposal_id: forward.proposalId,
    parent_proposal_id: forward.proposalId,
    reverts_proposal_id: forward.proposalId,
    depth: 1,
  };
  return sealed({
    ...envelope(proposalId, contract, operations.update, id),
    schema_version: 'synapsor.compensation-change-set.v1',
    source: { ...SOURCE, primary_key: { column: KEY, value: id } },
    before: expected_state,
    patch: restore_values,
    after: restore_values,
    guards: { tenant: TENANT, allowed_columns: FIELDS },
    compensation: {
      forward_receipt_hash: forward.receipt,
      descriptor: {
        schema_version: 'synapsor.inverse-descriptor.v1',
        availability: 'available',
        reason_codes: [],
        operation: 'restore_update',
        cardinality: 'single',
        forward_proposal_id: forward.proposalId,
        forward_writeback_job_id: `wbj_${forward.proposalId}`,
        target: { source_id: ALIAS, schema: 'public', table: 'parcels', primary_key_column: KEY },
        tenant_guard: TENANT,
        allowed_columns: FIELDS,
        members: [{ primary_key: { column: KEY, value: id }, expected_state, restore_values }],
        max_rows: 1,
        aggregate_bounds: [],
        version_advance: ADVANCE,
        lineage,
      },
    },
  });
}
