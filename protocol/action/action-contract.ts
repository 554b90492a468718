import * as z from 'zod';
import { scalarSpecSchema } from '../contract/argument-spec.ts';
import { nameSchema, proseSchema, qualifiedNameSchema, section } from '../contract/section.ts';
import { identifierSchema, scalarSchema } from '../values.ts';
import { providerSchema } from './providers.ts';

const MOST_FIELDS = 50;
const MOST_KEYS = 8;

/** Where a field of the input comes from: an argument, a hidden binding, or the contract itself. */
const inputFieldSchema = z.union([
  section({ from_arg: identifierSchema }),
  section({ from_binding: identifierSchema }),
  section({ fixed: scalarSchema }),
]);

const keySchema = z
  .array(identifierSchema)
  .min(1)
  .max(MOST_KEYS)
  .refine((names) => new Set(names).size === names.length, 'must not repeat');

const approvalSchema = section({
  /** `none` lets every well-formed intent go on at once. */
  mode: z.enum(['human', 'policy', 'none']),
  required_role: nameSchema.optional(),
  required_approvals: z.int().min(1).max(10).optional(),
});

/**
 * An effect outside of a database that an agent may intend: a refund, a message, a ticket. It stands in a contract
 * under `x-cloud-actions`, an extension that the public format lets pass.
 */
export const actionContractSchema = section({
  name: qualifiedNameSchema,
  description: proseSchema.optional(),
  /** The trusted bindings, like those of a capability. */
  context: nameSchema,
  provider: providerSchema,
  /** The account at the provider, by the name that the runner's own configuration has for it. */
  target: nameSchema,
  args: z.record(identifierSchema, scalarSpecSchema),
  input: z
    .record(identifierSchema, inputFieldSchema)
    .refine((input) => Object.keys(input).length >= 1, 'must name a field')
    .refine((input) => Object.keys(input).length <= MOST_FIELDS, `must have at most ${MOST_FIELDS} fields`),
  /** Fields of the input that say what the effect is about: twice about the same is probably once too often. */
  business_key: keySchema,
  /** Fields of the input: effects that agree in them happen one after another, in the order in which they were let go. */
  ordered_by: keySchema.optional(),
  approval: approvalSchema,
  /** How often it is tried before a person looks at it; 8 where nothing is said. */
  most_attempts: z.int().min(1).max(20).optional(),
});
export type ActionContract = z.infer<typeof actionContractSchema>;
export type InputField = z.infer<typeof inputFieldSchema>;

export const USUAL_ATTEMPTS = 8;
