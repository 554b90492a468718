import type { LookOf } from '../turn/command.ts';
import type { LookPlan } from './look.ts';
import { entriesOf, noSuchProposal, storyOf, tellStory } from './story.ts';

/** Everything that happened to one proposal, in order. */
export function replayProposal(tenant: string, { proposalId }: LookOf<'replay-proposal'>): LookPlan {
  return {
    statements: [storyOf(tenant, proposalId)],
    answer: ([rows = []]) => {
      const entries = entriesOf(proposalId, rows);
      return entries.length === 0 ? noSuchProposal(proposalId) : tellStory(tenant, proposalId, entries);
    },
  };
}
