import * as z from 'zod';
import type { View } from './call-api.ts';
import { number, row, some, text } from './tolerant.ts';

/* What is read of an action. */

const requirementSchema = z.looseObject({
  role: some(z.string()),
  approvals: z.number(),
  given: number,
  by: some(z.array(z.unknown())),
});

/** How an attempt ended, as the worker said. */
const outcomeSchema = z.looseObject({
  outcome: text,
  code: text,
  detail: text,
  /** What the provider calls it. */
  reference: text,
  was_done: some(z.boolean()),
});

export const actionDetailSchema = z.looseObject({
  action_id: z.string(),
  status: z.string(),
  terminal: some(z.boolean()),
  /** Its name in the contract. */
  action: text,
  provider: text,
  target: text,
  args: row,
  /** What would be sent. Undefined for who may not see it. */
  input: row,
  reason: text,
  principal: z.unknown().optional(),
  proposed_by: some(z.looseObject({ kind: text, id: text })),
  effect_digest: text,
  /** Under which the provider knows every attempt. */
  idempotency_key: text,
  contract: some(z.looseObject({ contract_id: text, contract_version_id: text })),
  /** The action that asked for the same effect before. */
  likely_done: some(z.looseObject({ action_id: text, state: text })),
  after_proposal: text,
  /** The proposal whose decision is its own as well. */
  decided_with: text,
  requirements: some(z.array(requirementSchema)),
  decisions: some(z.array(z.looseObject({ verdict: text, name: text, by: text, at: text, reason: text }))),
  /** What decided where it stands, where that was a rule. */
  cause: some(z.looseObject({ by: text, message: text })),
  waiting: some(z.looseObject({ why: text, next: text })),
  attempts: number,
  most_attempts: number,
  not_before: text,
  claim: some(z.looseObject({ runner_id: text, expires_at: text, begun_at: text })),
  /** When an attempt first may have reached the provider. */
  unknown_since: text,
  /** The newest that was taken; without its parts for who may not see them. */
  result: some(z.looseObject({ at: text, outcome: text, code: text, result: some(outcomeSchema) })),
  /** The newest that came too late, kept as evidence. */
  refused: some(z.looseObject({ at: text, result: some(outcomeSchema) })),
  created_at: text,
  updated_at: text,
  expires_at: text,
  ledger_seq: number,
});
export type ActionDetail = z.infer<typeof actionDetailSchema>;

export function actionDetailOf(view: View): ActionDetail {
  return actionDetailSchema.parse(view);
}

export const targetDetailSchema = z.looseObject({
  target: z.string(),
  /** Of its breaker: `closed`, `open` or `trying`. */
  state: z.string(),
  /** Attempts in a row that came to nothing by the provider's fault. */
  failures: number,
  /** When it is tried again. */
  until: text,
  dead_letters: z.number(),
});
export type TargetDetail = z.infer<typeof targetDetailSchema>;

export function targetDetailOf(view: View): TargetDetail {
  return targetDetailSchema.parse(view);
}
