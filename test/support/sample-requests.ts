import { randomUUID } from 'node:crypto';
import type { Route } from '@countersign/gateway/routes/route';
import { proposal, SOURCE } from './change-set.ts';
import { submission } from './submission.ts';

/** What a request is about: ids that stand in paths and bodies. */
export interface About {
  readonly proposalId: string;
  readonly leaseId: string;
  readonly runnerId: string;
}

/** A well-formed request for a route, about these things. */
export function sampleRequest(route: Route, about: About): { path: string; body: unknown } {
  const jobId = `wbj_${about.proposalId}`;
  const path = route.path.replace(':proposal_id', about.proposalId).replace(':job_id', jobId);
  return { path, body: route.method === 'GET' ? undefined : bodyFor(route, about, jobId) };
}

function bodyFor({ asks }: Route, { leaseId, runnerId }: About, jobId: string): unknown {
  const lease = { runner_id: runnerId, lease_id: leaseId };
  switch (asks) {
    case 'propose':
      return proposal();
    case 'submit':
      return submission(`wrp_${randomUUID().replaceAll('-', '').slice(0, 20)}`);
    case 'claim':
      return { source_id: SOURCE, runner_id: runnerId };
    case 'renew':
      return lease;
    case 'release':
      return { ...lease, reason: 'draining' };
    case 'report':
      return { ...lease, protocol_version: '1.0', job_id: jobId, status: 'applied', affected_rows: 1 };
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
