import * as z from 'zod';
import { LEASE_SECONDS, LONGEST_WAIT_SECONDS } from '../job-requests.ts';
import { EXPIRY_SECONDS } from '../proposal-requests.ts';
import { foreignIdSchema } from '../values.ts';
import {
  artifactSchema,
  newTaskSchema,
  parentsSchema,
  proseSchema,
  smallObjectSchema,
  wordSchema,
} from './task.ts';

const projectField = { project_id: foreignIdSchema.optional() };
const LONGEST_REASON = 2_000;
const MOST_NEW_STEPS = 50;
const MOST_ARTIFACTS = 20;
const MOST_AGENTS = 10;

/** A command becomes a run: what is wanted, and the tasks that it begins with. */
export const submitCommandSchema = z.strictObject({
  ...projectField,
  command: wordSchema,
  /** In the words of whoever asks. */
  text: proseSchema.optional(),
  input: smallObjectSchema.default({}),
  tasks: z.array(newTaskSchema).max(MOST_NEW_STEPS).default([]),
  /** Other agents, by their credentials, that may add proposals, actions and steps to it. */
  agents: z.array(foreignIdSchema).max(MOST_AGENTS).default([]),
  /** When it ends: with its last open step, or when it is said. The first where it begins with tasks. */
  ends: z.enum(['with_its_steps', 'when_told']).optional(),
  expires_in_seconds: z.int().min(EXPIRY_SECONDS.least).max(EXPIRY_SECONDS.most).optional(),
});
export type SubmitCommand = z.infer<typeof submitCommandSchema>;

const after = { after: parentsSchema.default([]) };

/** A step that is done when it is told of, or one that a worker is to do. */
export const newStepSchema = z.discriminatedUnion('kind', [
  newTaskSchema.extend({ kind: z.literal('task') }),
  z.strictObject({ kind: z.literal('note'), text: proseSchema, ...after }),
  /** What was looked at, and by which evidence that can be seen. */
  z.strictObject({
    kind: z.literal('read'),
    what: proseSchema,
    evidence_id: foreignIdSchema.optional(),
    ...after,
  }),
  artifactSchema.extend({ kind: z.literal('artifact'), ...after }),
]);
export type NewStep = z.infer<typeof newStepSchema>;

export const addStepsSchema = z.strictObject({
  ...projectField,
  steps: z.array(newStepSchema).min(1).max(MOST_NEW_STEPS),
});

/** Where a proposal or an action belongs. */
export const runPlaceSchema = z.strictObject({
  run_id: foreignIdSchema,
  after: parentsSchema.default([]),
});
export type RunPlace = z.infer<typeof runPlaceSchema>;

export const finishRunSchema = z.strictObject({
  ...projectField,
  outcome: z.enum(['succeeded', 'failed']),
  summary: proseSchema.optional(),
});

export const MOST_TASKS_A_CLAIM = 20;
export const MOST_HANDLERS = 50;
/** Characters: a poll that waits remembers what it waits for, and has no more room. */
const LONGEST_LIST = 1_000;

export const claimTasksSchema = z.strictObject({
  runner_id: foreignIdSchema,
  /** What the worker can do, by the names that routes have for it. */
  handlers: z
    .array(wordSchema)
    .min(1)
    .max(MOST_HANDLERS)
    .refine((handlers) => new Set(handlers).size === handlers.length, 'must not repeat')
    .refine(
      (handlers) => handlers.join().length <= LONGEST_LIST,
      `must be ${LONGEST_LIST} characters at most`,
    ),
  limit: z.int().min(1).max(MOST_TASKS_A_CLAIM).default(1),
  lease_seconds: z.int().min(LEASE_SECONDS.least).max(LEASE_SECONDS.most).default(60),
  wait_seconds: z.int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
  /** Of the registry, as far as the worker knows it: where it has moved, the answer does not wait. */
  control_revision: z.int().min(0).optional(),
});
export type ClaimTasks = z.infer<typeof claimTasksSchema>;

/** How far the registry has come: another revision than the last is a reason to read the snapshot again. */
export const controlMarkSchema = z.object({ revision: z.int().min(0), digest: z.string() });
export type ControlMark = z.infer<typeof controlMarkSchema>;

const claimFields = { runner_id: foreignIdSchema, claim_id: z.string().min(1).max(200) };

export const progressSchema = z.strictObject({
  percent: z.int().min(0).max(100).optional(),
  message: z.string().min(1).max(500).optional(),
});

export const renewTaskSchema = z.strictObject({
  ...claimFields,
  lease_seconds: z.int().min(LEASE_SECONDS.least).max(LEASE_SECONDS.most).default(60),
  progress: progressSchema.optional(),
});
export type RenewTask = z.infer<typeof renewTaskSchema>;

export const completeTaskSchema = z.strictObject({
  ...claimFields,
  result: smallObjectSchema.default({}),
  artifacts: z.array(artifactSchema).max(MOST_ARTIFACTS).default([]),
  /** What follows from it. They follow this task without saying so. */
  steps: z.array(newStepSchema).max(MOST_NEW_STEPS).default([]),
});
export type CompleteTask = z.infer<typeof completeTaskSchema>;

export const failTaskSchema = z.strictObject({
  ...claimFields,
  code: z.string().regex(/^[A-Za-z0-9_.:-]{1,100}$/, 'must be letters, digits and _ . : -'),
  message: z.string().min(1).max(500).optional(),
  /** Whether another attempt may do better. */
  is_retryable: z.boolean().default(false),
  retry_after_ms: z.int().min(0).max(86_400_000).optional(),
});
export type FailTask = z.infer<typeof failTaskSchema>;

export const taskReturnReasons = ['draining', 'not_delivered', 'not_configured', 'busy'] as const;
export const returnTaskSchema = z.strictObject({ ...claimFields, reason: z.enum(taskReturnReasons) });
export type ReturnTask = z.infer<typeof returnTaskSchema>;

export const cancelSchema = z.strictObject({
  ...projectField,
  reason: z.string().min(1).max(LONGEST_REASON).optional(),
});

export const runStates = ['open', 'succeeded', 'failed', 'canceled'] as const;
export type RunState = (typeof runStates)[number];

export const stepKinds = ['task', 'proposal', 'action', 'read', 'artifact', 'note'] as const;
export type StepKind = (typeof stepKinds)[number];

export const stepStates = [
  'waiting',
  'queued',
  'leased',
  'open',
  'succeeded',
  'failed',
  'canceled',
  'dead_letter',
] as const;
export type StepState = (typeof stepStates)[number];

export const listRunsQuerySchema = z.strictObject({
  ...projectField,
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().min(1).max(200).optional(),
  state: z.enum(runStates).optional(),
});
export type ListRunsQuery = z.infer<typeof listRunsQuerySchema>;

/** With `wait_seconds`, a run that is still open is answered when it changes. */
export const readRunQuerySchema = z.strictObject({
  ...projectField,
  wait_seconds: z.coerce.number().int().min(0).max(LONGEST_WAIT_SECONDS).default(0),
  after_seq: z.coerce.number().int().min(0).optional(),
});
