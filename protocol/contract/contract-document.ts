import * as z from 'zod';
import { actionContractSchema } from '../action/action-contract.ts';
import { identifierSchema } from '../values.ts';
import { argumentSpecSchema, type scalarSpecSchema } from './argument-spec.ts';
import { contractPolicySchema } from './contract-policy.ts';
import { columnsSchema, proposalActionSchema } from './proposal-action.ts';
import { aggregateSchema, protectedReadSchema } from './protected-read.ts';
import {
  evidenceRecordSchema,
  externalActionSchema,
  proposalRecordSchema,
  receiptRecordSchema,
  replayRecordSchema,
  workflowSchema,
} from './record-sections.ts';
import { nameSchema, proseSchema, qualifiedNameSchema, section } from './section.ts';

const resourceSchema = section({
  name: nameSchema,
  engine: z.enum(['postgres', 'mysql', 'synapsor']),
  type: z.enum(['table', 'view', 'external_source']).optional(),
  schema: identifierSchema,
  table: identifierSchema,
  primary_key: identifierSchema,
  tenant_key: identifierSchema.optional(),
  single_tenant_dev: z.boolean().optional(),
  /** For readers; the guard that holds is the proposal's `conflict_guard`. */
  conflict_key: identifierSchema.optional(),
  description: proseSchema.optional(),
});

const bindingSchema = section({
  name: identifierSchema,
  source: z.enum([
    'environment',
    'http_claim',
    'cloud_session',
    'static_dev',
    'session',
    'reviewed_organization',
  ]),
  key: proseSchema,
  required: z.boolean().optional(),
});

const contextSchema = section({
  name: nameSchema,
  description: proseSchema.optional(),
  bindings: z.array(bindingSchema).min(1),
  tenant_binding: identifierSchema.optional(),
  principal_binding: identifierSchema.optional(),
});

const subjectSchema = section({
  resource: nameSchema.optional(),
  schema: identifierSchema.optional(),
  table: identifierSchema.optional(),
  primary_key: identifierSchema.optional(),
  tenant_key: identifierSchema.optional(),
  principal_scope_key: identifierSchema.optional(),
  conflict_key: identifierSchema.optional(),
  single_tenant_dev: z.boolean().optional(),
});

const evidenceRuleSchema = section({
  required: z.boolean(),
  sources: z.array(proseSchema).optional(),
  query_audit: z.boolean().optional(),
  handle_prefix: z.string().max(200).optional(),
});

const capabilitySchema = section({
  name: qualifiedNameSchema,
  kind: z.enum(['read', 'aggregate_read', 'proposal', 'external_action', 'answer_with_evidence']),
  context: nameSchema,
  description: proseSchema.optional(),
  subject: subjectSchema,
  args: z.record(identifierSchema, argumentSpecSchema),
  lookup: section({ id_from_arg: identifierSchema }).optional(),
  visible_fields: columnsSchema,
  kept_out_fields: columnsSchema.optional(),
  model_withheld_fields: columnsSchema.optional(),
  source: nameSchema.optional(),
  evidence: evidenceRuleSchema.optional(),
  max_rows: z.int().min(1).optional(),
  returns_hint: proseSchema.optional(),
  proposal: proposalActionSchema.optional(),
  aggregate: aggregateSchema.optional(),
  protected_read: protectedReadSchema.optional(),
});

const metadataSchema = section({
  name: proseSchema.optional(),
  description: z.string().max(4_000).optional(),
  /** What change sets carry as the contract's version: it has to fit there. */
  version: z.string().min(1).max(128).optional(),
  tags: z.array(proseSchema).optional(),
});

/**
 * The shape of a SynapsorContract, `spec_version` 0.1. What a shape cannot say (names that must resolve, rules between
 * fields) is in `parse-contract.ts`, the only way in for a document from outside.
 */
export const contractDocumentSchema = section({
  spec_version: z.literal('0.1'),
  kind: z.literal('SynapsorContract'),
  metadata: metadataSchema.optional(),
  resources: z.array(resourceSchema).optional(),
  contexts: z.array(contextSchema).min(1),
  capabilities: z.array(capabilitySchema),
  policies: z.array(contractPolicySchema).optional(),
  workflows: z.array(workflowSchema).optional(),
  external_actions: z.array(externalActionSchema).optional(),
  evidence: z.array(evidenceRecordSchema).optional(),
  proposals: z.array(proposalRecordSchema).optional(),
  receipts: z.array(receiptRecordSchema).optional(),
  replay: z.array(replayRecordSchema).optional(),
  /** Ours: effects outside of a database. */
  'x-cloud-actions': z.array(actionContractSchema).optional(),
});

export type AgentContract = z.infer<typeof contractDocumentSchema>;
export type ContractResource = z.infer<typeof resourceSchema>;
export type ContractContext = z.infer<typeof contextSchema>;
export type ContractSubject = z.infer<typeof subjectSchema>;
export type Capability = z.infer<typeof capabilitySchema>;
export type ProposalAction = z.infer<typeof proposalActionSchema>;
export type ArgumentSpec = z.infer<typeof argumentSpecSchema>;
export type ScalarSpec = z.infer<typeof scalarSpecSchema>;
export type ContractPolicy = z.infer<typeof contractPolicySchema>;
