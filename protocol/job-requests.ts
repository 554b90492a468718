import * as z from 'zod';
import { claimNotes } from './freeze-mark.ts';
import { claimedJobSchema } from './job/claimed-job.ts';
import {
  boundedSetResultSchema,
  compensationResultSchema,
  guardedUpdateResultSchema,
  singleRowResultSchema,
} from './job/result.ts';
import { foreignIdSchema, timestampSchema } from './values.ts';
import { leaseSchema } from './writeback-job.ts';

export const MOST_JOBS_A_CLAIM = 50;
export const LONGEST_WAIT_SECONDS = 25;
export const LEASE_SECONDS = { least: 5, usual: 30, most: 600 } as const;

const leaseSecondsSchema = z.int().min(LEASE_SECONDS.least).max(LEASE_SECONDS.most);
const leaseIdSchema = z.string().min(1).max(200);

export const claimRequestSchema = z.strictObject({
  source_id: foreignIdSchema,
  runner_id: foreignIdSchema,
  limit: z.int().min(1).max(MOST_JOBS_A_CLAIM).default(1),
  lease_seconds: leaseSecondsSchema.default(LEASE_SECONDS.usual),
  /** How long the request may be held while there is nothing to lease; 0 answers at once. */
  wait_seconds: z.int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
});
export type ClaimRequest = z.infer<typeof claimRequestSchema>;

export const claimAnswerSchema = z.object({
  ok: z.literal(true),
  jobs: z.array(claimedJobSchema),
  ...claimNotes,
  server_time: timestampSchema,
});
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;

export const renewRequestSchema = z.strictObject({
  runner_id: foreignIdSchema,
  lease_id: leaseIdSchema,
  lease_seconds: leaseSecondsSchema.default(LEASE_SECONDS.usual),
});
export type RenewRequest = z.infer<typeof renewRequestSchema>;

export const renewAnswerSchema = z.object({
  ok: z.literal(true),
  job_id: z.string(),
  lease: leaseSchema,
  write_by: timestampSchema,
  server_time: timestampSchema,
});
export type RenewAnswer = z.infer<typeof renewAnswerSchema>;

/** Why a runner gives a lease back; none of them is the job's fault, so none costs an attempt. */
export const releaseReasons = [
  'database_unavailable',
  'draining',
  'not_delivered',
  'busy',
  /** Its renewal was refused: a freeze holds it back. */
  'frozen',
  /** A runner that writes nothing has tried the write and taken it back. */
  'rehearsed',
] as const;

export const releaseRequestSchema = z.strictObject({
  runner_id: foreignIdSchema,
  lease_id: leaseIdSchema,
  reason: z.enum(releaseReasons),
});
export type ReleaseRequest = z.infer<typeof releaseRequestSchema>;

/** What a runner reports, in the version of its job (PROTOCOL 3.8). Whether it fits that job, `fitResult` says. */
export const resultRequestSchema = z.discriminatedUnion('protocol_version', [
  guardedUpdateResultSchema,
  singleRowResultSchema,
  boundedSetResultSchema,
  compensationResultSchema,
]);
export type ResultRequest = z.infer<typeof resultRequestSchema>;
