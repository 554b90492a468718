import type { LookPlan } from '../queries/look.ts';
import type { Head } from '../schema.ts';
import type { Database } from '../storage/database.ts';
import { type Counters, countersOf } from '../turn/head.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import { compareProposals } from './compare-proposals.ts';
import { compareTables } from './compare-tables.ts';
import { type Difference, Differences } from './difference.ts';
import { foldLedger } from './fold-ledger.ts';
import { HeadMoved, ReaderAtHead } from './read-at-head.ts';

/** What stands in rows without an entry that says so: no rebuild brings it back. */
const OUTSIDE = [
  'proposals.remembered',
  'proposals.lease_expires_at, proposals.rank: after renewals, while a job is leased',
  'actions.claim_expires_at, actions.rank: after renewals, while an action is claimed',
  'runners.last_seen_at, runners.started_at',
  'credentials.last_used_at',
  'counters: of days that are over',
  'idempotency',
] as const;

interface Access {
  readonly database: Database;
  /** Lets other work through. */
  rest(): Promise<void>;
}

/**
 * Folds the whole ledger into fresh rows and compares them with those that stand. It changes nothing, and holds a page
 * of the ledger and the tables of people, credentials and contracts at a time, however many proposals there are.
 */
export function rebuildPlan({ database, rest }: Access): LookPlan {
  return {
    statements: [],
    answer: async (_results, { head, now }) => {
      try {
        return await compare(new ReaderAtHead(database, head, rest), head, now);
      } catch (fault) {
        if (!(fault instanceof HeadMoved)) throw fault;
        return refuse(
          'unavailable',
          'the record went on while it was compared with its rows',
          'ask again when less is going on',
        );
      }
    },
  };
}

async function compare(reader: ReaderAtHead, head: Head, now: number): Promise<Reply> {
  const differences = new Differences();
  const { tables, tips, entries, lookups } = await foldLedger(reader, head, differences);
  const { proposals, counters } = await compareProposals(reader, head, tips, differences);
  const keyed = await compareTables(reader, { tenant: head.tenant, now }, tables, differences);
  differences.add(compareCounters(head, tables.countLanes(counters)));
  return answer({
    ok: true,
    matches: differences.total === 0,
    compared: { ledger: entries, proposals, ...lookups, ...keyed },
    differences: differences.named,
    differences_total: differences.total,
    outside_the_fold: OUTSIDE,
    head: { seq: head.seq, hash: head.hash },
  });
}

/** The head counts who waits in each lane. */
function compareCounters(head: Head, folded: Counters): Difference[] {
  const standing = countersOf(head);
  return (Object.keys(standing) as (keyof Counters)[])
    .filter((lane) => standing[lane] !== folded[lane])
    .map((lane) => ({ table: 'heads', key: head.tenant, column: `counters.${lane}`, found: 'differs' }));
}
