import type { Identity } from '../access/identity.ts';
import { decodeCursor, encodeCursor } from '../queries/cursor.ts';
import type { LookContext, LookPlan } from '../queries/look.ts';
import type { Database } from '../storage/database.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { catchUp, nextPage, takePage } from './catch-up.ts';
import { type Hit, MARK, type SearchIndex } from './search-index.ts';
import { matchExpression } from './search-words.ts';
import { type SearchKind, searchKinds } from './searchable.ts';

/** Pages of the ledger that one search waits for; the rest is read after the answer. */
const PAGES_AT_ONCE = 4;
/** D1 lets one event make a thousand calls. */
const PAGES_AFTERWARDS = 200;

/** What a look that uses the index may do besides reading rows. */
export interface IndexAccess {
  readonly database: Database;
  index(): SearchIndex;
  /** Work that goes on after the answer. */
  later(work: () => Promise<void>): void;
  /** Lets other work through. */
  rest(): Promise<void>;
}

/** Words over proposals, evidence and receipts, as far as the caller may see them; newest first. */
export function searchPlan(tenant: string, look: LookOf<'search'>, access: IndexAccess): LookPlan {
  const { limit, cursor, kind, q } = look;
  const index = access.index();
  const from = index.place;
  const [before = Number.MAX_SAFE_INTEGER] = decodeCursor(cursor, 1) ?? [];
  return {
    statements: nextPage(tenant, from),
    answer: async (results, context) => {
      await takePage(index, from, results, access.rest);
      await follow(tenant, access, context.head.seq);
      const match = matchExpression(q);
      const bounds = boundsOf(context);
      const kinds = bounds.kinds.filter((one) => kind === null || one === kind);
      const hits = match === undefined ? [] : index.search({ ...bounds, match, kinds, before, limit });
      const last = hits.at(-1);
      return answer({
        ok: true,
        results: hits.map(resultOf),
        next_cursor: last === undefined || hits.length < limit ? null : encodeCursor(last.seq),
        indexed_through: index.place.seq,
        is_complete: index.place.seq >= context.head.seq,
      });
    },
  };
}

/** The index as far as one request may wait for it; it goes on afterwards where that was not far enough. */
export async function follow(tenant: string, access: IndexAccess, through: number): Promise<void> {
  const index = access.index();
  const { database, rest } = access;
  await catchUp(database, tenant, index, { through, rest, pages: PAGES_AT_ONCE });
  if (index.place.seq < through)
    access.later(() => catchUp(database, tenant, index, { through, rest, pages: PAGES_AFTERWARDS }));
}

/** Who may not see payloads, or read proposals, is searched without payloads; who may not read evidence does not find it. */
function boundsOf({ identity, may }: LookContext) {
  const isWhole = may('read-payloads') && may('read-proposal');
  const kinds: readonly SearchKind[] =
    isWhole && !may('read-evidence') ? searchKinds.filter((kind) => kind !== 'evidence') : searchKinds;
  return { isWhole, kinds, proposer: proposerBound(identity) };
}

/** An agent finds its own proposals. */
function proposerBound({ kind, actor }: Identity): string | null {
  return kind === 'agent' ? `${kind}:${actor.id}` : null;
}

function resultOf({ seq, kind, proposalId, type, at, snippet }: Hit) {
  const marked = snippet.split(MARK.begin).flatMap((piece, place) => {
    const [found = '', rest = ''] = place === 0 ? ['', piece] : piece.split(MARK.end);
    return [
      { text: found, is_match: true },
      { text: rest, is_match: false },
    ].filter(({ text }) => text !== '');
  });
  return {
    kind,
    handle: proposalId ?? String(seq),
    proposal_id: proposalId,
    ledger_seq: seq,
    type,
    at,
    snippet: marked.map(({ text }) => text).join(''),
    marked,
  };
}
