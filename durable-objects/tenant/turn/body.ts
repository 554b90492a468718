import type { ChangeSet } from '@countersign/protocol/change-set';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import type { Change as SemanticChange } from '@countersign/protocol/contract-diff/change';
import type { PolicyDocument } from '@countersign/protocol/policy-document';
import type { rehearsalOutcomes } from '@countersign/protocol/rehearsal';
import type { Scalar } from '@countersign/protocol/values';
import type { ContractReference } from '@countersign/protocol/writeback-job';
import type { ActionEvent, ActionRequested } from '../actions/action-body.ts';
import type { ControlSaved } from '../control/control-body.ts';
import type { Cause } from '../proposals/cause.ts';
import type { Requirement } from '../proposals/requirement.ts';
import type { InRun } from '../runs/place-in-run.ts';
import type { RunStarted, StepAdded, TaskClaimed, TaskCompleted } from '../runs/run-body.ts';

/** What a capability was asked to do, before anybody has seen the row that it is about. */
export type ProposalRequest = {
  readonly proposal_id: string;
  readonly proposal_version: number;
  readonly source_id: string;
  readonly contract: ContractReference;
  readonly capability: string;
  readonly args: { readonly [name: string]: Scalar };
  /** From the credential, never from the arguments. */
  readonly tenant_id: string;
  readonly principal: string;
  readonly object_id: Scalar;
  readonly patch: { readonly [column: string]: Scalar };
  readonly agent: string;
  /** Of the intent: everything above. */
  readonly effect_digest: string;
  readonly reason: string | null;
  readonly expires_at: number;
  /** Until when a rehearsal's answer counts. */
  readonly until: number;
  /** The run that it belongs to. It says nothing of the change, as the traceparent does not. */
  readonly in_run?: InRun;
  readonly traceparent?: string;
};

/** What was proposed, as the ledger keeps it and reviewers and runners get it. */
export type Submission = {
  readonly proposal_id: string;
  /** Absent in entries that are older than it, as are the next ones with a question mark. */
  readonly proposal_version?: number;
  readonly source_id: string;
  readonly runner_id: string | null;
  readonly contract: ContractReference | null;
  readonly change_set: ChangeSet;
  readonly effect_digest: string;
  readonly reason: string | null;
  readonly expires_at: number;
  readonly evidence_metadata: { readonly [key: string]: unknown } | null;
  readonly query_audit: { readonly [key: string]: unknown } | null;
  /** What approvals must fulfil, as contract and policies said when it was submitted. */
  readonly requirements?: readonly Requirement[];
  readonly cause?: Cause | null;
  /** Where a capability was asked: with what, by whom, and which rehearsal showed the row. */
  readonly requested?: {
    readonly args: { readonly [name: string]: Scalar };
    readonly agent: string;
    readonly rehearsal_seq: number;
  } | null;
  /** The W3C traceparent that it came with. It says nothing of the change: no digest but the entry's covers it. */
  readonly traceparent?: string;
};

export type ContractPushed = {
  readonly contract_id: string;
  readonly version_id: string;
  readonly version_number: number;
  readonly name: string;
  readonly description: string | null;
  readonly label: string;
  readonly digest: string;
  readonly source: string;
  readonly contract: AgentContract;
  readonly compared_with: string | null;
  readonly risk_increasing: boolean;
  readonly semantic_diff: readonly SemanticChange[];
};

export type PolicySaved = {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly policy: PolicyDocument;
};

export type RehearsalReported = {
  readonly proposal_id: string;
  readonly number: number;
  readonly runner_id: string;
  readonly credential: string;
  readonly status: (typeof rehearsalOutcomes)[number];
  readonly before: Row | null;
  readonly after: Row | null;
  readonly version: Scalar;
  readonly lock_held_ms: number | null;
  readonly error_code: string | null;
  readonly rehearsed_at: string;
  readonly drift: readonly string[] | null;
};
type Row = { readonly [column: string]: Scalar };

/** An offer of membership: to whom, what, and by whom, who must still be able to give it when it is taken. */
export type InvitationCreated = {
  readonly invitation_id: string;
  readonly digest: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly approval_roles: readonly string[];
  readonly expires_at: number;
  readonly invited_by: string;
};

/** A claim that was given: whoever confirms under an old one must have held it. */
export type ActionClaimed = Extract<ActionEvent, { type: 'action.claimed' }>['body'];

/** What a turn may need of an entry that lies further back. */
export type Body =
  | ActionRequested
  | ActionClaimed
  | ProposalRequest
  | Submission
  | ContractPushed
  | PolicySaved
  | RehearsalReported
  | InvitationCreated
  | RunStarted
  | StepAdded
  | TaskClaimed
  | TaskCompleted
  | ControlSaved;
