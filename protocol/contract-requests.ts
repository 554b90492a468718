import * as z from 'zod';
import { runPlaceSchema } from './run/run-requests.ts';
import { digestSchema, foreignIdSchema, labelSchema } from './values.ts';

/** What a push of a contract carries (PROTOCOL 2.3.1). The contract itself is checked by `parseContract`. */
export const pushContractSchema = z.strictObject({
  project_id: foreignIdSchema.optional(),
  schema_version: z.literal('synapsor.cloud-contract-push.v0.1'),
  contract: z.record(z.string(), z.json()),
  /** The lineage; else the name in the contract's own metadata. */
  name: labelSchema.optional(),
  description: z.string().max(2_000).optional(),
  source: labelSchema.default('api'),
  source_versions: z.record(z.string(), z.json()).optional(),
  activate: z.boolean().default(false),
  /** Why, where activating permits more than before. */
  reason: z.string().max(2_000).optional(),
  /** Pushes are idempotent by their digest; existing clients repeat their key here. */
  idempotency_key: z.string().max(255).optional(),
  local_digest: digestSchema.optional(),
  workspace: z.json().optional(),
  pushed_at: z.json().optional(),
});
export type PushContract = z.infer<typeof pushContractSchema>;

export const activateContractSchema = z.strictObject({
  project_id: foreignIdSchema.optional(),
  reason: z.string().max(2_000).optional(),
});

/** What an agent sends to propose by a capability: its name and its arguments, nothing else. */
export const requestChangeSchema = z.strictObject({
  capability: labelSchema,
  args: z.record(z.string().max(200), z.json()),
  /** Why, in the agent's words; shown to whoever decides. */
  reason: z.string().min(1).max(2_000).optional(),
  /** The proposal is refused, not applied, when nobody has decided by then. */
  expires_in_seconds: z.int().min(10).max(7_776_000).optional(),
  /** The run that it belongs to. */
  run: runPlaceSchema.optional(),
});
export type RequestChange = z.infer<typeof requestChangeSchema>;

/** The proposer's answer to a question, or another effect; one of both at least. */
export const reviseSchema = z
  .strictObject({
    project_id: foreignIdSchema.optional(),
    args: z.record(z.string().max(200), z.json()).optional(),
    answer: z.string().min(1).max(2_000).optional(),
  })
  .refine(({ args, answer }) => args !== undefined || answer !== undefined, 'must have args or an answer');
export type Revise = z.infer<typeof reviseSchema>;

export const sendBackSchema = z.strictObject({
  project_id: foreignIdSchema.optional(),
  question: z.string().min(1).max(2_000),
  effect_digest: digestSchema.optional(),
});
