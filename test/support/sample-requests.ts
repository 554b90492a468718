import { randomUUID } from 'node:crypto';
import type { Route } from '@countersign/gateway/routes/route';
import { proposal, SOURCE } from './change-set.ts';
import { ADJUST, pushRequest, REFUND, TARGET } from './contract.ts';
import { submission } from './submission.ts';
import { BINDINGS, type Who } from './tenant.ts';

/** What a request is about: ids that stand in paths and bodies. */
export interface About {
  readonly proposalId: string;
  readonly leaseId: string;
  readonly runnerId: string;
  readonly contractId: string;
  readonly versionId: string;
  readonly policyName: string;
  readonly person: string;
  readonly invitationId: string;
  /** Of a credential of any kind. */
  readonly credentialId: string;
  readonly sourceId: string;
  readonly actionId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly freezeId: string;
  /** Of a prompt in the registry. */
  readonly promptName: string;
}

/** Things of the right form that nobody has. */
export const nothing: About = {
  proposalId: 'wrp_none',
  leaseId: 'lse_none',
  runnerId: 'runner-none',
  contractId: 'ctr_none',
  versionId: 'ctv_none',
  policyName: 'none',
  person: 'https://login.example.com nobody',
  invitationId: 'inv_none',
  credentialId: 'crd_none',
  sourceId: 'src_none',
  actionId: 'act_none',
  runId: 'run_none',
  taskId: 'stp_none',
  freezeId: 'frz_none',
  promptName: 'no-prompt',
};

const NO_SNAPSHOT = `snp_${'0'.repeat(26)}`;

/** Who sends a sample, and to which project. */
export interface Sender {
  readonly who: Who;
  readonly project: string;
}

/** A well-formed request for a route, about these things. */
export function sampleRequest(
  route: Route,
  about: About,
  { who, project }: Sender,
): { path: string; body: unknown } {
  const jobId = `wbj_${about.proposalId}`;
  const ids: Readonly<Record<string, string>> = {
    project_id: project,
    proposal_id: about.proposalId,
    job_id: jobId,
    rehearsal_id: rehearsalId(about),
    contract_id: about.contractId,
    version_id: about.versionId,
    name: route.path.includes('/registry/') ? about.promptName : about.policyName,
    person: about.person,
    invitation_id: about.invitationId,
    token_id: about.credentialId,
    agent_id: about.credentialId,
    key_id: about.credentialId,
    source_id: about.sourceId,
    handle: about.proposalId,
    activity_id: about.proposalId,
    export_id: 'exp_none',
    action_id: about.actionId,
    run_id: about.runId,
    task_id: about.taskId,
    runner_id: about.runnerId,
    freeze_id: about.freezeId,
    kind: 'prompt',
    snapshot_id: NO_SNAPSHOT,
    file: 'ledger-000001-00000000.ndjson.gz',
  };
  const path = route.path.replace(/:(\w+)/g, (_, name) => {
    const id = ids[name];
    if (id === undefined) throw new TypeError(`no sample has a ${name}`);
    return encodeURIComponent(id);
  });
  const query = queryFor(route, about);
  const body = route.method === 'GET' ? undefined : bodyFor(route, about, jobId, who);
  return { path: `${path}${query}`, body };
}

function queryFor({ asks, path }: Route, { sourceId, versionId }: About): string {
  if (path.endsWith('/runner-bundle')) return `?source_id=${sourceId}`;
  if (asks === 'diff-versions') return `?from=${versionId}&to=${versionId}`;
  return asks === 'search' ? '?q=INV' : '';
}

function rehearsalId({ proposalId }: About): string {
  return `rhj_1_${proposalId}`;
}

function bodyFor({ asks, path }: Route, about: About, jobId: string, who: Who): unknown {
  const { leaseId, runnerId } = about;
  const lease = { runner_id: runnerId, lease_id: leaseId };
  switch (asks) {
    case 'request':
      return who === 'agent' || who === 'otherAgent' ? { capability: ADJUST, args: {} } : proposal();
    case 'submit':
      return submission(`wrp_${randomUUID().replaceAll('-', '').slice(0, 20)}`);
    case 'revise':
      return { answer: 'because' };
    case 'send-back':
      return { question: 'why?' };
    case 'claim':
    case 'claim-rehearsals':
      return { source_id: SOURCE, runner_id: runnerId };
    case 'report-rehearsal':
      return {
        ...lease,
        rehearsal_id: rehearsalId(about),
        status: 'failed',
        rehearsed_at: '2026-01-01T00:00:00Z',
      };
    case 'renew':
      return lease;
    case 'release':
      return { ...lease, reason: 'draining' };
    case 'report':
      return { ...lease, protocol_version: '1.0', job_id: jobId, status: 'applied', affected_rows: 1 };
    case 'request-action':
      return { action: REFUND, args: {} };
    case 'decide-action':
      return { effect_digest: `sha256:${'0'.repeat(64)}` };
    case 'settle-action':
      return { outcome: 'failed', reason: 'a sample' };
    case 'recover-actions':
      return { target: TARGET, expected: 1, reason: 'a sample' };
    case 'claim-actions':
      return { runner_id: runnerId, targets: [TARGET] };
    case 'begin-action':
    case 'renew-action':
      return { runner_id: runnerId, claim_id: 'clm_none' };
    case 'return-action':
      return { runner_id: runnerId, claim_id: 'clm_none', reason: 'draining' };
    case 'confirm-action':
      return { runner_id: runnerId, claim_id: 'clm_none', result: { outcome: 'failed' } };
    case 'push-contract':
      return pushRequest(undefined, { activate: false });
    case 'save-policy':
      return {
        policy: { name: 'nobody', applies_to: [ADJUST], when: 'true', effect: 'refuse', message: 'no' },
      };
    case 'activate-policy':
      return { digest: `sha256:${'0'.repeat(64)}` };
    case 'save-permission-rules':
      return { rules: [] };
    case 'enforce-permission-rules':
      return { on: false, reason: 'a sample' };
    case 'invite':
      return { name: 'nobody', roles: ['viewer'] };
    case 'accept-invitation':
      return { code: 'no code' };
    case 'set-roles':
      return { roles: ['viewer'] };
    case 'save-claims-mapping':
      return { mappings: [] };
    case 'allow-origin':
    case 'deny-origin':
      return { origin: 'https://sample.example' };
    case 'issue-credential':
      return newCredential(path);
    case 'rotate-credential':
    case 'revoke-credential':
      return path.includes('/api-keys/') ? { key_id: about.credentialId } : {};
    case 'register':
      return {
        schema_version: 'synapsor.runner-registration.v1',
        runner_id: runnerId,
        runner_version: '1.0.0',
        engines: ['postgres'],
        capabilities: ['writeback:claim'],
        scope: { project_id: 'token_scope', source_ids: [SOURCE] },
        registered_at: '2026-01-01T00:00:00Z',
      };
    case 'heartbeat':
      return { runner_id: runnerId };
    case 'record':
      return {
        schema_version: 'synapsor.runner-activity.v1',
        event_id: randomUUID(),
        event_type: 'worker.diagnostic',
        runner_id: runnerId,
        source_id: SOURCE,
      };
    case 'keep-project':
      return keepBody(path);
    default:
      return runBody(asks, runnerId);
  }
}

function keepBody(path: string): unknown {
  if (path.endsWith('/restore')) return { snapshot_id: NO_SNAPSHOT, reason: 'a sample' };
  if (path.endsWith('/archive')) return { reason: 'a sample' };
  return path.endsWith('/delete') ? { label: 'no-label' } : {};
}

function runBody(asks: Route['asks'], runnerId: string): unknown {
  switch (asks) {
    case 'place-freeze':
      return { scope: { kind: 'runner', id: runnerId }, reason: 'a sample' };
    case 'emergency-stop':
      return { runner_id: runnerId, reason: 'a sample' };
    case 'lift-freeze':
      return { reason: 'a sample' };
    case 'submit-command':
      return { command: 'sample' };
    case 'add-steps':
      return { steps: [{ kind: 'note', text: 'a sample' }] };
    case 'finish-run':
      return { outcome: 'failed' };
    case 'claim-tasks':
      return { runner_id: runnerId, handlers: ['model'] };
    case 'renew-task':
    case 'complete-task':
      return { runner_id: runnerId, claim_id: 'tcl_none' };
    case 'fail-task':
      return { runner_id: runnerId, claim_id: 'tcl_none', code: 'sample' };
    case 'return-task':
      return { runner_id: runnerId, claim_id: 'tcl_none', reason: 'draining' };
    case 'save-control':
      return { kind: 'prompt', name: 'sample', document: { text: 'a sample' } };
    case 'activate-control':
      return { digest: `sha256:${'0'.repeat(64)}` };
    default:
      return {};
  }
}

/** Three routes make credentials, each of its kind. */
function newCredential(path: string): unknown {
  if (path.includes('api-keys')) return { name: 'nobody', scopes: ['project:read'] };
  const common = { name: 'nobody', source_ids: [SOURCE] };
  return path.includes('runner-tokens') ? common : { ...common, bindings: BINDINGS };
}
