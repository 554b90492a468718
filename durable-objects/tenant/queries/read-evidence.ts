import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { evidenceIn } from './evidence-view.ts';
import type { LookPlan } from './look.ts';
import { entriesOf, noSuchProposal, storyOf } from './story.ts';

/** What was read for a proposal, and which queries that took. */
export function readEvidence(tenant: string, { proposalId }: LookOf<'read-evidence'>): LookPlan {
  return {
    statements: [storyOf(tenant, proposalId)],
    answer: ([rows = []]) => {
      const entries = entriesOf(proposalId, rows);
      if (entries.length === 0) return noSuchProposal(proposalId);
      return answer({ ok: true, proposal_id: proposalId, ...evidenceIn(entries) });
    },
  };
}
