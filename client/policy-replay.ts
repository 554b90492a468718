import * as z from 'zod';
import type { PolicyReplay } from './policies-api.ts';

const namedSchema = z.looseObject({ proposal_id: z.string() });

const replaySchema = z.looseObject({
  /** How many proposals were tried. */
  looked_at: z.number().nullish().catch(undefined),
  /** Whether these are all that there ever were. */
  is_complete: z.boolean().nullish().catch(undefined),
  would_approve: z.unknown().optional(),
  would_ask: z.unknown().optional(),
  would_refuse: z.unknown().optional(),
  of_these_rejected_by_people: z.unknown().optional(),
});

/** What a policy would have done with the proposals of the past: their ids, by what it would have said. */
export interface ReplayDetail {
  readonly lookedAt: number | undefined;
  readonly isComplete: boolean;
  readonly approved: readonly string[];
  readonly asked: readonly string[];
  readonly refused: readonly string[];
  /** Of those that it would have approved. */
  readonly rejectedByPeople: readonly string[];
}

export function replayDetailOf(answer: PolicyReplay): ReplayDetail {
  const told = replaySchema.parse(answer);
  return {
    lookedAt: told.looked_at ?? undefined,
    isComplete: told.is_complete === true,
    approved: idsIn(told.would_approve),
    asked: idsIn(told.would_ask),
    refused: idsIn(told.would_refuse),
    rejectedByPeople: idsIn(told.of_these_rejected_by_people),
  };
}

/** A list names proposals by their id, or says more of each. */
function idsIn(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown) => {
    if (typeof one === 'string') return [one];
    const named = namedSchema.safeParse(one);
    return named.success ? [named.data.proposal_id] : [];
  });
}
