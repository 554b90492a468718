import type { AgentChangeSet, GuardedUpdate } from '@countersign/protocol/change-set/guarded-update';
import { WAIVE } from '../law.ts';

/** One row's change as somebody would propose it complete, at the version that they saw. */
export interface Change {
  readonly sourceId: string;
  readonly row: string;
  readonly version: number;
  readonly value: number;
  readonly approvals: number;
  readonly mode: GuardedUpdate['mode'];
  /** The proposer's own id for it, when it has one. */
  readonly proposalId?: string;
}

export function agentChangeSet(change: Change): AgentChangeSet {
  const { sourceId, row, version, value, approvals, mode, proposalId } = change;
  return {
    schema_version: 'synapsor.change-set.v1',
    ...(proposalId === undefined ? {} : { proposal_id: proposalId }),
    proposal_version: 1,
    action: WAIVE,
    mode,
    scope: { tenant_id: 'acme', business_object: 'invoice', object_id: row },
    source: {
      kind: 'external_postgres',
      source_id: sourceId,
      schema: 'public',
      table: 'invoices',
      primary_key: { column: 'id', value: row },
    },
    before: { fee: 0 },
    patch: { fee: value },
    after: { fee: value },
    guards: {
      tenant: { column: 'tenant_id', value: 'acme' },
      allowed_columns: ['fee'],
      expected_version: { column: 'version', value: version },
    },
    approval: { status: 'pending', required_approvals: approvals },
    writeback: { status: 'not_applied', mode: 'trusted_worker_required' },
    source_database_mutated: false,
  };
}

/** The complete form, which a runner submits under its own id. */
export function runnerChangeSet(change: Change & { readonly proposalId: string }, at: string): GuardedUpdate {
  return {
    ...agentChangeSet(change),
    proposal_id: change.proposalId,
    principal: { id: 'principal', source: 'trusted_session' },
    evidence: { bundle_id: 'none', query_fingerprint: 'none', items: [] },
    integrity: { proposal_hash: `sha256:${change.proposalId}` },
    created_at: at,
  };
}
