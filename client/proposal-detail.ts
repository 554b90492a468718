import * as z from 'zod';
import type { View } from './call-api.ts';
import { number, row, some, text } from './tolerant.ts';

/* What is read of a proposal. */

const columnValue = some(z.looseObject({ column: z.string(), value: z.unknown().optional() }));

const memberSchema = z.looseObject({ primary_key: columnValue, before: row, after: row });
const restoredSchema = z.looseObject({ primary_key: columnValue, expected_state: row, restore_values: row });

/** Tolerant: a set of which a member cannot be read has none to show. */
const frozenSetSchema = z.looseObject({
  members: some(z.array(memberSchema)),
  row_count: number,
  max_rows: number,
  aggregate_bounds: some(
    z.array(z.looseObject({ column: z.string(), measure: text, maximum: number, actual: number })),
  ),
});

const descriptorSchema = z.looseObject({
  operation: text,
  members: some(z.array(restoredSchema)),
  version_advance: some(z.looseObject({ column: text })),
  lineage: some(z.looseObject({ reverts_proposal_id: text, depth: number })),
});

const changeSetSchema = z.looseObject({
  operation: text,
  // Null is what cannot be read: the change is none of one row, and its rows are not known here.
  frozen_set: frozenSetSchema.nullish().catch(null),
  compensation: z
    .looseObject({ descriptor: some(descriptorSchema) })
    .nullish()
    .catch(null),
  source: some(z.looseObject({ schema: text, table: text, primary_key: columnValue })),
  before: row,
  patch: row,
  after: row,
  guards: some(z.looseObject({ tenant: columnValue, expected_version: columnValue })),
});

const rehearsalSchema = z.looseObject({
  status: text,
  asked_at: text,
  before: row,
  after: row,
  version: z.unknown().optional(),
  lock_held_ms: number,
  rehearsed_at: text,
  runner_id: text,
  /** Columns that are not as they were when it was proposed. */
  drift: some(z.array(z.string())),
  error_code: text,
});

const requirementSchema = z.looseObject({
  role: some(z.string()),
  approvals: z.number(),
  given: number,
  by: some(z.array(z.unknown())),
});

export const proposalDetailSchema = z.looseObject({
  proposal_id: z.string(),
  status: z.string(),
  proposal_version: number,
  action: text,
  capability: text,
  source_id: text,
  project_id: text,
  reason: text,
  args: row,
  principal: z.unknown().optional(),
  proposed_by: some(z.looseObject({ kind: text, id: text })),
  /** Null while nobody has seen the row. */
  change_set: some(changeSetSchema),
  scope: some(z.looseObject({ tenant_id: text, object_id: text })),
  patch: row,
  contract: some(z.looseObject({ contract_id: text, contract_version_id: text, digest: text })),
  bounds: row,
  rehearsal: some(rehearsalSchema),
  requirements: some(z.array(requirementSchema)),
  approvals: some(z.looseObject({ required: number, required_role: text, given: number })),
  decisions: some(z.array(z.looseObject({ verdict: text, name: text, by: text, at: text, reason: text }))),
  /** What decided where it stands, where that was a rule. */
  cause: some(z.looseObject({ by: text, message: text, next: text })),
  /** Actions that follow it; those with a digest are decided with it. */
  actions: some(z.array(z.looseObject({ action_id: z.string(), decided_digest: text }))),
  conversation: some(z.array(z.looseObject({ kind: text, name: text, by: text, at: text, text: text }))),
  waiting: some(z.looseObject({ why: text, next: text })),
  job: some(
    z.looseObject({
      job_id: text,
      status: text,
      attempt_count: number,
      leased_runner_id: text,
      lease_expires_at: text,
      not_before: text,
    }),
  ),
  result: some(
    z.looseObject({
      status: text,
      error_code: text,
      result_hash: text,
      result_version: z.unknown().optional(),
      affected_rows: number,
      runner_id: text,
      completed_at: text,
    }),
  ),
  /** Why it ended as it did, and what would pass. */
  advice: some(z.looseObject({ code: text, by: text, message: text, next: text })),
  effect_digest: text,
  created_at: text,
  updated_at: text,
  expires_at: text,
  ledger_seq: number,
  terminal: some(z.boolean()),
});
export type ProposalDetail = z.infer<typeof proposalDetailSchema>;

export function detailOf(view: View): ProposalDetail {
  return proposalDetailSchema.parse(view);
}
