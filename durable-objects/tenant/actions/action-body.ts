import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import type { ActionState } from '@countersign/protocol/action/action-requests';
import type { ProviderName } from '@countersign/protocol/action/providers';
import type { Scalar } from '@countersign/protocol/values';
import type { ContractReference } from '@countersign/protocol/writeback-job';
import type { Cause } from '../proposals/cause.ts';
import type { Requirement } from '../proposals/requirement.ts';
import type { InRun } from '../runs/place-in-run.ts';
import type { Counted } from '../turn/event.ts';

/** An earlier action of the same effect, as it stood when this one was asked for. */
export type LikelyDone = { readonly action_id: string; readonly state: ActionState };

/** Where an action that is let go stands in its order; null where it has none. */
export type Turn = 'first' | 'behind' | null;

/** What was asked for, as the ledger keeps it, and reviewers and workers get it. */
export type ActionRequested = {
  readonly action_id: string;
  readonly action: string;
  readonly provider: ProviderName;
  readonly target: string;
  readonly contract: ContractReference;
  readonly args: { readonly [name: string]: Scalar };
  readonly input: { readonly [field: string]: Scalar };
  /** From the credential, never from the arguments. */
  readonly tenant_id: string;
  readonly principal: string;
  readonly agent: string;
  readonly idempotency_key: string;
  readonly effect_key: string;
  readonly order_key: string | null;
  readonly most_attempts: number;
  readonly after_proposal: string | null;
  readonly decided_with: string | null;
  /** Of everything above, and of the time by which it must be decided. */
  readonly effect_digest: string;
  readonly expires_at: number;
  readonly reason: string | null;
  readonly state: 'proposed' | 'held' | 'queued';
  readonly turn: Turn;
  readonly likely_done: LikelyDone | null;
  readonly requirements: readonly Requirement[];
  readonly cause: Cause | null;
  readonly counted: readonly Counted[];
  /** The run that it belongs to. It says nothing of the effect. */
  readonly in_run?: InRun;
  readonly traceparent?: string;
};

/** An outcome that was accepted, and whose. */
export type StoredOutcome = {
  readonly claim_id: string;
  readonly runner_id: string;
  readonly attempt: number;
  readonly result: ActionOutcome;
  readonly at: number;
};

/** That a claim has said how it ended, so that the same word again is known. */
export type Told = {
  readonly claim_id: string;
  readonly credential: string;
  readonly runner_id: string;
  /** Of the outcome. */
  readonly digest: string;
  readonly is_accepted: boolean;
};

/** An outcome that came too late to be accepted: evidence for whoever settles it. */
export type ConfirmRefused = {
  readonly claim_id: string;
  readonly runner_id: string;
  readonly result: ActionOutcome;
  readonly at: number;
};

type Word = { readonly reason: string | null; readonly name: string; readonly effect_digest: string };
type Approval = Word & { readonly approval_roles: readonly string[] };
type Claim = { readonly claim_id: string; readonly attempt: number };

/** Everything that happens to an action, and to the accounts that actions go to. */
export type ActionEvent =
  | { readonly type: 'action.requested'; readonly body: ActionRequested }
  | {
      readonly type: 'action.approval_recorded';
      readonly body: Approval & { readonly requirements: readonly Requirement[] };
    }
  | {
      readonly type: 'action.approved';
      /** With `proposal_id` where the decision was about that. */
      readonly body: Approval & { readonly turn: Turn; readonly proposal_id: string | null };
    }
  | { readonly type: 'action.rejected'; readonly body: Word }
  | { readonly type: 'action.canceled'; readonly body: Word & { readonly cause: Cause | null } }
  | { readonly type: 'action.expired'; readonly body: { readonly expires_at: number } }
  /** What it waited for is there: the proposal was applied. */
  | { readonly type: 'action.released'; readonly body: { readonly proposal_id: string; readonly turn: Turn } }
  | {
      readonly type: 'action.claimed';
      readonly body: Claim & {
        readonly action_id: string;
        readonly runner_id: string;
        readonly credential: string;
        readonly expires_at: number;
        /** Whether the attempt counts as begun with the claim. */
        readonly has_begun: boolean;
      };
    }
  | { readonly type: 'action.begun'; readonly body: Claim }
  | {
      readonly type: 'action.returned';
      readonly body: Claim & { readonly reason: string; readonly not_before: number | null };
    }
  /** A rest is over, or whoever was before it in its order has ended. */
  | { readonly type: 'action.ready'; readonly body: { readonly because: 'rest_over' | 'its_turn' } }
  | {
      readonly type: 'action.claim_expired';
      readonly body: Claim & { readonly becomes: 'queued' | 'unknown' | 'dead_letter' };
    }
  | {
      readonly type: 'action.confirmed';
      readonly body: Claim & {
        readonly runner_id: string;
        readonly result: ActionOutcome;
        readonly becomes: 'succeeded' | 'failed' | 'unknown' | 'queued' | 'dead_letter';
        readonly not_before: number | null;
      };
    }
  | { readonly type: 'action.confirm_refused'; readonly body: ConfirmRefused & { readonly code: string } }
  | {
      readonly type: 'action.settled';
      readonly body: {
        readonly outcome: 'succeeded' | 'failed';
        readonly reason: string;
        readonly name: string;
      };
    }
  | {
      readonly type: 'action.requeued';
      readonly body: {
        readonly reason: string;
        readonly name: string;
        readonly not_before: number | null;
        /** A person has looked, and says that it has not happened. */
        readonly is_vouched: boolean;
      };
    }
  | {
      readonly type: 'target.opened';
      readonly body: { readonly target: string; readonly until: number; readonly rest_ms: number };
    }
  | {
      readonly type: 'target.tried';
      readonly body: { readonly target: string; readonly until: number; readonly action_id: string };
    }
  | { readonly type: 'target.closed'; readonly body: { readonly target: string } };
