import * as z from 'zod';
import { agentChangeSetSchema } from './change-set/guarded-update.ts';
import { LONGEST_WAIT_SECONDS } from './job-requests.ts';
import { digestSchema, foreignIdSchema, jsonObjectSchema } from './values.ts';
import { contractReferenceSchema } from './writeback-job.ts';

const DAY_SECONDS = 86_400;
export const EXPIRY_SECONDS = { least: 10, usual: 7 * DAY_SECONDS, most: 90 * DAY_SECONDS } as const;

/** What an agent sends to propose one exact change. */
export const proposeRequestSchema = z.strictObject({
  source_id: foreignIdSchema,
  change_set: agentChangeSetSchema,
  contract: contractReferenceSchema.optional(),
  /** Why, in the agent's words; shown to whoever decides. */
  reason: z.string().min(1).max(2_000).optional(),
  /** The proposal is refused, not applied, when nobody has decided by then. */
  expires_in_seconds: z.int().min(EXPIRY_SECONDS.least).max(EXPIRY_SECONDS.most).optional(),
  evidence_metadata: jsonObjectSchema.optional(),
  query_audit: jsonObjectSchema.optional(),
});
export type ProposeRequest = z.infer<typeof proposeRequestSchema>;

/** Approve, reject and cancel. `project_id` is how existing clients name the project (PROTOCOL 2.3). */
export const decisionRequestSchema = z.strictObject({
  reason: z.string().max(2_000).optional(),
  project_id: foreignIdSchema.optional(),
  /** The `effect_digest` of the proposal that was looked at: another one is refused. */
  effect_digest: digestSchema.optional(),
});
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;

export const proposalStates = [
  'rehearsing',
  'pending_review',
  'changes_requested',
  'approved',
  'rejected',
  'canceled',
  'expired',
  'applied',
  'conflict',
  'failed',
  'indeterminate',
] as const;
export type ProposalState = (typeof proposalStates)[number];

export const jobStates = [
  'queued',
  'leased',
  'applied',
  'already_applied',
  'conflict',
  'failed',
  'canceled',
  'reconciliation_required',
  'dead_letter',
] as const;
export type JobState = (typeof jobStates)[number];

export const MOST_ITEMS_A_PAGE = 500;
const pageFields = {
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS_A_PAGE).default(50),
  cursor: z.string().min(1).max(200).optional(),
};
const projectField = { project_id: foreignIdSchema.optional() };

export const pageQuerySchema = z.strictObject({ ...projectField, ...pageFields });

export const listProposalsQuerySchema = z.strictObject({
  ...projectField,
  ...pageFields,
  status: z.enum(proposalStates).optional(),
  job_status: z.enum(jobStates).optional(),
  source_id: foreignIdSchema.optional(),
});
export type ListProposalsQuery = z.infer<typeof listProposalsQuerySchema>;

export const readProposalQuerySchema = z.strictObject({
  ...projectField,
  /** Hold the answer until something changes after ledger sequence `after`; 0 answers at once. */
  wait_seconds: z.coerce.number().int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
  after: z.coerce.number().int().min(0).optional(),
});
export const projectQuerySchema = z.strictObject(projectField);
export const emptyBodySchema = z.strictObject({
  project_id: foreignIdSchema.optional(),
  reason: z.string().max(2_000).optional(),
});
