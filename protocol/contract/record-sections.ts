import * as z from 'zod';
import { labelSchema } from '../values.ts';
import { nameSchema, proseSchema, qualifiedNameSchema, section } from './section.ts';

/* Sections that grant nothing: workflows and external actions are listed, records are fixtures and exports. */

export const workflowSchema = section({
  name: qualifiedNameSchema,
  context: nameSchema,
  allowed_capabilities: z.array(qualifiedNameSchema).min(1),
  description: proseSchema.optional(),
  required_evidence: z.json().optional(),
  approval: z.json().optional(),
  settlement: z.json().optional(),
  replay: z.json().optional(),
});

export const externalActionSchema = section({
  id: labelSchema.optional(),
  action: nameSchema.optional(),
  handler: labelSchema.optional(),
  idempotency_key: proseSchema.optional(),
  receipt: z.json().optional(),
});

export const evidenceRecordSchema = section({
  handle: labelSchema.optional(),
  capability: qualifiedNameSchema.optional(),
  query_fingerprint: z.string().max(200).optional(),
  items: z.array(z.json()).optional(),
});

export const proposalRecordSchema = section({
  id: labelSchema,
  capability: qualifiedNameSchema,
  subject: section({
    type: labelSchema.optional(),
    id: z.json(),
    tenant_id: z.json().optional(),
  }).optional(),
  status: z.enum(['pending', 'approved', 'rejected', 'canceled', 'applied', 'conflict', 'failed']).optional(),
  diff: z.json().optional(),
  evidence_handle: labelSchema.optional(),
});

export const receiptRecordSchema = section({
  id: labelSchema.optional(),
  proposal_id: labelSchema.optional(),
  status: z.enum(['applied', 'already_applied', 'conflict', 'failed', 'canceled']).optional(),
  source_database_mutated: z.boolean().optional(),
  idempotency_key: proseSchema.optional(),
  rows_affected: z.int().min(0).optional(),
});

export const replayRecordSchema = section({
  id: labelSchema,
  events: z.array(z.json()),
  proposal_id: labelSchema.optional(),
  run_id: labelSchema.optional(),
});
