import type { RowMark } from '@countersign/protocol/backup/tenant-record';
import type { PushContract, RequestChange, Revise } from '@countersign/protocol/contract-requests';
import type {
  ClaimRequest,
  ReleaseRequest,
  RenewRequest,
  ResultRequest,
} from '@countersign/protocol/job-requests';
import type { PermissionRule } from '@countersign/protocol/permission-rule';
import type { PolicyDocument } from '@countersign/protocol/policy-document';
import type { ListProposalsQuery, ProposeRequest } from '@countersign/protocol/proposal-requests';
import type { RehearsalClaim, RehearsalResult } from '@countersign/protocol/rehearsal';
import type {
  Activity,
  Heartbeat,
  Registration,
  RunnerProposal,
} from '@countersign/protocol/runner-messages';
import type { ActionAsk, ActionLook } from '../actions/action-asks.ts';
import type { BootstrapAsk } from '../bootstrap/bootstrap-asks.ts';
import type { ControlAsk, ControlLook } from '../control/control-asks.ts';
import type { CorsAsk, CorsLook } from '../cors/cors-asks.ts';
import type { CredentialAsk, CredentialLook } from '../credentials/credential-asks.ts';
import type { ExportAsk } from '../exports/export-asks.ts';
import type { FreezeAsk, FreezeLook } from '../freezes/freeze-asks.ts';
import type { LimitAsk, LimitLook } from '../limits/limit-asks.ts';
import type { LiveLook } from '../live/live-asks.ts';
import type { MemberAsk, MemberLook } from '../members/member-asks.ts';
import type { ProjectAsk, ProjectLook } from '../project/project-asks.ts';
import { type ActivityLook, activityLooks } from '../queries/activity-asks.ts';
import type { EngineLook } from '../queries/engine-asks.ts';
import type { RunnerAsk, RunnerLook } from '../runners/runner-asks.ts';
import type { RunAsk, RunLook } from '../runs/run-asks.ts';
import type { SearchKind } from '../search/searchable.ts';

/** Who asks, as far as the gateway can tell; what they may do is the tenant's to say. */
export type Caller =
  | {
      readonly kind: 'person';
      readonly person: string;
      /** Of the claim that its issuer's setting names: groups, in most directories. */
      readonly values?: readonly string[];
      readonly session?: Session;
    }
  | { readonly kind: 'runner' | 'agent' | 'service'; readonly credentialId: string; readonly digest: string }
  | { readonly kind: 'system' };

/** One token of a person: what was signed in it, as a digest, and when it ends by itself (Unix milliseconds). */
export interface Session {
  readonly id: string;
  readonly expiresAt: number;
}

/** An `Idempotency-Key`, bound to its principal and route; `request` is the digest of the body that came with it. */
export interface Key {
  readonly key: string;
  readonly request: string;
}

/** What can be asked of a tenant in a turn: each may change its state. */
export type Ask =
  | { readonly type: 'propose'; readonly request: ProposeRequest; readonly traceparent?: string | undefined }
  | { readonly type: 'submit'; readonly request: RunnerProposal; readonly traceparent?: string | undefined }
  | {
      readonly type: 'decide';
      readonly proposalId: string;
      readonly verdict: 'approved' | 'rejected';
      readonly reason: string | null;
      readonly effectDigest: string | null;
    }
  | { readonly type: 'cancel'; readonly proposalId: string; readonly reason: string | null }
  | { readonly type: 'claim'; readonly request: ClaimRequest; readonly waiterId: string | null }
  | { readonly type: 'renew'; readonly jobId: string; readonly request: RenewRequest }
  | { readonly type: 'release'; readonly jobId: string; readonly request: ReleaseRequest }
  | { readonly type: 'report'; readonly jobId: string; readonly request: ResultRequest }
  | { readonly type: 'requeue'; readonly jobId: string; readonly reason: string | null }
  | { readonly type: 'discard'; readonly jobId: string; readonly reason: string | null }
  | { readonly type: 'request'; readonly request: RequestChange; readonly traceparent?: string | undefined }
  | { readonly type: 'revise'; readonly proposalId: string; readonly request: Revise }
  | {
      readonly type: 'send-back';
      readonly proposalId: string;
      readonly question: string;
      readonly effectDigest: string | null;
    }
  | { readonly type: 'look'; readonly proposalId: string }
  | {
      readonly type: 'claim-rehearsals';
      readonly request: RehearsalClaim;
      readonly waiterId: string | null;
    }
  | { readonly type: 'report-rehearsal'; readonly rehearsalId: string; readonly request: RehearsalResult }
  | { readonly type: 'push-contract'; readonly request: PushContract }
  | {
      readonly type: 'activate-contract';
      readonly contractId: string;
      readonly versionId: string;
      readonly reason: string | null;
      readonly isRollback: boolean;
    }
  | { readonly type: 'save-policy'; readonly document: PolicyDocument }
  | {
      readonly type: 'activate-policy';
      readonly name: string;
      readonly digest: string;
      readonly reason: string | null;
    }
  | { readonly type: 'retire-policy'; readonly name: string; readonly reason: string | null }
  | { readonly type: 'save-permission-rules'; readonly rules: readonly PermissionRule[] }
  | { readonly type: 'enforce-permission-rules'; readonly on: boolean; readonly reason: string | null }
  | { readonly type: 'register'; readonly request: Registration }
  | { readonly type: 'heartbeat'; readonly request: Heartbeat }
  | { readonly type: 'record'; readonly request: Activity }
  | ActionAsk
  | RunAsk
  | ControlAsk
  | FreezeAsk
  | RunnerAsk
  | MemberAsk
  | CredentialAsk
  | ProjectAsk
  | BootstrapAsk
  | CorsAsk
  | LimitAsk
  | ExportAsk
  | { readonly type: 'sweep' };

/** What can be asked without a turn: none of these changes anything. */
export type Look =
  | { readonly type: 'read-proposal'; readonly proposalId: string }
  | { readonly type: 'read-runner-proposal'; readonly proposalId: string }
  | { readonly type: 'list-proposals'; readonly query: ListProposalsQuery }
  | { readonly type: 'list-writebacks'; readonly query: ListProposalsQuery }
  | { readonly type: 'replay-proposal'; readonly proposalId: string }
  | { readonly type: 'read-ledger'; readonly limit: number; readonly cursor: string | null }
  | {
      readonly type: 'export-ledger';
      /** Null is the whole record. */
      readonly proposalId: string | null;
      readonly after: number;
      readonly through: number | null;
    }
  | { readonly type: 'replay-handle'; readonly handle: string }
  | { readonly type: 'read-evidence'; readonly proposalId: string }
  | {
      readonly type: 'search';
      readonly q: string;
      readonly kind: SearchKind | null;
      readonly limit: number;
      readonly cursor: string | null;
    }
  | ActivityLook
  | { readonly type: 'rebuild' }
  | { readonly type: 'list-capabilities' }
  | { readonly type: 'list-contracts'; readonly limit: number; readonly cursor: string | null }
  | { readonly type: 'read-contract'; readonly contractId: string }
  | { readonly type: 'read-version'; readonly contractId: string; readonly versionId: string }
  | {
      readonly type: 'diff-versions';
      readonly contractId: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly type: 'list-policies' }
  | { readonly type: 'read-policy'; readonly name: string }
  | { readonly type: 'replay-policy'; readonly name: string }
  | { readonly type: 'test-policy'; readonly document: PolicyDocument }
  | { readonly type: 'read-permission-rules' }
  | ActionLook
  | RunLook
  | ControlLook
  | FreezeLook
  | RunnerLook
  | MemberLook
  | CredentialLook
  | ProjectLook
  | CorsLook
  | EngineLook
  | LimitLook
  | LiveLook
  | { readonly type: 'runner-doctor' }
  /** What a copy of the record holds besides its ledger: the provisioner's alone to ask. */
  | { readonly type: 'export-rows'; readonly mark: RowMark }
  /** No questions but rights: to see what copies there are, to have one made, and to decide how the project lives on. */
  | { readonly type: 'read-backups' | 'take-backup' | 'keep-project' }
  /** No question but a right: whether values, arguments and reasons are shown to the caller. */
  | { readonly type: 'read-payloads' }
  /** The same: whether the details of the engine's health are shown to the caller. */
  | { readonly type: 'engine-details' }
  /** Whether the caller may ask this at all: so that a bad body tells nothing to whoever may not. */
  | { readonly type: 'may'; readonly asked: AskType };
/** The things that can be asked, by name. */
export type AskType = Ask['type'] | Exclude<LookType, 'may'>;
type LookType =
  | 'read-proposal'
  | 'read-runner-proposal'
  | 'list-proposals'
  | 'list-writebacks'
  | 'replay-proposal'
  | 'read-ledger'
  | 'export-ledger'
  | 'replay-handle'
  | 'read-evidence'
  | 'search'
  | ActivityLook['type']
  | 'rebuild'
  | 'list-capabilities'
  | 'list-contracts'
  | 'read-contract'
  | 'read-version'
  | 'diff-versions'
  | 'list-policies'
  | 'read-policy'
  | 'replay-policy'
  | 'test-policy'
  | 'read-permission-rules'
  | ActionLook['type']
  | RunLook['type']
  | ControlLook['type']
  | FreezeLook['type']
  | RunnerLook['type']
  | MemberLook['type']
  | CredentialLook['type']
  | ProjectLook['type']
  | 'export-rows'
  | 'read-backups'
  | 'take-backup'
  | 'keep-project'
  | CorsLook['type']
  | EngineLook['type']
  | 'engine-details'
  | LimitLook['type']
  | LiveLook['type']
  | 'runner-doctor'
  | 'read-payloads'
  | 'may';

interface CallOf<Asked extends Ask | Look> {
  readonly caller: Caller;
  readonly ask: Asked;
  readonly key: Key | null;
  /** Of the request that it came with, for the log alone. */
  readonly requestId?: string;
}
export type Command = CallOf<Ask>;
export type Query = CallOf<Look>;
export type Call = CallOf<Ask | Look>;
export type AskOf<Type extends Ask['type']> = Extract<Ask, { type: Type }>;
export type LookOf<Type extends Look['type']> = Extract<Look, { type: Type }>;

const looks: Record<LookType, true> = {
  'read-proposal': true,
  'read-runner-proposal': true,
  'list-proposals': true,
  'list-writebacks': true,
  'replay-proposal': true,
  'read-ledger': true,
  'export-ledger': true,
  'replay-handle': true,
  'read-evidence': true,
  search: true,
  ...activityLooks,
  rebuild: true,
  'list-runners': true,
  'read-runner': true,
  'ping-runner': true,
  'list-capabilities': true,
  'list-contracts': true,
  'read-contract': true,
  'read-version': true,
  'diff-versions': true,
  'list-policies': true,
  'read-policy': true,
  'replay-policy': true,
  'test-policy': true,
  'read-permission-rules': true,
  'read-action': true,
  'list-actions': true,
  'list-targets': true,
  'action-events': true,
  'read-run': true,
  'explain-run': true,
  'list-runs': true,
  'read-snapshot': true,
  'list-controls': true,
  'read-control': true,
  'control-changes': true,
  'list-freezes': true,
  'list-limits': true,
  'list-members': true,
  'list-invitations': true,
  'read-claims-mapping': true,
  'list-credentials': true,
  'read-credential': true,
  'read-session': true,
  'read-entitlements': true,
  'read-status': true,
  'read-project': true,
  'list-sources': true,
  'read-source': true,
  'export-rows': true,
  'read-backups': true,
  'take-backup': true,
  'keep-project': true,
  'list-origins': true,
  'engine-health': true,
  'engine-history': true,
  'engine-details': true,
  'engine-doctor': true,
  'expression-stats': true,
  'runner-doctor': true,
  'watch-live': true,
  'read-payloads': true,
  may: true,
};

/** Whether what is asked changes nothing, and so needs no turn. */
export function isLook(ask: Ask | Look): ask is Look {
  return Object.hasOwn(looks, ask.type);
}
