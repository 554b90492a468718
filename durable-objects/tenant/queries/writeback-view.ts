import { decisionDigest } from '../proposals/tied-action.ts';
import { isMutated, isTerminal, jobView, time, type Whole } from './proposal-view.ts';
import { publicState } from './read-proposal.ts';

/**
 * A proposal as existing tools read it (PROTOCOL 6.2, step 14). One that nobody has seen the row of has no change set
 * yet: the members are there, and empty.
 */
export function writebackView({ row, body }: Whole) {
  const change_set = 'change_set' in body ? body.change_set : null;
  const guard = change_set?.guards.expected_version;
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
    target: change_set?.source ?? null,
    before: change_set?.before ?? {},
    patch: change_set?.patch ?? {},
    after: change_set?.after ?? {},
    allowed_columns: change_set?.guards.allowed_columns ?? [],
    conflict: guard === undefined ? {} : { kind: 'version_column', ...guard },
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
