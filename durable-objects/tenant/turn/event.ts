import type { Carriable } from '@countersign/protocol/backup/carried-losses';
import type { Actor } from '@countersign/protocol/ledger';
import type { Activity } from '@countersign/protocol/runner-messages';
import type { ActionEvent } from '../actions/action-body.ts';
import type { BootstrapEvent } from '../bootstrap/bootstrap-body.ts';
import type { ControlEvent } from '../control/control-body.ts';
import type { CorsEvent } from '../cors/cors-body.ts';
import type { ExportEvent } from '../exports/export-body.ts';
import type { FreezeEvent } from '../freezes/freeze-body.ts';
import type { ReportedEffects } from '../jobs/reported-effects.ts';
import type { StoredResult } from '../jobs/stored-result.ts';
import type { LimitEvent } from '../limits/limit-body.ts';
import type { PeopleEvent } from '../members/people-body.ts';
import type { Cause } from '../proposals/cause.ts';
import type { Requirement } from '../proposals/requirement.ts';
import type { TiedAction } from '../proposals/tied-action.ts';
import type { RunEvent } from '../runs/run-body.ts';
import type { PermissionSetting, PolicyReference, SettingName } from '../settings/setting.ts';
import type { ContractPushed, PolicySaved, ProposalRequest, RehearsalReported, Submission } from './body.ts';

type Word = { readonly reason: string | null; readonly name: string; readonly effect_digest: string };
type Approval = Word & { readonly approval_roles: readonly string[] };
type RehearsalLeased = {
  readonly number: number;
  readonly lease_id: string;
  readonly runner_id: string;
  readonly credential: string;
};
/** How much a limit has been used up by an approval. */
export type Counted = { readonly key: string; readonly count: number; readonly total: number };
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
  | { readonly type: 'proposal.requested' | 'proposal.revised'; readonly body: ProposalRequest }
  | {
      readonly type: 'proposal.look_asked';
      readonly body: { readonly number: number; readonly until: number; readonly name: string };
    }
  | { readonly type: 'rehearsal.leased'; readonly body: RehearsalLeased }
  | { readonly type: 'rehearsal.reported'; readonly body: RehearsalReported }
  | { readonly type: 'rehearsal.missed'; readonly body: { readonly number: number; readonly until: number } }
  /** The proposal goes on although nobody has seen the row: people may look at it, and nobody can approve it yet. */
  | {
      readonly type: 'proposal.unrehearsed';
      readonly body: { readonly requirements: readonly Requirement[]; readonly cause: Cause };
    }
  | { readonly type: 'proposal.sent_back'; readonly body: Word & { readonly question: string } }
  | { readonly type: 'proposal.answered'; readonly body: { readonly answer: string; readonly name: string } }
  | {
      readonly type: 'proposal.refused';
      readonly body: { readonly cause: Cause; readonly effect_digest: string };
    }
  | { readonly type: 'proposal.submitted'; readonly body: Submission }
  | {
      readonly type: 'proposal.approval_recorded';
      /** What policies ask for by then, where it is more than before. */
      readonly body: Approval & { readonly requirements?: readonly Requirement[] };
    }
  | {
      readonly type: 'proposal.approved';
      readonly body: Approval & {
        readonly job_id: string | null;
        /** By a policy: what it took off its limits. */
        readonly counted?: readonly Counted[];
      };
    }
  | { readonly type: 'proposal.rejected'; readonly body: Word }
  | { readonly type: 'proposal.canceled'; readonly body: Word }
  | { readonly type: 'proposal.tied'; readonly body: TiedAction }
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
      readonly body: ReportedEffects & { readonly job_id: string; readonly result: StoredResult };
    }
  | {
      readonly type: 'writeback.discrepancy';
      readonly body: ReportedEffects & {
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
  /** Somebody else takes it out of service, back into it, or off the list. */
  | {
      readonly type: 'runner.drained' | 'runner.undrained' | 'runner.archived';
      readonly body: Carriable & {
        readonly runner_id: string;
        readonly reason: string | null;
        readonly name: string;
      };
    }
  /** It works with another state of the registry from now on. */
  | {
      readonly type: 'runner.control_taken';
      readonly body: { readonly runner_id: string; readonly digest: string };
    }
  | { readonly type: Activity['event_type']; readonly body: Activity }
  | ActionEvent
  | RunEvent
  | ControlEvent
  | FreezeEvent
  | BootstrapEvent
  | CorsEvent
  | LimitEvent
  | ExportEvent
  | ContractEvent
  | PolicyEvent
  | PeopleEvent
  | TenantEvent;

/** What the provisioner writes, before there is a turn. */
type TenantEvent =
  | {
      readonly type: 'tenant.created';
      /** `control_log`: the log of what is in force begins here; in the records of older tenants it does not. */
      readonly body: { readonly label: string; readonly region: string; readonly control_log?: true };
    }
  | {
      readonly type: 'source.registered';
      readonly body: {
        readonly source_id: string;
        readonly name: string;
        readonly engine: 'postgres' | 'mysql';
      };
    };

type ContractEvent =
  | { readonly type: 'contract.pushed'; readonly body: ContractPushed }
  | {
      readonly type: 'contract.activated';
      readonly body: {
        readonly contract_id: string;
        readonly version_id: string;
        readonly version_seq: number;
        readonly digest: string;
        readonly label: string;
        readonly capabilities: readonly string[];
        /** Capabilities of the version before that this one does not have. */
        readonly retired: readonly string[];
        readonly previous_version_id: string | null;
        readonly is_rollback: boolean;
        readonly risk_increasing: boolean;
        readonly reason: string | null;
        readonly name: string;
      };
    }
  | {
      readonly type: 'attempt.refused';
      readonly body: {
        readonly credential: string;
        readonly capability: string;
        readonly code: string;
        /** Names only: values are whatever a model made up. */
        readonly hidden: readonly string[];
        readonly counted: readonly Counted[];
      };
    };

type PolicyEvent =
  | { readonly type: 'policy.saved'; readonly body: PolicySaved }
  | {
      readonly type: 'policy.activated';
      readonly body: PolicyWord & {
        readonly seq: number;
        readonly digest: string;
        readonly in_force: PoliciesInForce;
      };
    }
  | { readonly type: 'policy.retired'; readonly body: PolicyWord & { readonly in_force: PoliciesInForce } }
  | {
      readonly type:
        | 'permissions.saved'
        | 'permissions.enforced'
        | 'permissions.relaxed'
        | 'permissions.unlocked';
      readonly body: Carriable & {
        readonly setting: PermissionSetting;
        readonly reason: string | null;
        readonly name: string;
      };
    };
type PolicyWord = { readonly name: string; readonly reason: string | null; readonly by: string };
type PoliciesInForce = readonly PolicyReference[];

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

export function contractSubject(contractId: string): string {
  return `contract/${contractId}`;
}

export function policySubject(name: string): string {
  return `policy/${name}`;
}

export function memberSubject(person: string): string {
  return `member/${person}`;
}

export function invitationSubject(id: string): string {
  return `invitation/${id}`;
}

export function credentialSubject(id: string): string {
  return `credential/${id}`;
}

export function settingSubject(name: SettingName): string {
  return `setting/${name}`;
}

export function runnerSubject(runnerId: string): string {
  return `runner/${runnerId}`;
}

/** An event that is about nothing that has a row, and so no newest entry to follow: it stands alone. */
export function eventSubject(runnerId: string, eventId: string): string {
  return `event/${runnerId}/${eventId}`;
}
