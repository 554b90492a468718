import * as z from 'zod';
import { identifierSchema } from '../values.ts';
import { nameSchema, proseSchema, section } from './section.ts';

const limitSchema = section({
  kind: z.enum(['count', 'total']),
  max: z.int().min(0),
  period: z.literal('day'),
  field: identifierSchema.optional(),
  scope: z.enum(['tenant_policy', 'tenant_policy_object']).optional(),
});

/** Within which values a change may be approved without a person. */
export const contractPolicySchema = section({
  name: nameSchema,
  kind: z.enum(['approval', 'settlement', 'scope', 'custom']),
  /** For readers; nothing is decided by it. */
  mode: z.enum(['green', 'yellow', 'red', 'manual', 'block']).optional(),
  description: proseSchema.optional(),
  rules: z.array(section({ field: identifierSchema, max: z.int().min(0) })).optional(),
  limits: z.array(limitSchema).min(1).optional(),
});
