import { resultFields } from '@countersign/protocol/job/result';
import { timestampSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import type { LeaseTerms } from './authority.ts';
import type { AuthorityReason, RefusalReason } from './refusal-reasons.ts';
import { type VerifyScope, verifyJob } from './verify-job.ts';
import type { WritePlan } from './write-plan.ts';

const { job_id: jobIdSchema, lease_id: leaseIdSchema } = resultFields;

/** Whether an id can be a part of an address: dots alone mean other addresses, half a character means none. */
export function isAddressable(id: string): boolean {
  return id.isWellFormed() && id !== '.' && id !== '..';
}

/** What must be readable of a claimed job so that anything can be answered at all. */
const envelopeSchema = z.object({ job_id: jobIdSchema.refine(isAddressable), lease_id: leaseIdSchema });
const claimedSchema = envelopeSchema.extend({
  write_by: timestampSchema,
  writeback_job: z.unknown(),
  freshness: z.unknown().optional(),
});

export type VerifiedClaim =
  | { readonly kind: 'accepted'; readonly plan: WritePlan; readonly terms: LeaseTerms }
  /** To be reported as failed. */
  | {
      readonly kind: 'refused';
      readonly jobId: string;
      readonly leaseId: string;
      readonly reason: RefusalReason;
    }
  /** To be let go: there is no lease that a report could be made under. */
  | {
      readonly kind: 'dropped';
      readonly jobId: string | undefined;
      readonly reason: RefusalReason | AuthorityReason;
    };

/**
 * Checks one element of a claim's `jobs`, whatever it is. Of its two forms only the public job is carried out; what
 * the other, normalized one says of the change does not matter, but both must be of the same job and lease, and it
 * must not ask for a freshness check, which the public one cannot express.
 */
export function verifyClaim(scope: VerifyScope, value: unknown): VerifiedClaim {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { kind: 'dropped', jobId: undefined, reason: 'JOB_MALFORMED' };
  const { job_id: jobId, lease_id: leaseId } = envelope.data;
  const refused = (reason: RefusalReason) => ({ kind: 'refused', jobId, leaseId, reason }) as const;
  const claimed = claimedSchema.safeParse(value);
  if (!claimed.success) return refused('JOB_MALFORMED');
  const verified = verifyJob(scope, claimed.data.writeback_job);
  if (!verified.ok) return refused(verified.reason);
  // Another row must be as it was, and this runner cannot tell: to write regardless would break the promise.
  if (claimed.data.freshness !== undefined) return refused('FRESHNESS_UNSUPPORTED');
  const { plan, lease } = verified;
  if (plan.jobId !== jobId) return refused('JOB_MALFORMED');
  if (lease.lease_id !== leaseId) return { kind: 'dropped', jobId, reason: 'LEASE_NOT_MINE' };
  const terms = {
    leaseId,
    attempt: lease.attempt,
    expiresAtMs: Date.parse(lease.expires_at),
    writeByMs: Date.parse(claimed.data.write_by),
  };
  return { kind: 'accepted', plan, terms };
}
