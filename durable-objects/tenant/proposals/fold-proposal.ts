import { isWritable } from '@countersign/protocol/change-set';
import type { ProposalState } from '@countersign/protocol/proposal-requests';
import type { StoredResult } from '../jobs/stored-result.ts';
import type { ProposalRow } from '../schema.ts';
import type { Placed, Submission } from '../turn/event.ts';
import type { Decision } from './decision.ts';
import { laneOf } from './lane.ts';

/** The row after an entry about this proposal. Undefined before: only a submission begins one. */
export function foldProposal(
  tenant: string,
  before: ProposalRow | undefined,
  entry: Placed,
): ProposalRow | undefined {
  if (entry.type === 'proposal.submitted') return begin(tenant, entry, entry.body);
  if (before === undefined) return undefined;
  const row = {
    ...before,
    ...changeOf(before, entry),
    tip_seq: entry.seq,
    tip_hash: entry.hash,
    updated_at: entry.at,
  };
  return { ...row, ...laneOf(row) };
}

function begin(tenant: string, entry: Placed, submission: Submission): ProposalRow {
  const { change_set } = submission;
  const row = {
    tenant,
    seq: entry.seq,
    proposal_id: submission.proposal_id,
    source_id: submission.source_id,
    state: 'pending_review' as const,
    proposer_kind: entry.actor.kind,
    proposer_id: entry.actor.id,
    principal_id: change_set.principal.id,
    proposal_hash: change_set.integrity.proposal_hash,
    effect_digest: submission.effect_digest,
    writable: isWritable(change_set),
    required_approvals: change_set.approval.required_approvals ?? 1,
    required_role: change_set.approval.required_role ?? null,
    decisions: [],
    created_at: entry.at,
    updated_at: entry.at,
    expires_at: submission.expires_at,
    job_state: null,
    attempt: 0,
    charged: 0,
    queued_at: null,
    not_before: null,
    lease_id: null,
    lease_runner: null,
    lease_expires_at: null,
    result: null,
    discrepancy: null,
    tip_seq: entry.seq,
    tip_hash: entry.hash,
    remembered: [],
  };
  return { ...row, ...laneOf(row) };
}

type Change = Partial<ProposalRow>;
const noLease: Change = { lease_id: null, lease_runner: null, lease_expires_at: null };

function changeOf(before: ProposalRow, entry: Placed): Change {
  switch (entry.type) {
    case 'proposal.approval_recorded':
      return { decisions: withDecision(before, entry, 'approved') };
    case 'proposal.approved': {
      const decisions = withDecision(before, entry, 'approved');
      if (entry.body.job_id === null) return { state: 'approved', decisions };
      return { state: 'approved', decisions, job_state: 'queued', queued_at: entry.at };
    }
    case 'proposal.rejected':
      return { state: 'rejected', decisions: withDecision(before, entry, 'rejected') };
    case 'proposal.canceled':
      return {
        state: 'canceled',
        decisions: withDecision(before, entry, 'canceled'),
        ...(before.job_state === null ? {} : { job_state: 'canceled', not_before: null }),
      };
    case 'proposal.expired':
      return { state: 'expired' };
    case 'job.leased':
      return {
        job_state: 'leased',
        attempt: entry.body.attempt,
        lease_id: entry.body.lease_id,
        lease_runner: entry.body.runner_id,
        lease_expires_at: entry.body.expires_at,
      };
    case 'job.released':
      return { job_state: 'queued', not_before: entry.body.not_before, ...noLease };
    case 'job.ready':
      return { not_before: null };
    case 'job.lease_expired':
      return { job_state: 'queued', charged: before.charged + 1, ...noLease };
    case 'job.dead_lettered':
      return { job_state: 'dead_letter', charged: before.charged + 1, ...noLease };
    case 'job.requeued':
      return { job_state: 'queued', charged: 0, queued_at: entry.at, not_before: null };
    case 'job.discarded':
      return { job_state: 'canceled', state: 'canceled' };
    case 'writeback.result':
      return { ...ended(entry.body.result), ...noLease, not_before: null };
    case 'writeback.discrepancy':
      return {
        discrepancy: entry.body.reported,
        ...(contradicts(before, entry.body.reported) ? { state: 'indeterminate' } : {}),
      };
    default:
      return {};
  }
}

/** What the proposal becomes when its job ends like this. */
const stateAfter: Record<StoredResult['status'], ProposalState> = {
  applied: 'applied',
  already_applied: 'applied',
  conflict: 'conflict',
  failed: 'failed',
  canceled: 'canceled',
  reconciliation_required: 'indeterminate',
};

function ended(result: StoredResult): Change {
  return { job_state: result.status, state: stateAfter[result.status], result };
}

/** Says that the row was written although the job ended otherwise: nobody but a person can tell what is true. */
function contradicts({ state }: ProposalRow, { status }: StoredResult): boolean {
  return state !== 'applied' && (status === 'applied' || status === 'already_applied');
}

type Decided = Extract<Placed, { body: { effect_digest: string; name: string } }>;

function withDecision(before: ProposalRow, entry: Decided, verdict: Decision['verdict']): Decision[] {
  const { reason, name, effect_digest } = entry.body;
  const by = `${entry.actor.kind}:${entry.actor.id}`;
  return [...before.decisions, { verdict, by, name, at: entry.at, reason, effect_digest }];
}
