import type { ListProposalsQuery } from '@countersign/protocol/proposal-requests';
import type { Identity } from '../access/identity.ts';
import type { Caller } from '../turn/command.ts';
import { type Answer, answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import { proposalOutline } from './proposal-outline.ts';
import { type ProposalPage, proposalPage } from './proposal-page.ts';
import { decodeWhole, proposalView, type Whole } from './proposal-view.ts';
import { writebackView } from './writeback-view.ts';

/**
 * Proposals, newest first; those of one lane (pending, leased, dead, queued of a source) in the lane's own order,
 * which is what runs out first. `limit` rows are looked at from the cursor on, fewer where they are large, so a page
 * of a filtered list may be short while `next_cursor` says that there is more. An agent's are always newest first.
 */
export function listProposals(tenant: string, query: ListProposalsQuery, caller: Caller): LookPlan {
  return pagePlan(proposalPage(tenant, query, caller), query, 'proposals', (whole, isWhole) =>
    isWhole ? proposalView(tenant, whole) : proposalOutline(tenant, whole),
  );
}

/** The list as existing tools read it (PROTOCOL 6.2, step 14). */
export function listWritebacks(tenant: string, query: ListProposalsQuery, caller: Caller): LookPlan {
  return pagePlan(proposalPage(tenant, query, caller), query, 'proposals', writebackView);
}

/** `isWhole`: the caller may see payloads. */
type View = (whole: Whole, isWhole: boolean) => { readonly [key: string]: unknown };

function pagePlan(
  { statement, nextCursor }: ProposalPage,
  query: ListProposalsQuery,
  key: string,
  view: View,
): LookPlan {
  return {
    statements: [statement],
    answer: ([rows = []], { identity, head, may }) => {
      const found = rows.map(decodeWhole);
      const isWhole = may('read-payloads');
      const shown = found
        .filter((whole) => isWanted(whole, query, identity))
        .map((whole) => view(whole, isWhole));
      const body: Answer = { ok: true, [key]: shown, next_cursor: nextCursor(rows, head.seq) };
      return answer(body);
    },
  };
}

function isWanted({ row }: Whole, query: ListProposalsQuery, identity: Identity): boolean {
  const isOwn =
    identity.kind !== 'agent' || (row.proposer_kind === 'agent' && row.proposer_id === identity.actor.id);
  return (
    isOwn &&
    (query.source_id === undefined || row.source_id === query.source_id) &&
    (query.status === undefined || row.state === query.status) &&
    (query.job_status === undefined || row.job_state === query.job_status)
  );
}
