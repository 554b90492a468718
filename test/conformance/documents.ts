import { randomBytes } from 'node:crypto';
import type { Json } from './caller.ts';
import { digestOf } from './canonical.ts';

/** The source as the runner's own configuration calls it; the plane knows it by another id (PROTOCOL 3.4). */
export const ALIAS = 'billing';
export const CAPABILITY = 'billing.waive_late_fee';
export const CONTRACT_NAME = 'conformance';
const TENANT = 'acme';

/** A contract as a client pushes it; `visible` is what its capabilities show. */
export function contractDocument(visible: readonly string[] = ['late_fee_cents', 'status']): Json {
  const subject = { schema: 'public', table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' };
  const shared = {
    context: 'desk',
    source: ALIAS,
    subject,
    args: { invoice_id: { type: 'string', max_length: 64 } },
    lookup: { id_from_arg: 'invoice_id' },
    visible_fields: visible,
    kept_out_fields: ['card_number'],
  };
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: CONTRACT_NAME, version: '1.0.0' },
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
      { ...shared, name: 'billing.read_invoice', kind: 'read' },
      {
        ...shared,
        name: CAPABILITY,
        kind: 'proposal',
        proposal: {
          action: CAPABILITY,
          allowed_fields: ['late_fee_cents'],
          patch: { late_fee_cents: { fixed: 0 } },
          conflict_guard: { column: 'version' },
        },
      },
    ],
  };
}

/** Of a contract version, as clients name it in what they send. */
export interface ContractTriple {
  readonly contract_id: string;
  readonly contract_version_id: string;
  readonly digest: string;
}

/** Made by the client (PROTOCOL 3.12). */
export function newProposalId(): string {
  return `wrp_${randomBytes(10).toString('hex')}`;
}

/** The change set v1 of one invoice (PROTOCOL 3.12), with what later clients add to its open members. */
export function changeSet(proposalId: string, { digest }: ContractTriple, objectId: string): Json {
  const body = {
    schema_version: 'synapsor.change-set.v1',
    proposal_id: proposalId,
    proposal_version: 1,
    action: CAPABILITY,
    contract: { digest, version: '1.0.0' },
    mode: 'review_required',
    principal: { id: 'support_agent_17', source: 'environment' },
    scope: { tenant_id: TENANT, business_object: 'invoice', object_id: objectId },
    source: {
      kind: 'external_postgres',
      source_id: ALIAS,
      schema: 'public',
      table: 'invoices',
      primary_key: { column: 'id', value: objectId },
    },
    before: { late_fee_cents: 5_500, status: 'open', version: 7 },
    patch: { late_fee_cents: 0 },
    after: { late_fee_cents: 0, status: 'open', version: 7 },
    guards: {
      tenant: { column: 'tenant_id', value: TENANT },
      allowed_columns: ['late_fee_cents'],
      expected_version: { column: 'version', value: 7 },
    },
    evidence: { bundle_id: `evb_${proposalId}`, query_fingerprint: digestOf('query'), items: [] },
    approval: { status: 'pending', mode: 'human' },
    writeback: { status: 'not_applied', mode: 'trusted_worker_required', executor: 'sql_update' },
    source_database_mutated: false,
    created_at: new Date().toISOString(),
  };
  // Over plain JSON text in the builder's own order: a hash that nobody else can make (PROTOCOL 3.1).
  return { ...body, integrity: { proposal_hash: digestOf(JSON.stringify(body)) } };
}

/** What the linked runner says of what it read and keeps (PROTOCOL 3.10). */
export function metadataOnly(proposalId: string) {
  const query_fingerprints = [digestOf('query')];
  return {
    evidence_metadata: {
      bundle_ids: [`evb_${proposalId}`],
      count: 1,
      query_fingerprints,
      payload_uploaded: false,
    },
    query_audit: {
      audit_ids: [1],
      count: 1,
      query_fingerprints,
      tables: ['public.invoices'],
      payload_uploaded: false,
    },
  };
}
