import * as z from 'zod';
import { foreignIdSchema, labelSchema, scalarSchema } from '../values.ts';
import { providerSchema } from './providers.ts';

/**
 * An action as the worker that claimed it gets it. Nothing else in it says what to do: which provider account it goes
 * to is the worker's own configuration, under the name `target`.
 */
export const claimedActionSchema = z.strictObject({
  action_id: foreignIdSchema,
  claim_id: foreignIdSchema,
  /** 1 for the first. */
  attempt: z.int().min(1),
  /** The action's name in its contract. */
  name: z.string().min(1).max(200),
  target: labelSchema,
  provider: providerSchema,
  /** The same for every attempt at this action, and for no other one. Printable ASCII, at most 64 characters. */
  idempotency_key: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  input: z.record(z.string().min(1).max(200), scalarSchema),
  /** When an earlier attempt first may have reached the provider (RFC 3339); null: none has. */
  first_begun_at: z.iso.datetime().nullable(),
  /** The worker says that it begins before it does, because afterwards nobody could tell what came of it. */
  must_begin: z.boolean(),
  expires_at: z.iso.datetime(),
});
export type ClaimedAction = z.infer<typeof claimedActionSchema>;

/** Of whatever a worker reports: a word of its provider, never what it was given. */
const CODE = /^[A-Za-z0-9_.:-]{1,100}$/;
const LONGEST_DETAIL = 500;

const reportFields = {
  code: z.string().regex(CODE, 'must be letters, digits and _ . : -').optional(),
  detail: z.string().max(LONGEST_DETAIL).optional(),
};

/** How an attempt ended. */
export const actionOutcomeSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('succeeded'),
    /** What the provider calls it. */
    reference: z.string().min(1).max(500).nullable().default(null),
    /** The provider had it already, from an earlier attempt. */
    was_done: z.boolean().default(false),
    ...reportFields,
  }),
  /** The provider refused it for good: nothing happened, and nothing would. */
  z.strictObject({ outcome: z.literal('failed'), ...reportFields }),
  /** Nothing happened, and later it may. */
  z.strictObject({
    outcome: z.literal('retry'),
    retry_after_ms: z.int().min(0).max(86_400_000).optional(),
    ...reportFields,
  }),
  /** It may have happened, and nobody here can tell. */
  z.strictObject({ outcome: z.literal('unknown'), ...reportFields }),
]);
export type ActionOutcome = z.infer<typeof actionOutcomeSchema>;
