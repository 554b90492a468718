import { randomUUID } from 'node:crypto';
import type { Route } from '@countersign/gateway/routes/route';
import { proposal, SOURCE } from './change-set.ts';
import { ADJUST, pushRequest } from './contract.ts';
import { submission } from './submission.ts';
import type { Who } from './tenant.ts';

/** What a request is about: ids that stand in paths and bodies. */
export interface About {
  readonly proposalId: string;
  readonly leaseId: string;
  readonly runnerId: string;
  readonly contractId: string;
  readonly versionId: string;
  readonly policyName: string;
}

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
    name: about.policyName,
  };
  const path = route.path.replace(/:(\w+)/g, (_, name) => ids[name] ?? 'nothing');
  const query = route.asks === 'diff-versions' ? `?from=${about.versionId}&to=${about.versionId}` : '';
  const body = route.method === 'GET' ? undefined : bodyFor(route, about, jobId, who);
  return { path: `${path}${query}`, body };
}

function rehearsalId({ proposalId }: About): string {
  return `rhj_1_${proposalId}`;
}

function bodyFor({ asks }: Route, about: About, jobId: string, who: Who): unknown {
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
    case 'push-contract':
      return pushRequest(undefined, { activate: false });
    case 'save-policy':
      return {
        policy: { name: 'nobody', applies_to: [ADJUST], when: 'true', effect: 'refuse', message: 'no' },
      };
    case 'save-permission-rules':
      return { rules: [] };
    case 'enforce-permission-rules':
      return { on: false, reason: 'a sample' };
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
    default:
      return {};
  }
}
