import * as z from 'zod';
import { columnValueSchema, digestSchema, identifierSchema, labelSchema } from './values.ts';

/** PROTOCOL 3.14. Stored and handed on word for word: its digests are the runner's to check. */
export const freshnessAuthoritySchema = z.strictObject({
  schema_version: z.literal('synapsor.freshness-authority.v1'),
  required: z.literal(true),
  target: z.strictObject({
    mode: z.enum(['exact_guard', 'frozen_set', 'not_applicable']),
    member_count: z.int().min(0).max(100),
  }),
  dependencies: z
    .array(
      z.strictObject({
        id: identifierSchema,
        capability: labelSchema,
        source_id: labelSchema,
        engine: z.enum(['postgres', 'mysql']),
        target: z.strictObject({
          schema: identifierSchema,
          table: identifierSchema,
          primary_key: columnValueSchema,
          tenant_column: identifierSchema,
          principal_column: identifierSchema.optional(),
        }),
        expected_version: columnValueSchema,
        evidence: z.strictObject({ bundle_id: labelSchema, query_fingerprint: z.string().max(200) }),
        descriptor_digest: digestSchema,
      }),
    )
    .max(16),
  dependency_set_digest: digestSchema,
});
