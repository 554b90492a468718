import { verifySubject } from '@countersign/protocol/ledger';
import { ledgerEntrySchema } from '@countersign/protocol/ledger-entry';
import * as z from 'zod';
import type { Plane } from '../plane/plane.ts';

const storySchema = z.looseObject({
  entries: z.array(ledgerEntrySchema),
  is_complete: z.boolean(),
  steps: z.array(
    z.looseObject({
      seq: z.number(),
      at: z.string(),
      phase: z.string(),
      type: z.string(),
      actor: z.looseObject({ kind: z.string(), id: z.string() }),
    }),
  ),
});
type Told = z.infer<typeof storySchema>;

export interface Story {
  readonly steps: Told['steps'];
  /** Oldest first. */
  readonly entries: Told['entries'];
  readonly isVerified: boolean;
}

/** The story as the plane tells it, and whether its entries are what they say: found out here, not believed. */
export async function readStory(
  { projectId, proposals }: Plane,
  id: string,
  signal: AbortSignal,
): Promise<Story> {
  const { entries, is_complete, steps } = storySchema.parse(await proposals.replay(id, { signal }));
  const [first] = entries;
  const before =
    is_complete || first === undefined || first.prev_subject_seq === null || first.prev_subject_hash === null
      ? undefined
      : { seq: first.prev_subject_seq, hash: first.prev_subject_hash };
  return { steps, entries, isVerified: verifySubject(projectId, id, entries, before).ok };
}
