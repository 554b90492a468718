import * as z from 'zod';
import { proseSchema, smallObjectSchema, wordSchema } from '../run/task.ts';
import { foreignIdSchema, labelSchema } from '../values.ts';

/** Names of the registry stand in addresses and in lists of plans. */
export const controlNameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be letters, digits and _ . -');

const LONGEST_TEXT = 20_000;
const MOST_NAMED = 20;
const MOST_RULES = 50;
/** Of a route that says nothing about whom it goes before. */
const USUAL_PRIORITY = 100;

const names = z.array(controlNameSchema).max(MOST_NAMED).default([]);

/** What a model is told before a task. */
const promptSchema = z.strictObject({ text: z.string().min(1).max(LONGEST_TEXT) });
/** How something is done well, for a model to read. */
const skillSchema = z.strictObject({
  description: proseSchema,
  text: z.string().min(1).max(LONGEST_TEXT),
});
/** What a model may call, as its provider is told of it. */
const toolSchema = z.strictObject({ description: proseSchema, parameters: smallObjectSchema.default({}) });

/** Which tasks go to whom, and with what. Of several that match, the lowest priority goes first, then the name. */
const routeSchema = z.strictObject({
  /** A task's name; `*` is every one. */
  task: z.union([z.literal('*'), wordSchema]),
  /** Only of this command. */
  command: wordSchema.optional(),
  priority: z.int().min(0).max(10_000).default(USUAL_PRIORITY),
  /** Who does it, in the place of the task's own name. */
  handler: wordSchema.optional(),
  provider: labelSchema.optional(),
  model: labelSchema.optional(),
  prompt: controlNameSchema.optional(),
  skills: names,
  tools: names,
  arbiter: controlNameSchema.optional(),
});
export type Route = z.infer<typeof routeSchema>;

export const verdicts = ['accept', 'reject', 'retry'] as const;
export type ArbiterVerdict = (typeof verdicts)[number];

/** Judges what a task came to. The first rule that matches says; one that cannot be evaluated rejects. */
const arbiterSchema = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        /** CEL over `task`, `command`, `attempt`, `result` and `artifacts`. */
        when: z.string().min(1).max(4_000),
        verdict: z.enum(verdicts),
        message: proseSchema,
      }),
    )
    .min(1)
    .max(MOST_RULES),
  otherwise: z.enum(['accept', 'reject']).default('accept'),
});
export type Arbiter = z.infer<typeof arbiterSchema>;

export const controlDocuments = {
  prompt: promptSchema,
  skill: skillSchema,
  tool: toolSchema,
  route: routeSchema,
  arbiter: arbiterSchema,
} as const;
export const controlKinds = Object.keys(controlDocuments) as readonly ControlKind[];
export type ControlKind = keyof typeof controlDocuments;
export type ControlDocument = z.infer<(typeof controlDocuments)[ControlKind]>;

const projectField = { project_id: foreignIdSchema.optional() };
const itemFields = { ...projectField, name: controlNameSchema };

/** A version of a piece of the registry. It is in force only when it is activated. */
export const saveControlSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...itemFields, kind: z.literal('prompt'), document: promptSchema }),
  z.strictObject({ ...itemFields, kind: z.literal('skill'), document: skillSchema }),
  z.strictObject({ ...itemFields, kind: z.literal('tool'), document: toolSchema }),
  z.strictObject({ ...itemFields, kind: z.literal('route'), document: routeSchema }),
  z.strictObject({ ...itemFields, kind: z.literal('arbiter'), document: arbiterSchema }),
]);
export type SaveControl = z.infer<typeof saveControlSchema>;

export const activateControlSchema = z.strictObject({
  ...projectField,
  /** Of the version that is meant, as it was looked at. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits'),
  reason: proseSchema.optional(),
});

export const retireControlSchema = z.strictObject({ ...projectField, reason: proseSchema.optional() });
