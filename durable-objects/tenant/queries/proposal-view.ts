import { jobIdOf } from '@countersign/protocol/ids';
import type { ProposalRow } from '../schema.ts';
import { proposals } from '../schema.ts';
import type { RawRow } from '../storage/database.ts';
import { decodeRow } from '../storage/rows.ts';
import type { Submission } from '../turn/event.ts';

/** A proposal with what was submitted. */
export interface Whole {
  readonly row: ProposalRow;
  readonly submission: Submission;
}

export function decodeWhole(raw: RawRow): Whole {
  return { row: decodeRow(proposals, raw), submission: JSON.parse(String(raw.body)) as Submission };
}

const ending = new Set(['rejected', 'canceled', 'expired', 'applied', 'conflict', 'failed', 'indeterminate']);

export function isTerminal(row: ProposalRow): boolean {
  return ending.has(row.state);
}

/** A proposal as people and agents see it. */
export function proposalView(tenant: string, { row, submission }: Whole) {
  const { change_set, contract, source_id, reason, evidence_metadata, query_audit } = submission;
  return {
    proposal_id: row.proposal_id,
    project_id: tenant,
    source_id,
    status: row.state,
    terminal: isTerminal(row),
    action: change_set.action,
    reason,
    proposed_by: { kind: row.proposer_kind, id: row.proposer_id },
    principal: change_set.principal,
    scope: change_set.scope,
    change_set,
    contract,
    evidence_metadata,
    query_audit,
    effect_digest: row.effect_digest,
    proposal_hash: row.proposal_hash,
    approvals: {
      required: row.required_approvals,
      required_role: row.required_role,
      given: row.decisions.filter(({ verdict }) => verdict === 'approved').length,
    },
    decisions: row.decisions.map((decision) => ({ ...decision, at: time(decision.at) })),
    job: jobView(row),
    result: resultView(row),
    source_database_mutated: isMutated(row),
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    expires_at: time(row.expires_at),
    ledger_seq: row.tip_seq,
  };
}

export function jobView(row: ProposalRow) {
  if (row.job_state === null) return null;
  return {
    job_id: jobIdOf(row.proposal_id),
    status: row.job_state,
    attempt_count: row.attempt,
    leased_runner_id: row.lease_runner,
    lease_expires_at: row.lease_expires_at === null ? null : time(row.lease_expires_at),
    not_before: row.not_before === null ? null : time(row.not_before),
  };
}

export function resultView(row: ProposalRow) {
  const { result } = row;
  if (result === null) return null;
  return {
    status: result.status,
    source_database_mutated: isMutated(row),
    affected_rows: result.affected_rows,
    receipt_id: result.result_hash,
    result_hash: result.result_hash,
    result_version: result.result_version,
    error_code: result.error_code,
    runner_id: result.runner_id,
    completed_at: result.completed_at,
    reported_at: time(result.at),
    discrepancy: row.discrepancy,
  };
}

export function isMutated({ result }: ProposalRow): boolean {
  return result?.status === 'applied' || result?.status === 'already_applied';
}

export function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
