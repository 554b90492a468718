import type { RunView } from '@countersign/client/runs-api';
import * as z from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';

/* What is shown of a run. Whoever may not see what people and agents wrote gets a run without it. */

const text = z.string().nullish();
const causeSchema = z.looseObject({ by: text, message: text }).nullish();

const taskSchema = z.looseObject({
  task: text,
  plan: z.looseObject({ handler: text }).nullish(),
  attempts: z.number().nullish(),
  not_before: text,
  claim: z.looseObject({ runner_id: text }).nullish(),
  progress: z.looseObject({ percent: z.number().nullish(), message: text }).nullish(),
});

const stepSchema = z.looseObject({
  step_id: z.string(),
  number: z.number(),
  kind: z.string(),
  status: z.string(),
  /** The steps that it follows, by id. */
  after: z.array(z.string()).nullish(),
  title: text,
  /** The proposal or action that it is. */
  linked: text,
  artifact: z.looseObject({ name: text, version: z.number().nullish() }).nullish(),
  task: taskSchema.nullish(),
  cause: causeSchema,
});
export type StepDetail = z.infer<typeof stepSchema>;

const entrySchema = z.looseObject({ type: text, body: z.looseObject({}).nullish() });

const detailSchema = z.looseObject({
  run_id: z.string(),
  status: z.string(),
  terminal: z.boolean().nullish(),
  command: text,
  text,
  input: z.record(z.string(), z.unknown()).nullish(),
  started_by: z.looseObject({ kind: text, id: text }).nullish(),
  name: text,
  principal: text,
  ends: text,
  steps_total: z.number().nullish(),
  steps_open: z.number().nullish(),
  steps_failed: z.number().nullish(),
  created_at: text,
  expires_at: text,
  ledger_seq: z.number().nullish(),
  cause: causeSchema,
  steps: z.array(stepSchema),
  /** Everything that is recorded of it. */
  entries: z.array(entrySchema).nullish(),
  integrity: z.looseObject({ ok: z.boolean().nullish() }).nullish(),
});
export type RunDetail = z.infer<typeof detailSchema>;

/** A run as it is shown, its steps in their order. Throws `CliFault` for an answer that cannot be read. */
export function runDetailOf(view: RunView): RunDetail {
  const parsed = detailSchema.safeParse(view);
  if (!parsed.success)
    throw new CliFault(`the answer about ${view.run_id} cannot be read`, { code: exitCodes.failed });
  const { steps, ...run } = parsed.data;
  return { ...run, steps: steps.toSorted((a, b) => a.number - b.number) };
}

const ENDED = new Set(['succeeded', 'failed', 'canceled', 'dead_letter']);

export function stepHasEnded({ status }: StepDetail): boolean {
  return ENDED.has(status);
}
