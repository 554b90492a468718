import * as z from 'zod';
import { changeSetSchema } from './change-set.ts';
import { digestSchema, foreignIdSchema, jsonObjectSchema, labelSchema } from './values.ts';
import { contractReferenceSchema } from './writeback-job.ts';

/** None, for a worker of actions or tasks alone; the same of sources. */
const enginesSchema = z.array(z.enum(['postgres', 'mysql'])).max(2);
const sourceIdsSchema = z.array(foreignIdSchema).max(100);
const versionSchema = z.string().min(1).max(80);

/** PROTOCOL 3.9. Old clients leave `protocol_version` and `contracts` away. */
export const registrationSchema = z.strictObject({
  schema_version: z.literal('synapsor.runner-registration.v1'),
  protocol_version: z.literal('synapsor.runner-control.v1').optional(),
  runner_id: foreignIdSchema,
  runner_version: versionSchema,
  engines: enginesSchema,
  capabilities: z.array(labelSchema).min(1).max(100),
  scope: z.strictObject({ project_id: foreignIdSchema, source_ids: sourceIdsSchema }),
  contracts: z.array(contractReferenceSchema).max(100).optional(),
  registered_at: z.string().max(80),
});
export type Registration = z.infer<typeof registrationSchema>;

/** What a registration names when its client does not know its project: the token's own (PROTOCOL 3.9). */
export const TOKEN_SCOPE = 'token_scope';

export const heartbeatSchema = z.strictObject({
  runner_id: foreignIdSchema,
  runner_version: versionSchema.optional(),
  engines: enginesSchema.optional(),
  source_ids: sourceIdsSchema.optional(),
  current_job_id: z.string().max(200).nullable().optional(),
  status: z.enum(['online', 'draining']).optional(),
  details: jsonObjectSchema.optional(),
  /** Of the registry that it works with: the newest snapshot that it has read. */
  control_digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits')
    .optional(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** PROTOCOL 3.10. */
export const runnerProposalSchema = z
  .strictObject({
    schema_version: z.literal('synapsor.runner-proposal.v1'),
    runner_id: foreignIdSchema,
    source_id: foreignIdSchema,
    mapping_id: labelSchema.optional(),
    contract: contractReferenceSchema,
    change_set: changeSetSchema,
    evidence_metadata: jsonObjectSchema.optional(),
    query_audit: jsonObjectSchema.optional(),
  })
  .refine(
    ({ contract, change_set }) =>
      change_set.contract === undefined || change_set.contract.digest === contract.digest,
    {
      path: ['contract', 'digest'],
      message: 'is not the digest that the change set names',
    },
  )
  .refine(({ change_set }) => change_set.approval.status === 'pending', {
    path: ['change_set', 'approval', 'status'],
    message: 'must be pending: approval happens here',
  })
  .refine(({ change_set }) => change_set.guards.principal_scope?.value === undefined, {
    path: ['change_set', 'guards', 'principal_scope', 'value'],
    message: 'must stay in the runner; send the fingerprint only',
  });
export type RunnerProposal = z.infer<typeof runnerProposalSchema>;

const shortSchema = z.string().max(160);

/** PROTOCOL 3.11. */
export const activitySchema = z.strictObject({
  schema_version: z.literal('synapsor.runner-activity.v1'),
  event_id: foreignIdSchema.max(120),
  event_type: z.enum(['evidence.recorded', 'query_audit.recorded', 'replay.recorded', 'worker.diagnostic']),
  runner_id: z.string().min(1).max(120),
  source_id: z.string().min(1).max(120),
  proposal_id: z.string().max(120).optional(),
  job_id: z.string().max(120).optional(),
  contract_id: z.string().max(120).optional(),
  contract_version_id: z.string().max(120).optional(),
  contract_digest: digestSchema.optional(),
  capability: shortSchema.optional(),
  workflow: shortSchema.optional(),
  tenant_id: shortSchema.optional(),
  business_object: shortSchema.optional(),
  receipt_id: shortSchema.optional(),
  replay_id: shortSchema.optional(),
  principal: z.string().max(200).optional(),
  object_id: z.string().max(200).optional(),
  status: z.string().max(80).optional(),
  evidence_ids: z.array(shortSchema).max(100).optional(),
  query_audit_ids: z
    .array(z.union([shortSchema, z.int()]))
    .max(100)
    .optional(),
  detail: jsonObjectSchema.optional(),
  occurred_at: z.string().max(80).optional(),
});
export type Activity = z.infer<typeof activitySchema>;
