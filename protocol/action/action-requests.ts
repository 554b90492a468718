import * as z from 'zod';
import { LEASE_SECONDS, LONGEST_WAIT_SECONDS } from '../job-requests.ts';
import { EXPIRY_SECONDS } from '../proposal-requests.ts';
import { runPlaceSchema } from '../run/run-requests.ts';
import { digestSchema, foreignIdSchema, jsonObjectSchema, labelSchema } from '../values.ts';
import { actionOutcomeSchema } from './action-job.ts';

const projectField = { project_id: foreignIdSchema.optional() };
const LONGEST_REASON = 2_000;
const reasonField = { reason: z.string().max(LONGEST_REASON).optional() };

/** What an agent intends: an action of a contract in force, and its arguments. Nothing hidden can be among them. */
export const requestActionSchema = z.strictObject({
  ...projectField,
  action: labelSchema,
  args: jsonObjectSchema,
  reason: z.string().max(LONGEST_REASON).optional(),
  /** A proposal that must be applied first; one that ends otherwise drops the action. */
  after: z.strictObject({ proposal_id: foreignIdSchema, state: z.literal('applied') }).optional(),
  /** Whether whoever approves that proposal approves this with it, in one decision. */
  decided_with_proposal: z.boolean().default(false),
  expires_in_seconds: z.int().min(EXPIRY_SECONDS.least).max(EXPIRY_SECONDS.most).optional(),
  /** The run that it belongs to. */
  run: runPlaceSchema.optional(),
});
export type RequestAction = z.infer<typeof requestActionSchema>;

export const decideActionSchema = z.strictObject({
  ...projectField,
  /** Of what was looked at. */
  effect_digest: digestSchema,
  /** What the reviewer has to say about it. */
  note: z.string().max(LONGEST_REASON).optional(),
});

export const rejectActionSchema = z.strictObject({
  ...projectField,
  effect_digest: digestSchema.optional(),
  ...reasonField,
});

export const MOST_ACTIONS_A_CLAIM = 20;
export const MOST_TARGETS = 20;

export const claimActionsSchema = z.strictObject({
  runner_id: foreignIdSchema,
  /** Names of accounts that the worker is configured for. */
  targets: z
    .array(labelSchema)
    .min(1)
    .max(MOST_TARGETS)
    .refine((targets) => new Set(targets).size === targets.length, 'must not repeat')
    // A poll that waits remembers what it waits for, and has no more room.
    .refine(
      (targets) => new TextEncoder().encode(targets.join()).length <= 1_000,
      'must be 1000 bytes at most',
    ),
  limit: z.int().min(1).max(MOST_ACTIONS_A_CLAIM).default(1),
  lease_seconds: z.int().min(LEASE_SECONDS.least).max(LEASE_SECONDS.most).default(60),
  wait_seconds: z.int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
});
export type ClaimActions = z.infer<typeof claimActionsSchema>;

const claimFields = { runner_id: foreignIdSchema, claim_id: z.string().min(1).max(200) };

/** The worker begins now: whatever happens to it, the effect may have happened. */
export const beginActionSchema = z.strictObject(claimFields);
export type BeginAction = z.infer<typeof beginActionSchema>;

export const renewActionSchema = z.strictObject({
  ...claimFields,
  lease_seconds: z.int().min(LEASE_SECONDS.least).max(LEASE_SECONDS.most).default(60),
});
export type RenewAction = z.infer<typeof renewActionSchema>;

export const returnReasons = ['draining', 'not_delivered', 'not_configured', 'busy', 'frozen'] as const;
export const returnActionSchema = z.strictObject({ ...claimFields, reason: z.enum(returnReasons) });
export type ReturnAction = z.infer<typeof returnActionSchema>;

export const confirmActionSchema = z.strictObject({ ...claimFields, result: actionOutcomeSchema });
export type ConfirmAction = z.infer<typeof confirmActionSchema>;

/** What a person found out about an action of which nobody could tell. */
export const settleActionSchema = z.strictObject({
  ...projectField,
  /** `retry`: it has not happened, and is to be tried again under the same key. */
  outcome: z.enum(['succeeded', 'failed', 'retry']),
  reason: z.string().min(1).max(LONGEST_REASON),
});

export const STORM = { least: 1, usual: 10, most: 600 } as const;

/** Tries the dead letters of a target again: as many as were counted, and no faster than said. */
export const recoverActionsSchema = z.strictObject({
  ...projectField,
  target: labelSchema,
  /** How many there were when somebody looked. Another number is refused: something else has happened since. */
  expected: z.int().min(1),
  per_minute: z.int().min(STORM.least).max(STORM.most).default(STORM.usual),
  reason: z.string().min(1).max(LONGEST_REASON),
});

export const actionStates = [
  'proposed',
  'held',
  'queued',
  'claimed',
  'succeeded',
  'failed',
  'unknown',
  'dead_letter',
  'rejected',
  'canceled',
  'expired',
] as const;
export type ActionState = (typeof actionStates)[number];

export const listActionsQuerySchema = z.strictObject({
  ...projectField,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(200).optional(),
  state: z.enum(actionStates).optional(),
});
export type ListActionsQuery = z.infer<typeof listActionsQuerySchema>;

export const actionEventsQuerySchema = z.strictObject({
  ...projectField,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().min(1).max(200).optional(),
});
