import { engineOf } from '../change-set/engine.ts';
import type { ChangeSet } from '../change-set.ts';
import type { Leased } from './job-of.ts';

/** What a job says besides its change, for a change set that was approved as it stands. */
export function sampleLeased(
  { proposal_id, integrity, scope, source }: ChangeSet,
  changes: Partial<Leased> = {},
): Leased {
  return {
    tenant: 'acme',
    jobId: `wbj_${proposal_id}`,
    proposalId: proposal_id,
    proposalHash: integrity.proposal_hash,
    sourceId: 'src_parcels',
    engine: engineOf(source.kind) ?? 'postgres',
    contract: { contract_id: 'act_1', contract_version_id: 'acv_1', digest: `sha256:${'c'.repeat(64)}` },
    idempotencyKey: `${proposal_id}:${scope.object_id}`,
    lease: { lease_id: 'lse_1', attempt: 1, expires_at: '2026-01-01T00:01:00.000Z' },
    writeBy: '2026-01-01T00:00:10.000Z',
    traceparent: undefined,
    ...changes,
  };
}
