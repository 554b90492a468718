import type { EntryType } from '@countersign/protocol/entry-types';
import type { LiveHead } from '@countersign/protocol/live-messages';
import { callerStatement } from '../queries/known-caller.ts';
import type { LookContext, LookPlan } from '../queries/look.ts';
import { credentials } from '../schema.ts';
import type { RawRow } from '../storage/database.ts';
import { decodeRow } from '../storage/rows.ts';
import type { Caller } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import type { LiveFrom } from './live-asks.ts';
import { type Fact, type News, textOf } from './live-news.ts';
import { hiddenNouns, type Noun } from './shown-nouns.ts';

/** Entries that a reader may be behind: whoever is further behind reads anew, which is cheaper for both. */
export const MOST_BEHIND = 1_000;
/** A project's rules may go by the time, so nobody is believed for longer without being judged anew. */
const LONGEST_LIFE_MS = 60 * 60_000;

/** Who reads from now on, and what they have missed. */
export interface Followed {
  readonly head: LiveHead;
  readonly hidden: readonly Noun[];
  /** Unix milliseconds. */
  readonly endsAt: number;
  /** Null where nothing was missed. */
  readonly missed: News | 'too much' | null;
}

/** What came after an entry, who asks and where the ledger ends, as of one moment. Its answer's `followed` is a `Followed`. */
export function followLedger(tenant: string, caller: Caller, from: LiveFrom): LookPlan {
  // A body may be large: what is wanted of it is taken out where it lies.
  const sql =
    "SELECT l.seq, l.at, l.type, l.subject, l.body ->> '$.runner_id' AS runner_id, l.hash FROM ledger l " +
    'WHERE l.tenant = ?1 AND l.seq >= ?2 ORDER BY l.seq LIMIT ?3';
  const page = from.after === null ? [] : [{ sql, params: [tenant, from.after, MOST_BEHIND + 1] } as const];
  return {
    statements: [callerStatement(tenant, caller), ...page],
    answer: ([callers = [], rows = []], context) => {
      const { head, may, now } = context;
      const followed: Followed = {
        head: { seq: head.seq, hash: head.hash },
        hidden: hiddenNouns(may),
        endsAt: Math.min(endOf(caller, callers[0]), now + LONGEST_LIFE_MS),
        missed: missedSince(from, rows.map(factOf), context),
      };
      return answer({ ok: true, followed });
    },
  };
}

function missedSince(
  { after, hash }: LiveFrom,
  facts: readonly Fact[],
  { head }: Pick<LookContext, 'head'>,
): Followed['missed'] {
  if (after === null) return null;
  const known = facts.find(({ seq }) => seq === after);
  const isOther = known !== undefined && hash !== null && known.hash !== hash;
  if (isOther || after > head.seq || head.seq - after > MOST_BEHIND) return 'too much';
  if (after === head.seq) return null;
  const { hash: headHash, seq } = head;
  return { after, facts: facts.filter((fact) => fact.seq > after), head: { seq, hash: headHash }, seen: [] };
}

function factOf(raw: RawRow): Fact {
  return {
    seq: Number(raw.seq),
    at: new Date(Number(raw.at)).toISOString(),
    type: String(raw.type) as EntryType,
    subject: String(raw.subject),
    runnerId: textOf(raw.runner_id),
    hash: String(raw.hash),
  };
}

/** When what the caller showed counts no more, in Unix milliseconds. */
function endOf(caller: Caller, raw: RawRow | undefined): number {
  if (caller.kind === 'person') return caller.session?.expiresAt ?? Number.POSITIVE_INFINITY;
  const row = raw === undefined ? undefined : decodeRow(credentials, raw);
  return row?.expires_at ?? Number.POSITIVE_INFINITY;
}
