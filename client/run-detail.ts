import { ledgerEntrySchema } from '@countersign/protocol/ledger-entry';
import * as z from 'zod';
import type { View } from './call-api.ts';
import { number, row, some, text } from './tolerant.ts';

/* What is read of a run. Whoever may not see what people and agents wrote gets a run without it. */

const causeSchema = some(z.looseObject({ by: text, message: text }));

const taskSchema = z.looseObject({
  task: text,
  once: text,
  plan: some(z.looseObject({ handler: text })),
  attempts: number,
  most_attempts: number,
  not_before: text,
  claim: some(z.looseObject({ runner_id: text, expires_at: text })),
  progress: some(z.looseObject({ percent: number, message: text })),
});

const stepSchema = z.looseObject({
  step_id: z.string(),
  number: z.number(),
  kind: z.string(),
  status: z.string(),
  /** The steps that it follows, by id. */
  after: some(z.array(z.string())),
  title: text,
  /** What was noted or read. */
  text,
  /** The proposal or action that it is. */
  linked: text,
  artifact: some(z.looseObject({ name: text, version: number, location: text, digest: text, size: number })),
  task: some(taskSchema),
  cause: causeSchema,
  created_at: text,
  updated_at: text,
  ledger_seq: number,
});
export type StepDetail = z.infer<typeof stepSchema>;

const outline = {
  run_id: z.string(),
  status: z.string(),
  terminal: some(z.boolean()),
  command: text,
  started_by: some(z.looseObject({ kind: text, id: text })),
  /** `with_its_steps`, or `when_told`. */
  ends: text,
  steps_total: number,
  steps_open: number,
  steps_failed: number,
  created_at: text,
  updated_at: text,
  expires_at: text,
  ledger_seq: number,
};

const runOutlineSchema = z.looseObject(outline);
export type RunOutline = z.infer<typeof runOutlineSchema>;

export const runDetailSchema = z.looseObject({
  ...outline,
  /** What was asked for, in the words of who asked. */
  text,
  input: row,
  name: text,
  principal: text,
  cause: causeSchema,
  steps: z.array(stepSchema),
  /** Undefined for who may not see them, and where one cannot be read: then nothing is said of the chain. */
  entries: some(z.array(ledgerEntrySchema)),
  is_complete: some(z.boolean()),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

const clauseSchema = z.looseObject({ text: z.string(), seqs: z.array(z.number()) });
const explanationSchema = z.looseObject({
  summary: z.string(),
  chapters: z.array(z.looseObject({ title: z.string(), step_id: text, clauses: z.array(clauseSchema) })),
  waiting: z.array(clauseSchema),
});
export type RunExplanationDetail = z.infer<typeof explanationSchema>;
export type ExplainedClause = z.infer<typeof clauseSchema>;

export function runOutlineOf(view: View): RunOutline {
  return runOutlineSchema.parse(view);
}

/** Its steps in their order. */
export function runDetailOf(view: View): RunDetail {
  const run = runDetailSchema.parse(view);
  return { ...run, steps: run.steps.toSorted((a, b) => a.number - b.number) };
}

export function explanationOf(view: View): RunExplanationDetail {
  return explanationSchema.parse(view);
}
