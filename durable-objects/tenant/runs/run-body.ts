import type { StepKind, StepState } from '@countersign/protocol/run/run-requests';
import type { Artifact, Plan } from '@countersign/protocol/run/task';
import type { JsonObject } from '@countersign/protocol/values';
import type { Cause } from '../proposals/cause.ts';

/** When a run ends: with its last open step, or when somebody says so. */
export type Ending = 'with_its_steps' | 'when_told';

export type StoredArtifact = Artifact & { readonly version: number };
export type Progress = {
  readonly percent: number | null;
  readonly message: string | null;
  readonly at: number;
};

/** That a claim has said how it ended. */
export type TaskTold = {
  readonly claim_id: string;
  readonly credential: string;
  readonly runner_id: string;
  /** Of what was said. */
  readonly digest: string;
};

/** What was asked for, as the ledger keeps it. */
export type RunStarted = {
  readonly run_id: string;
  readonly command: string;
  readonly text: string | null;
  readonly input: JsonObject;
  /** Who asked, by their name; for agents also whom they act for, from their credential. */
  readonly name: string;
  readonly principal: string | null;
  readonly agents: readonly string[];
  readonly ends: Ending;
  readonly expires_at: number;
  readonly traceparent?: string;
};

/** A step, as it was added. */
export type StepAdded = {
  readonly step_id: string;
  readonly run_id: string;
  readonly kind: StepKind;
  readonly title: string | null;
  readonly after: readonly string[];
  readonly once: 'succeeded' | 'ended';
  readonly state: Extract<StepState, 'waiting' | 'queued' | 'open' | 'succeeded'>;
  readonly linked: string | null;
  readonly task: {
    readonly name: string;
    readonly input: JsonObject;
    readonly most_attempts: number;
  } | null;
  /** Of a task that waits for nothing. */
  readonly plan: Plan | null;
  readonly text: string | null;
  readonly evidence_id: string | null;
  readonly artifact: StoredArtifact | null;
};

/** What an arbiter said of what a task came to. */
export type Verdict = {
  readonly arbiter: string;
  readonly version: number;
  readonly verdict: 'accept' | 'reject' | 'retry';
  readonly message: string;
};

type Claim = { readonly step_id: string; readonly claim_id: string };

export type TaskClaimed = Claim & {
  readonly attempt: number;
  readonly runner_id: string;
  readonly credential: string;
  readonly expires_at: number;
};

export type TaskCompleted = Claim & {
  readonly runner_id: string;
  readonly attempt: number;
  readonly result: JsonObject;
  readonly verdict: Verdict | null;
  readonly becomes: 'succeeded' | 'failed' | 'queued' | 'dead_letter';
  /** Of all that was said, so that the same word again is known. */
  readonly digest: string;
};

/** Everything that happens in a run. */
export type RunEvent =
  | { readonly type: 'run.started'; readonly body: RunStarted }
  | { readonly type: 'step.added'; readonly body: StepAdded }
  /** Everything before it has ended as it had to. */
  | { readonly type: 'step.ready'; readonly body: { readonly step_id: string; readonly plan: Plan } }
  /** What the step is has ended, or nothing will come of it any more. */
  | {
      readonly type: 'step.ended';
      readonly body: {
        readonly step_id: string;
        readonly state: 'succeeded' | 'failed' | 'canceled';
        readonly cause: Cause;
      };
    }
  | { readonly type: 'task.claimed'; readonly body: TaskClaimed }
  | {
      readonly type: 'task.progressed';
      readonly body: Claim & { readonly percent: number | null; readonly message: string | null };
    }
  | {
      readonly type: 'task.returned';
      readonly body: Claim & { readonly reason: string; readonly not_before: number | null };
    }
  /** It has rested long enough. */
  | { readonly type: 'task.rested'; readonly body: { readonly step_id: string } }
  | {
      readonly type: 'task.lease_expired';
      readonly body: Claim & { readonly becomes: 'queued' | 'dead_letter' };
    }
  | { readonly type: 'task.completed'; readonly body: TaskCompleted }
  | {
      readonly type: 'task.failed';
      readonly body: Claim & {
        readonly runner_id: string;
        readonly attempt: number;
        readonly code: string;
        readonly message: string | null;
        readonly becomes: 'failed' | 'queued' | 'dead_letter';
        readonly not_before: number | null;
        readonly digest: string;
      };
    }
  | {
      readonly type: 'run.ended';
      readonly body: {
        readonly state: 'succeeded' | 'failed' | 'canceled';
        readonly cause: Cause;
        readonly summary: string | null;
      };
    };
