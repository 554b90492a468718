import type { ChangeSet } from '@countersign/protocol/change-set';
import { operationOf } from '@countersign/protocol/change-set/operation';
import { decisionDigest } from '../proposals/tied-action.ts';
import { isMutated, isTerminal, jobView, time, type Whole } from './proposal-view.ts';
import { publicState } from './read-proposal.ts';

/**
 * A proposal as existing tools read it (PROTOCOL 6.2, step 14). One that nobody has seen the row of has no change set
 * yet: the members are there, and empty.
 */
export function writebackView({ row, body }: Whole) {
  const change_set = 'change_set' in body ? body.change_set : null;
  const { contract } = body;
  const job = jobView(row);
  return {
    proposal_id: row.proposal_id,
    status: publicState(row.state),
    terminal: isTerminal(row),
    source_id: row.source_id,
    action: 'change_set' in body ? body.change_set.action : body.capability,
    contract_id: contract?.contract_id ?? null,
    contract_version_id: contract?.contract_version_id ?? null,
    contract_digest: contract?.digest ?? null,
    operation: change_set === null ? null : operationOf(change_set),
    target: change_set?.source ?? null,
    before: change_set?.before ?? {},
    patch: change_set?.patch ?? {},
    after: change_set?.after ?? {},
    allowed_columns: change_set?.guards.allowed_columns ?? [],
    conflict: change_set === null ? {} : conflictOf(change_set),
    ...membersOf(change_set),
    evidence_metadata: ('evidence_metadata' in body ? body.evidence_metadata : null) ?? {
      payload_uploaded: false,
    },
    query_audit: ('query_audit' in body ? body.query_audit : null) ?? { payload_uploaded: false },
    source_database_mutated: isMutated(row),
    writeback_job_id: job?.job_id ?? null,
    job,
    effect_digest: decisionDigest(row),
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
  };
}

/** What must still hold when it is written. */
function conflictOf(changeSet: ChangeSet): { readonly [key: string]: unknown } {
  if ('frozen_set' in changeSet) {
    const { row_count, set_digest } = changeSet.frozen_set;
    return { kind: 'frozen_set', row_count, set_digest };
  }
  if ('compensation' in changeSet)
    return { kind: 'expected_state', row_count: changeSet.compensation.descriptor.members.length };
  if (!('expected_version' in changeSet.guards)) return { kind: 'none' };
  return { kind: 'version_column', ...changeSet.guards.expected_version };
}

/** Every row of a change of several, and what is taken back. */
function membersOf(changeSet: ChangeSet | null): { readonly [key: string]: unknown } {
  if (changeSet === null) return {};
  if ('frozen_set' in changeSet) return { frozen_set: changeSet.frozen_set };
  return 'compensation' in changeSet ? { compensation: changeSet.compensation } : {};
}
