import { engineOf } from '@countersign/protocol/change-set/engine';
import { jobIdOf } from '@countersign/protocol/ids';
import type { ClaimedJob } from '@countersign/protocol/job/claimed-job';
import { jobOf } from '@countersign/protocol/job/job-of';
import type { ProposalRow } from '../schema.ts';
import type { Submission } from '../turn/body.ts';

/**
 * How long a lease carries the authority to begin a write (DESIGN 8). An emergency stop that refuses renewals
 * therefore holds within this time even for a runner that nothing reaches.
 */
export const AUTHORITY_MS = 10_000;

/** The moment by which a write under a lease given or renewed now must begin: never after the lease itself. */
export function writeBy(now: number, leaseExpiresAt: number): string {
  return new Date(Math.min(now + AUTHORITY_MS, leaseExpiresAt)).toISOString();
}

/** Stable for a proposal, never per attempt: it is the key of the receipt (PROTOCOL 3.4). */
export function idempotencyKeyOf({ proposal_id, change_set }: Submission): string {
  return `${proposal_id}:${change_set.scope.object_id}`;
}

/** A leased job, in the form that its change asks for. */
export function claimedJob(
  tenant: string,
  row: ProposalRow,
  submission: Submission,
  now: number,
): ClaimedJob {
  const { change_set, contract, traceparent } = submission;
  const engine = engineOf(change_set.source.kind);
  if (engine === undefined || row.lease_id === null || row.lease_expires_at === null) {
    throw new TypeError(`${row.proposal_id} is no leased job`);
  }
  const expires_at = new Date(row.lease_expires_at).toISOString();
  return jobOf(change_set, {
    tenant,
    jobId: jobIdOf(row.proposal_id),
    proposalId: row.proposal_id,
    proposalHash: row.proposal_hash,
    sourceId: row.source_id,
    engine,
    contract,
    idempotencyKey: idempotencyKeyOf(submission),
    lease: { lease_id: row.lease_id, attempt: row.attempt, expires_at },
    writeBy: writeBy(now, row.lease_expires_at),
    traceparent,
  });
}
