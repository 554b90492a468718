import * as z from 'zod';
import { digest } from './canonical-json.ts';
import { coded, digestSchema, identifierSchema, scalarSchema } from './values.ts';

/** PROTOCOL 3.12: the value itself stays in the runner; only its fingerprint travels. */
export const principalScopeSchema = z
  .strictObject({
    schema_version: z.literal('synapsor.principal-scope.v1'),
    column: identifierSchema,
    binding: identifierSchema,
    provider: z.enum(['environment', 'http_claims', 'cloud_session', 'static_dev']),
    value_fingerprint: digestSchema,
    value: scalarSchema.optional(),
  })
  .superRefine((scope, context) => {
    if (scope.value === undefined) return;
    const { schema_version, column, binding, provider, value } = scope;
    if (digest({ schema_version, column, binding, provider, value }) !== scope.value_fingerprint) {
      context.addIssue(coded('validation_failed', 'value_fingerprint is not the digest of the value'));
    }
  });
