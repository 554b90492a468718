import type { Role } from '@countersign/protocol/roles';
import type { AskType } from '../turn/command.ts';

/** Who may ask for something: the roles of a person, or the permission that a credential of a kind must hold. */
export interface Permission {
  readonly person?: readonly Role[];
  readonly agent?: string;
  readonly runner?: string;
  readonly service?: string;
}

/** In place of a permission: every token of that kind may, whatever it holds. */
export const ANY_TOKEN = '*';

/** What only the first service account holds: to say who belongs to the project, until somebody owns it. */
export const SET_UP = 'setup:manage';

const everyone: readonly Role[] = ['owner', 'admin', 'operator', 'approver', 'auditor', 'viewer'];
/** A viewer sees no payloads. */
const readers: readonly Role[] = ['owner', 'admin', 'operator', 'approver', 'auditor'];
const operators: readonly Role[] = ['owner', 'admin', 'operator'];
const approvers: readonly Role[] = ['owner', 'admin', 'approver'];
const managers: readonly Role[] = ['owner', 'admin'];
const overseers: readonly Role[] = ['owner', 'admin', 'auditor'];

/**
 * The whole of authorization: what is not here is denied. No kind that a model can reach (agent) and no machine
 * (runner, service) may decide. `sweep` and `note-limit` are the tenant's own and let nobody in.
 */
export const permissions: Record<AskType, Permission> = {
  // A complete change set says itself what the row was before: no agent may, a reviewer would believe it.
  propose: { person: operators, service: 'proposals:write' },
  // A capability is bound to whom the credential acts for, and only an agent's says that.
  request: { agent: 'proposals:write' },
  revise: { agent: 'proposals:write' },
  'send-back': { person: approvers },
  look: { person: approvers },
  'claim-rehearsals': { runner: 'writeback:claim' },
  'report-rehearsal': { runner: 'writeback:result' },
  'push-contract': { person: operators, service: 'contracts:write' },
  'activate-contract': { person: ['owner', 'admin'], service: 'contracts:activate' },
  // Who governs: to let a policy decide, or to take one away, is to decide for everybody.
  'save-policy': { person: operators, service: 'policies:write' },
  'activate-policy': { person: ['owner', 'admin'] },
  'retire-policy': { person: ['owner', 'admin'] },
  'list-policies': { person: everyone, service: 'policies:read' },
  'read-policy': { person: everyone, service: 'policies:read' },
  'test-policy': { person: operators, service: 'policies:write' },
  'replay-policy': { person: readers, service: 'policies:read' },
  'save-permission-rules': { person: ['owner'] },
  'enforce-permission-rules': { person: ['owner'] },
  'read-permission-rules': { person: ['owner', 'admin', 'auditor'] },
  'list-capabilities': { person: everyone, agent: 'proposals:read', service: 'contracts:read' },
  'list-contracts': { person: everyone, service: 'contracts:read' },
  'read-contract': { person: everyone, service: 'contracts:read' },
  'read-version': { person: everyone, service: 'contracts:read' },
  'diff-versions': { person: everyone, service: 'contracts:read' },
  submit: { runner: 'proposal:submit' },
  decide: { person: approvers },
  cancel: { person: operators, agent: 'proposals:write' },
  claim: { runner: 'writeback:claim' },
  renew: { runner: 'writeback:heartbeat' },
  release: { runner: 'writeback:claim' },
  report: { runner: 'writeback:result' },
  requeue: { person: operators },
  discard: { person: operators },
  register: { runner: 'runner:register' },
  heartbeat: { runner: 'runner:heartbeat' },
  record: { runner: 'activity:ingest' },
  // Only owners make owners; that and who may change whom is in `members/role-bounds.ts`.
  'set-roles': { person: managers },
  'remove-member': { person: managers },
  'list-members': { person: everyone, service: SET_UP },
  invite: { person: managers, service: SET_UP },
  'revoke-invitation': { person: managers, service: SET_UP },
  'list-invitations': { person: overseers, service: SET_UP },
  // The one thing that a person who is no member may ask too: the code is what counts.
  'accept-invitation': { person: everyone },
  'save-claims-mapping': { person: ['owner'] },
  'read-claims-mapping': { person: overseers },
  // No machine hands out credentials, but for the first one, until somebody owns the project: `bootstrap/set-up.ts`.
  'issue-credential': { person: managers, service: SET_UP },
  'rotate-credential': { person: managers, service: SET_UP },
  'revoke-credential': { person: managers, service: SET_UP },
  'list-credentials': { person: overseers, service: SET_UP },
  'read-credential': { person: overseers, service: SET_UP },
  // Whose pages may read answers is a door of the whole project.
  'allow-origin': { person: managers },
  'deny-origin': { person: managers },
  'list-origins': { person: overseers },
  'read-session': { person: everyone, agent: ANY_TOKEN, runner: ANY_TOKEN, service: ANY_TOKEN },
  'revoke-session': { person: everyone },
  'read-entitlements': { person: everyone, service: ANY_TOKEN },
  'read-status': { person: everyone, service: ANY_TOKEN },
  'read-project': { person: everyone, service: 'project:read' },
  'list-sources': { person: everyone, service: 'project:read' },
  'read-source': { person: everyone, service: 'project:read' },
  // To let an effect go is to decide; to perform one is a worker's. No agent does either.
  'request-action': { agent: 'actions:write' },
  'decide-action': { person: approvers },
  'cancel-action': { person: operators, agent: 'actions:write' },
  'claim-actions': { runner: 'action:claim' },
  'begin-action': { runner: 'action:claim' },
  'renew-action': { runner: 'action:claim' },
  'return-action': { runner: 'action:claim' },
  'confirm-action': { runner: 'action:confirm' },
  'settle-action': { person: operators },
  'recover-actions': { person: operators },
  'read-action': { person: everyone, agent: 'actions:read', service: 'actions:read' },
  'list-actions': { person: everyone, agent: 'actions:read', service: 'actions:read' },
  'list-targets': { person: everyone, service: 'actions:read' },
  'action-events': { runner: 'action:claim' },
  // A command begins work, and nothing of it is a change: what it comes to is proposed and decided as everything is.
  'submit-command': { person: operators, agent: 'runs:write', service: 'runs:write' },
  'add-steps': { person: operators, agent: 'runs:write', service: 'runs:write' },
  'finish-run': { person: operators, agent: 'runs:write', service: 'runs:write' },
  'cancel-run': { person: operators, agent: 'runs:write', service: 'runs:write' },
  'cancel-task': { person: operators, agent: 'runs:write', service: 'runs:write' },
  'claim-tasks': { runner: 'task:claim' },
  'renew-task': { runner: 'task:claim' },
  'return-task': { runner: 'task:claim' },
  'complete-task': { runner: 'task:complete' },
  'fail-task': { runner: 'task:complete' },
  'read-run': { person: everyone, agent: 'runs:read', service: 'runs:read' },
  'explain-run': { person: everyone, agent: 'runs:read', service: 'runs:read' },
  'list-runs': { person: everyone, agent: 'runs:read', service: 'runs:read' },
  // What steers agents is changed as contracts are: drafted by operators, and brought into force by who governs.
  'save-control': { person: operators, service: 'control:write' },
  'activate-control': { person: managers },
  'retire-control': { person: managers },
  'list-controls': { person: everyone, service: 'control:read' },
  'read-control': { person: readers, service: 'control:read' },
  'control-changes': { person: everyone, service: 'control:read' },
  'read-snapshot': { person: readers, runner: 'task:claim', service: 'control:read' },
  // To hold back is safe, and whoever decides may see first that it must be; to let go again is an operator's.
  'place-freeze': { person: operators, service: 'fleet:write' },
  'emergency-stop': { person: ['owner', 'admin', 'operator', 'approver'], service: 'fleet:write' },
  'lift-freeze': { person: operators },
  'list-freezes': { person: everyone, service: 'runners:read' },
  'list-limits': { person: everyone, service: 'project:read' },
  // That something has happened, and of what may be read also what: `live/shown-nouns.ts`.
  'watch-live': { person: everyone, service: 'activity:read' },
  sweep: {},
  // Only the gateway asks it, for whoever brings the bootstrap token.
  bootstrap: {},
  'note-limit': {},
  // To a viewer these show what is proposed and where it stands, without values, arguments and reasons.
  'read-proposal': { person: everyone, agent: 'proposals:read', service: 'proposals:read' },
  'list-proposals': { person: everyone, agent: 'proposals:read', service: 'proposals:read' },
  'read-payloads': { person: readers, agent: 'proposals:read', service: 'proposals:read' },
  'list-writebacks': { person: readers, service: 'proposals:read' },
  'read-runner-proposal': { runner: 'proposal:submit' },
  'replay-proposal': { person: readers, service: 'activity:read' },
  'read-ledger': { person: ['owner', 'admin', 'auditor'], service: 'exports:read' },
  'export-ledger': { person: ['owner', 'admin', 'auditor'], service: 'exports:read' },
  'replay-handle': { person: readers, service: 'activity:read' },
  'read-evidence': { person: readers, service: 'activity:read' },
  // The same record as a replay and as an export show, in the words of existing tools.
  'list-activity': { person: readers, service: 'activity:read' },
  'read-activity': { person: readers, service: 'activity:read' },
  'export-activity': { person: overseers, service: 'exports:read' },
  'request-export': { person: overseers, service: 'exports:read' },
  'read-export': { person: overseers, service: 'exports:read' },
  'download-export': { person: overseers, service: 'exports:read' },
  // Who may not read a proposal is searched without its payload.
  search: { person: everyone, agent: 'proposals:read', service: 'proposals:read' },
  rebuild: { person: ['owner', 'admin'] },
  'list-runners': { person: everyone, service: 'runners:read' },
  'read-runner': { person: everyone, service: 'runners:read' },
  'ping-runner': { person: operators, service: 'runners:read' },
  'drain-runner': { person: operators, service: 'fleet:write' },
  'archive-runner': { person: operators },
  // What copies there are, everybody who oversees may see; to set the record back or to end it is the owner's alone.
  'read-backups': { person: overseers },
  'take-backup': { person: operators },
  'keep-project': { person: ['owner'] },
  'export-rows': {},
  'engine-health': { person: everyone, service: 'project:read' },
  'engine-history': { person: everyone, service: 'project:read' },
  // Ids of everybody's work and what the installation lacks: for those who can do something about it.
  'engine-details': { person: operators },
  'engine-doctor': { person: operators },
  'expression-stats': { person: operators },
  'runner-doctor': { runner: 'runner:doctor' },
};

/** The tenant's own sweep, the provisioner's copies, and the first run, at which nobody is anybody yet. */
const ours: ReadonlySet<string> = new Set(['sweep', 'export-rows', 'bootstrap', 'note-limit']);

/** Everything that somebody can ask, by name. */
export function askNames(): readonly AskType[] {
  // Its keys are exactly these.
  const all = Object.keys(permissions) as AskType[];
  return all.filter((name) => !ours.has(name));
}

/** The full set of a runner token: those of PROTOCOL 1.3, and ours. */
export const runnerPermissions = [
  'runner:doctor',
  'runner:register',
  'runner:heartbeat',
  'proposal:submit',
  'activity:ingest',
  'writeback:claim',
  'writeback:heartbeat',
  'writeback:result',
  'action:claim',
  'action:confirm',
  'task:claim',
  'task:complete',
] as const;

export const agentPermissions = [
  'proposals:write',
  'proposals:read',
  'actions:write',
  'actions:read',
  'runs:write',
  'runs:read',
] as const;
