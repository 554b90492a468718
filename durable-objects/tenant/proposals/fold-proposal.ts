import { isWritable } from '@countersign/protocol/change-set';
import type { ProposalState } from '@countersign/protocol/proposal-requests';
import type { StoredResult } from '../jobs/stored-result.ts';
import { foldRehearsal } from '../rehearsals/fold-rehearsal.ts';
import type { RehearsalState } from '../rehearsals/rehearsal-state.ts';
import type { ProposalRow } from '../schema.ts';
import type { ProposalRequest, Submission } from '../turn/body.ts';
import type { Placed } from '../turn/event.ts';
import type { Decision } from './decision.ts';
import { laneOf } from './lane.ts';
import type { Remark } from './remark.ts';
import type { Requirement } from './requirement.ts';

/** A row carries the newest ones; all are in the ledger. */
const MOST_REMARKS = 20;

/** The row after an entry about this proposal. Undefined before: only a submission begins one. */
export function foldProposal(
  tenant: string,
  before: ProposalRow | undefined,
  entry: Placed,
): ProposalRow | undefined {
  const begun = before ?? begin(tenant, entry);
  if (begun === undefined) return undefined;
  const row = {
    ...begun,
    ...changeOf(begun, entry),
    tip_seq: entry.seq,
    tip_hash: entry.hash,
    updated_at: entry.at,
  };
  return { ...row, ...laneOf(row) };
}

/** A row before its first entry has said anything of it. */
function begin(tenant: string, entry: Placed): ProposalRow | undefined {
  if (entry.type !== 'proposal.submitted' && entry.type !== 'proposal.requested') return undefined;
  return {
    tenant,
    seq: entry.seq,
    proposal_id: entry.body.proposal_id,
    source_id: entry.body.source_id,
    state: 'rehearsing',
    proposer_kind: entry.actor.kind,
    proposer_id: entry.actor.id,
    principal_id: '',
    contract_id: null,
    proposal_hash: '',
    effect_digest: '',
    writable: false,
    requirements: [],
    version: 1,
    body_seq: entry.seq,
    rehearsal: null,
    conversation: [],
    cause: null,
    decisions: [],
    created_at: entry.at,
    updated_at: entry.at,
    expires_at: entry.body.expires_at,
    job_state: null,
    attempt: 0,
    charged: 0,
    queued_at: null,
    not_before: null,
    frozen_by: null,
    lease_id: null,
    lease_runner: null,
    lease_expires_at: null,
    result: null,
    discrepancy: null,
    step_id: 'in_run' in entry.body ? (entry.body.in_run?.step_id ?? null) : null,
    tied: [],
    tip_seq: entry.seq,
    tip_hash: entry.hash,
    remembered: [],
    lane: null,
    rank: null,
  };
}

/** A request, first or revised: the effect is another one, so what was said about the one before counts no more. */
function requested(before: ProposalRow, entry: Placed, request: ProposalRequest): Change {
  const rehearsal: RehearsalState = {
    status: 'asked',
    number: (before.rehearsal?.number ?? 0) + 1,
    asked_at: entry.at,
    until: request.until,
    asked_by: null,
    lease_id: null,
    runner_id: null,
    seq: null,
    drift: null,
  };
  return {
    state: 'rehearsing',
    principal_id: request.principal,
    contract_id: request.contract.contract_id,
    proposal_hash: request.effect_digest,
    effect_digest: request.effect_digest,
    version: request.proposal_version,
    body_seq: entry.seq,
    writable: false,
    requirements: [],
    cause: null,
    decisions: [],
    expires_at: request.expires_at,
    rehearsal,
  };
}

/** A question that a reviewer asked stays open, whatever a runner sees meanwhile: only the proposer answers it. */
function reviewed({ state }: ProposalRow): ProposalState {
  return state === 'changes_requested' ? state : 'pending_review';
}

function submitted(before: ProposalRow, entry: Placed, submission: Submission): Change {
  const { change_set } = submission;
  return {
    state: reviewed(before),
    principal_id: change_set.principal.id,
    contract_id: submission.contract?.contract_id ?? null,
    proposal_hash: change_set.integrity.proposal_hash,
    effect_digest: submission.effect_digest,
    writable: isWritable(change_set),
    requirements: requirementsOf(submission),
    version: submission.proposal_version ?? 1,
    body_seq: entry.seq,
    cause: submission.cause ?? null,
    decisions: [],
    expires_at: submission.expires_at,
  };
}

/** Entries older than requirements say it in the change set alone. */
function requirementsOf({ requirements, change_set }: Submission): Requirement[] {
  if (requirements !== undefined) return [...requirements];
  const { required_role, required_approvals } = change_set.approval;
  return [{ role: required_role ?? null, approvals: required_approvals ?? 1 }];
}

type Change = Partial<ProposalRow>;
const noLease: Change = { lease_id: null, lease_runner: null, lease_expires_at: null };

function changeOf(before: ProposalRow, entry: Placed): Change {
  switch (entry.type) {
    case 'proposal.requested':
    case 'proposal.revised':
      return requested(before, entry, entry.body);
    case 'proposal.submitted':
      return submitted(before, entry, entry.body);
    case 'proposal.unrehearsed':
      return {
        state: reviewed(before),
        requirements: [...entry.body.requirements],
        cause: entry.body.cause,
      };
    case 'proposal.refused':
      return { state: 'rejected', cause: entry.body.cause };
    case 'proposal.sent_back':
      return {
        state: 'changes_requested',
        conversation: withRemark(before, entry, 'question', entry.body.question),
      };
    case 'proposal.answered':
      return {
        state: before.state === 'changes_requested' ? 'pending_review' : before.state,
        conversation: withRemark(before, entry, 'answer', entry.body.answer),
      };
    case 'proposal.look_asked':
    case 'rehearsal.leased':
    case 'rehearsal.reported':
    case 'rehearsal.missed':
      return { rehearsal: foldRehearsal(before.rehearsal, entry) };
    case 'proposal.approval_recorded': {
      const requirements = entry.body.requirements ?? before.requirements;
      return { decisions: withDecision(before, entry, 'approved'), requirements: [...requirements] };
    }
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
        ...(before.job_state === null ? {} : { job_state: 'canceled', not_before: null, frozen_by: null }),
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
    case 'job.frozen':
      return { frozen_by: entry.body.freeze_id };
    case 'job.thawed':
      return { frozen_by: null };
    case 'job.lease_expired':
      return { job_state: 'queued', charged: before.charged + 1, ...noLease };
    case 'job.dead_lettered':
      return { job_state: 'dead_letter', charged: before.charged + 1, ...noLease };
    case 'job.requeued':
      return { job_state: 'queued', charged: 0, queued_at: entry.at, not_before: null };
    case 'job.discarded':
      return { job_state: 'canceled', state: 'canceled' };
    case 'proposal.tied': {
      const { action_id, decided_digest } = entry.body;
      const tied = [...before.tied, { action_id, decided_digest }];
      // What is decided has become more: what was said of less counts no more.
      return decided_digest === null ? { tied } : { tied, decisions: [] };
    }
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
  const approval_roles = 'approval_roles' in entry.body ? entry.body.approval_roles : [];
  return [
    ...before.decisions,
    { verdict, by: byOf(entry), name, at: entry.at, reason, effect_digest, approval_roles },
  ];
}

type Remarked = Extract<Placed, { body: { name: string } }>;

function withRemark(before: ProposalRow, entry: Remarked, kind: Remark['kind'], text: string): Remark[] {
  const remark = { kind, by: byOf(entry), name: entry.body.name, at: entry.at, text };
  return [...before.conversation, remark].slice(-MOST_REMARKS);
}

function byOf({ actor }: Placed): string {
  return `${actor.kind}:${actor.id}`;
}
