import * as z from 'zod';
import { foreignIdSchema } from '../values.ts';
import type { Add } from './add-issue.ts';

/** Which proposal a change goes back to, and through how many reverts (PROTOCOL 3.13). */
export const lineageSchema = z.strictObject({
  root_proposal_id: foreignIdSchema,
  parent_proposal_id: foreignIdSchema,
  reverts_proposal_id: foreignIdSchema,
  depth: z.int().min(1).max(16),
});

/** Asks the runner to keep what would take the change back. */
export const reversibilitySchema = z.strictObject({
  mode: z.literal('reviewed_inverse'),
  lineage: lineageSchema,
});
export type Reversibility = z.infer<typeof reversibilitySchema>;

/** A change that takes nothing back begins its own lineage. */
export function checkOwnLineage(
  reversibility: Reversibility | undefined,
  proposalId: string,
  add: Add,
): void {
  if (reversibility === undefined) return;
  const { depth, ...ids } = reversibility.lineage;
  if (depth !== 1 || Object.values(ids).some((id) => id !== proposalId))
    add(['lineage'], 'validation_failed', 'must begin with this proposal');
}
