import { operationOf } from '@countersign/protocol/change-set/operation';
import { standingOf } from '../proposals/requirement.ts';
import { isMutated, isTerminal, jobView, time, type Whole } from './proposal-view.ts';

/**
 * A proposal as somebody sees it who may not see payloads: what is asked, by whom, and where it stands; no value, no
 * argument, no row's key, and no word that anybody wrote; nor a digest of these, which tells whoever guesses them.
 */
export function proposalOutline(tenant: string, { row, body }: Whole) {
  const { rehearsal } = row;
  return {
    proposal_id: row.proposal_id,
    project_id: tenant,
    source_id: row.source_id,
    status: row.state,
    terminal: isTerminal(row),
    proposal_version: row.version,
    action: 'change_set' in body ? body.change_set.action : body.capability,
    operation: 'change_set' in body ? operationOf(body.change_set) : 'single_row_update',
    proposed_by: { kind: row.proposer_kind, id: row.proposer_id },
    contract: body.contract,
    requirements: standingOf(row.requirements, row.decisions),
    decisions: row.decisions.map(({ verdict, name, at }) => ({ verdict, name, at: time(at) })),
    rehearsal: rehearsal === null ? null : { status: rehearsal.status, number: rehearsal.number },
    job: jobView(row),
    result: row.result === null ? null : { status: row.result.status, error_code: row.result.error_code },
    source_database_mutated: isMutated(row),
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    expires_at: time(row.expires_at),
    ledger_seq: row.tip_seq,
  };
}
