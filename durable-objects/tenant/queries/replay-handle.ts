import type { IndexAccess } from '../search/search-plan.ts';
import type { LookOf } from '../turn/command.ts';
import { evidenceIn } from './evidence-view.ts';
import { findStory, nothingFound } from './find-story.ts';
import type { LookPlan } from './look.ts';
import { tellStory } from './story.ts';

/** The whole story of the proposal that anything belongs to. */
export function replayHandle(
  tenant: string,
  { handle }: LookOf<'replay-handle'>,
  access: IndexAccess,
): LookPlan {
  return {
    statements: [],
    answer: async (_results, { head }) => {
      const found = await findStory(tenant, handle, access, head);
      if (found.story === undefined) return nothingFound(handle, found);
      const { proposalId, entries } = found.story;
      return tellStory(tenant, proposalId, entries, evidenceIn(entries));
    },
  };
}
