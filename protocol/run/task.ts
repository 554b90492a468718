import * as z from 'zod';
import { foreignIdSchema, jsonObjectSchema, labelSchema, timestampSchema } from '../values.ts';

/** Bytes of JSON: what a task is given, and what it answers, has to fit in a row. Larger things are artifacts. */
const LARGEST_JSON = 65_536;
const LONGEST_TEXT = 2_000;
export const MOST_PARENTS = 20;
export const MOST_TASK_ATTEMPTS = 20;

/** An object of JSON that is small enough to be kept in the record. */
export const smallObjectSchema = jsonObjectSchema.refine(
  (value) => new TextEncoder().encode(JSON.stringify(value)).length <= LARGEST_JSON,
  `must be at most ${LARGEST_JSON} bytes of JSON`,
);

export const proseSchema = z.string().min(1).max(LONGEST_TEXT);

/** What commands, tasks, handlers and artifacts are called: one word, so that no name reads as a sentence. */
export const wordSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:/-]*$/, 'must be letters, digits and _ . : / -');

/** What a step follows: steps that are there, by id, or tasks of the same request, by their `key`. */
export const parentsSchema = z
  .array(foreignIdSchema)
  .max(MOST_PARENTS)
  .refine((parents) => new Set(parents).size === parents.length, 'must not repeat');

/** Work for a worker. */
export const newTaskSchema = z.strictObject({
  /** A name for it within the request that makes it. */
  key: wordSchema.optional(),
  /** What is to be done; routes say who does it. */
  task: wordSchema,
  title: z.string().min(1).max(200).optional(),
  input: smallObjectSchema.default({}),
  after: parentsSchema.default([]),
  /** Whether everything before it has to succeed, or only to end. */
  once: z.enum(['succeeded', 'ended']).default('succeeded'),
  most_attempts: z.int().min(1).max(MOST_TASK_ATTEMPTS).default(3),
});
export type NewTask = z.infer<typeof newTaskSchema>;

export const artifactSchema = z.strictObject({
  name: wordSchema,
  /** Where it lies: an address that says nothing to whoever has no key to it. */
  location: z.string().min(1).max(1_000),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits'),
  /** Bytes. */
  size: z.int().min(0),
  media_type: z.string().min(1).max(200),
});
export type Artifact = z.infer<typeof artifactSchema>;

/** One piece of the registry as a plan chose it. */
export const chosenSchema = z.strictObject({
  name: labelSchema,
  version: z.int().min(1),
  digest: z.string(),
});

/** Who does a task, and with what: chosen from the registry when the task was ready, and kept as it was. */
export const planSchema = z.strictObject({
  handler: wordSchema,
  route: chosenSchema.nullable(),
  /** A provider in the worker's own configuration, and what it calls the model. */
  provider: labelSchema.nullable(),
  model: labelSchema.nullable(),
  prompt: chosenSchema.nullable(),
  skills: z.array(chosenSchema),
  tools: z.array(chosenSchema),
  arbiter: chosenSchema.nullable(),
  /** Of the registry that it was chosen from. */
  snapshot: z.string(),
});
export type Plan = z.infer<typeof planSchema>;
export type Chosen = z.infer<typeof chosenSchema>;

/** What the plan names, as it was saved. */
export const planDocumentsSchema = z.strictObject({
  prompt: z.string().nullable(),
  skills: z.array(z.strictObject({ name: labelSchema, text: z.string() })),
  tools: z.array(
    z.strictObject({ name: labelSchema, description: z.string(), parameters: jsonObjectSchema }),
  ),
});
export type PlanDocuments = z.infer<typeof planDocumentsSchema>;

/** What a step before a task has come to. */
export const parentOutcomeSchema = z.strictObject({
  step_id: foreignIdSchema,
  kind: z.string(),
  state: z.string(),
  title: z.string().nullable(),
  /** Null where there is none, and where all of them together would be too much: then `result_seq` says where it lies. */
  result: jsonObjectSchema.nullable(),
  result_seq: z.int().nullable(),
  artifact: artifactSchema.extend({ version: z.int().min(1) }).nullable(),
});
export type ParentOutcome = z.infer<typeof parentOutcomeSchema>;

/** A task as the worker that claimed it gets it. */
export const claimedTaskSchema = z.strictObject({
  task_id: foreignIdSchema,
  run_id: foreignIdSchema,
  claim_id: foreignIdSchema,
  /** 1 for the first. */
  attempt: z.int().min(1),
  task: wordSchema,
  title: z.string().nullable(),
  command: wordSchema,
  input: jsonObjectSchema,
  parents: z.array(parentOutcomeSchema),
  plan: planSchema,
  documents: planDocumentsSchema,
  expires_at: timestampSchema,
});
export type ClaimedTask = z.infer<typeof claimedTaskSchema>;
