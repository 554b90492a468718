import { operationOf } from '@countersign/protocol/change-set/operation';
import { jobIdOf } from '@countersign/protocol/ids';
import { adviceFor } from '../proposals/advice.ts';
import { standingOf } from '../proposals/requirement.ts';
import { decisionDigest } from '../proposals/tied-action.ts';
import { waitingFor } from '../proposals/waiting-for.ts';
import type { ProposalRow } from '../schema.ts';
import { proposals } from '../schema.ts';
import type { RawRow } from '../storage/database.ts';
import { decodeRow } from '../storage/rows.ts';
import type { ProposalRequest, RehearsalReported, Submission } from '../turn/body.ts';

/** A proposal with what was submitted, or, while nobody has seen the row, requested. */
export interface Whole {
  readonly row: ProposalRow;
  readonly body: Submission | ProposalRequest;
}

export function decodeWhole(raw: RawRow): Whole {
  return {
    row: decodeRow(proposals, raw),
    body: JSON.parse(String(raw.body)) as Submission | ProposalRequest,
  };
}

const ending = new Set(['rejected', 'canceled', 'expired', 'applied', 'conflict', 'failed', 'indeterminate']);

export function isTerminal(row: ProposalRow): boolean {
  return ending.has(row.state);
}

/** What an answer about one proposal may know besides it. */
export interface Beside {
  /** What its newest rehearsal showed. */
  readonly seen: RehearsalReported | null;
  /** The freeze that covers its source. */
  readonly freezeId: string | null;
}

/** A proposal as people and agents see it. */
export function proposalView(tenant: string, { row, body }: Whole, beside?: Beside) {
  const seen = beside?.seen ?? null;
  const standings = standingOf(row.requirements, row.decisions);
  return {
    proposal_id: row.proposal_id,
    project_id: tenant,
    source_id: row.source_id,
    status: row.state,
    terminal: isTerminal(row),
    proposal_version: row.version,
    reason: body.reason,
    proposed_by: { kind: row.proposer_kind, id: row.proposer_id },
    ...effectOf(body),
    effect_digest: decisionDigest(row),
    proposal_hash: row.proposal_hash,
    requirements: standings,
    approvals: {
      required: Math.max(...standings.map(({ approvals }) => approvals)),
      required_role: standings.find(({ role }) => role !== null)?.role ?? null,
      given: row.decisions.filter(({ verdict }) => verdict === 'approved').length,
    },
    decisions: row.decisions.map((decision) => ({ ...decision, at: time(decision.at) })),
    cause: row.cause,
    actions: row.tied,
    rehearsal: rehearsalView(row, seen),
    conversation: row.conversation.map((remark) => ({ ...remark, at: time(remark.at) })),
    waiting: waitingFor(row, true, beside?.freezeId),
    advice: adviceFor(row),
    job: jobView(row),
    result: resultView(row),
    source_database_mutated: isMutated(row),
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    expires_at: time(row.expires_at),
    ledger_seq: row.tip_seq,
  };
}

function effectOf(body: Submission | ProposalRequest) {
  if (!('change_set' in body)) {
    const { capability, args, contract, tenant_id, principal, patch, object_id } = body;
    return {
      action: capability,
      operation: 'single_row_update',
      lineage: null,
      args,
      principal: { id: principal, source: 'cloud_session' },
      scope: { tenant_id, object_id: object_id === null ? null : String(object_id) },
      patch,
      change_set: null,
      contract,
      evidence_metadata: null,
      query_audit: null,
    };
  }
  const { change_set, contract, evidence_metadata, query_audit, requested } = body;
  return {
    action: change_set.action,
    operation: operationOf(change_set),
    lineage: 'compensation' in change_set ? change_set.compensation.descriptor.lineage : null,
    args: requested?.args ?? null,
    principal: change_set.principal,
    scope: change_set.scope,
    patch: change_set.patch,
    change_set,
    contract,
    evidence_metadata,
    query_audit,
  };
}

function rehearsalView({ rehearsal }: ProposalRow, seen: RehearsalReported | null) {
  if (rehearsal === null) return null;
  const { status, number, asked_at, until, asked_by, drift } = rehearsal;
  return {
    status,
    number,
    asked_at: time(asked_at),
    until: time(until),
    asked_by,
    drift,
    before: seen?.before ?? null,
    after: seen?.after ?? null,
    version: seen?.version ?? null,
    lock_held_ms: seen?.lock_held_ms ?? null,
    error_code: seen?.error_code ?? null,
    rehearsed_at: seen?.rehearsed_at ?? null,
    runner_id: seen?.runner_id ?? null,
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
