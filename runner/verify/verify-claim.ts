import { resultFields } from '@countersign/protocol/job/result';
import { timestampSchema } from '@countersign/protocol/values';
import type { PublicJob } from '@countersign/protocol/writeback-job';
import * as z from 'zod';
import type { LeaseTerms } from './authority.ts';
import { verifyDependencies } from './dependencies.ts';
import { answerOf, answerOfUnverified, type JobAnswer } from './job-answer.ts';
import type { OperationPlan } from './operation-plan.ts';
import { withDependencies } from './operation-plan-of.ts';
import type { AuthorityReason, RefusalReason } from './refusal-reasons.ts';
import { type VerifyScope, verifyJob } from './verify-job.ts';
import { verifyOperation } from './verify-operation.ts';
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
/** Jobs of later versions have no public form beside them. */
const laterSchema = z.object({ protocol_version: z.enum(['2.0', '3.0', '4.0']) });

export type VerifiedClaim =
  | {
      readonly kind: 'accepted';
      readonly plan: WritePlan | OperationPlan;
      readonly terms: LeaseTerms;
      readonly answer: JobAnswer;
    }
  /** To be reported as failed. */
  | {
      readonly kind: 'refused';
      readonly jobId: string;
      readonly leaseId: string;
      readonly reason: RefusalReason;
      readonly answer: JobAnswer;
    }
  /** To be let go: there is no lease that a report could be made under, or nothing that it could be about. */
  | {
      readonly kind: 'dropped';
      readonly jobId: string | undefined;
      readonly reason: RefusalReason | AuthorityReason;
    };

/**
 * Checks one element of a claim's `jobs`, whatever it is. Of the two forms of a "1.0" job only the public one is carried
 * out; what the other, normalized one says of the change does not matter, but both must be of the same job and lease, and
 * it alone says what else must be as it was. Of later jobs the normalized form is all there is.
 */
export function verifyClaim(scope: VerifyScope, value: unknown): VerifiedClaim {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) return { kind: 'dropped', jobId: undefined, reason: 'JOB_MALFORMED' };
  const { job_id: jobId, lease_id: leaseId } = envelope.data;
  if (laterSchema.safeParse(value).success) return verifyLater(scope, value, jobId, leaseId);
  const refused = (reason: RefusalReason) =>
    ({ kind: 'refused', jobId, leaseId, reason, answer: { version: '1.0' } }) as const;
  const claimed = claimedSchema.safeParse(value);
  if (!claimed.success) return refused('JOB_MALFORMED');
  const verified = verifyJob(scope, claimed.data.writeback_job);
  if (!verified.ok) return refused(verified.reason);
  const { lease, plan, table, tenantGuard } = verified;
  const others = verifyDependencies(scope, tenantGuard, claimed.data.freshness);
  if (!others.ok) return refused(others.reason);
  if (plan.jobId !== jobId) return refused('JOB_MALFORMED');
  if (lease.lease_id !== leaseId) return { kind: 'dropped', jobId, reason: 'LEASE_NOT_MINE' };
  const { dependencies } = others;
  return {
    kind: 'accepted',
    plan: dependencies.length === 0 ? plan : withDependencies(plan, table, dependencies),
    terms: termsOf(lease, claimed.data.write_by),
    answer: { version: '1.0' },
  };
}

function verifyLater(scope: VerifyScope, value: unknown, jobId: string, leaseId: string): VerifiedClaim {
  const verified = verifyOperation(scope, value);
  if (!verified.ok) {
    const { reason } = verified;
    const answer = answerOfUnverified(value);
    return answer === undefined
      ? { kind: 'dropped', jobId, reason }
      : { kind: 'refused', jobId, leaseId, reason, answer };
  }
  const { job, plan } = verified;
  if (job.lease.lease_id !== leaseId) return { kind: 'dropped', jobId, reason: 'LEASE_NOT_MINE' };
  return { kind: 'accepted', plan, terms: termsOf(job.lease, job.write_by), answer: answerOf(job) };
}

function termsOf(lease: PublicJob['lease'], writeBy: string): LeaseTerms {
  return {
    leaseId: lease.lease_id,
    attempt: lease.attempt,
    expiresAtMs: Date.parse(lease.expires_at),
    writeByMs: Date.parse(writeBy),
  };
}
