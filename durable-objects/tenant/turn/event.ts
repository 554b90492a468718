import type { ChangeSet } from '@countersign/protocol/change-set';
import type { Actor } from '@countersign/protocol/ledger';
import type { Activity } from '@countersign/protocol/runner-messages';
import type { ContractReference } from '@countersign/protocol/writeback-job';
import type { StoredResult } from '../jobs/stored-result.ts';

/** What was proposed, as the ledger keeps it and reviewers and runners get it. */
export type Submission = {
  readonly proposal_id: string;
  readonly source_id: string;
  readonly runner_id: string | null;
  readonly contract: ContractReference | null;
  readonly change_set: ChangeSet;
  readonly effect_digest: string;
  readonly reason: string | null;
  readonly expires_at: number;
  readonly evidence_metadata: { readonly [key: string]: unknown } | null;
  readonly query_audit: { readonly [key: string]: unknown } | null;
  /** The W3C traceparent that it came with. It says nothing of the change: no digest but the entry's covers it. */
  readonly traceparent?: string;
};

type Word = { readonly reason: string | null; readonly name: string; readonly effect_digest: string };
type Leased = {
  readonly job_id: string;
  readonly lease_id: string;
  readonly runner_id: string;
  readonly credential: string;
  readonly attempt: number;
  readonly expires_at: number;
};
type Ended = { readonly job_id: string; readonly lease_id: string; readonly attempt: number };

/**
 * Everything that changes a tenant's state, each an entry of the ledger. The rows are a fold over these:
 * whatever a row must know stands in an entry.
 */
export type Event =
  | { readonly type: 'proposal.submitted'; readonly body: Submission }
  | { readonly type: 'proposal.approval_recorded'; readonly body: Word }
  | { readonly type: 'proposal.approved'; readonly body: Word & { readonly job_id: string | null } }
  | { readonly type: 'proposal.rejected'; readonly body: Word }
  | { readonly type: 'proposal.canceled'; readonly body: Word }
  | { readonly type: 'proposal.expired'; readonly body: { readonly expires_at: number } }
  | { readonly type: 'job.leased'; readonly body: Leased }
  | {
      readonly type: 'job.released';
      readonly body: Ended & { readonly reason: string; readonly not_before: number | null };
    }
  | { readonly type: 'job.ready'; readonly body: { readonly job_id: string } }
  | { readonly type: 'job.lease_expired'; readonly body: Ended }
  | { readonly type: 'job.dead_lettered'; readonly body: Ended }
  | {
      readonly type: 'job.requeued';
      readonly body: { readonly job_id: string; readonly reason: string | null };
    }
  | {
      readonly type: 'job.discarded';
      readonly body: { readonly job_id: string; readonly reason: string | null };
    }
  | {
      readonly type: 'writeback.result';
      readonly body: { readonly job_id: string; readonly result: StoredResult };
    }
  | {
      readonly type: 'writeback.discrepancy';
      readonly body: {
        readonly job_id: string;
        readonly stored: StoredResult | null;
        readonly reported: StoredResult;
      };
    }
  | {
      readonly type: 'runner.registered';
      readonly body: {
        readonly runner_id: string;
        readonly version: string;
        readonly engines: readonly string[];
        readonly sources: readonly string[];
        readonly capabilities: readonly string[];
      };
    }
  | {
      readonly type: 'runner.status_changed';
      readonly body: { readonly runner_id: string; readonly status: 'online' | 'draining' };
    }
  | { readonly type: Activity['event_type']; readonly body: Activity };

/** An event before it has its place in the ledger: the turn adds sequence, time and hashes. */
export type Draft = Event & { readonly actor: Actor; readonly subject: string };

/** An event in its place, as far as folding it needs. */
export type Placed = Event & {
  readonly seq: number;
  readonly at: number;
  readonly actor: Actor;
  readonly subject: string;
  readonly hash: string;
};

export function runnerSubject(runnerId: string): string {
  return `runner/${runnerId}`;
}

/** An event that is about nothing that has a row, and so no newest entry to follow: it stands alone. */
export function eventSubject(runnerId: string, eventId: string): string {
  return `event/${runnerId}/${eventId}`;
}
