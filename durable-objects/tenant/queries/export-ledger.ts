import type { RecordHead } from '@countersign/protocol/backup/tenant-record';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { ledger } from '../schema.ts';
import type { Statement } from '../storage/database.ts';
import { sequenceParameters } from '../storage/read-proposals.ts';
import { selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { boundedPage, ledgerPage, type PageBounds } from './ledger-page.ts';
import type { LookPlan } from './look.ts';
import { entryOf, noSuchProposal, storyExpression } from './story.ts';

/** What of the record one call brings: the gateway holds a page at a time, however long the whole is. */
export interface ExportPage {
  readonly entries: readonly LedgerEntry[];
  /** Where the record ended when this page was read. */
  readonly head: RecordHead;
}

const bounds: PageBounds = { entries: 2_000, characters: 4_000_000 };
/** Runners may record as many events about a proposal as they like; an export leaves none of them out. */
const MOST_ABOUT_ONE = 100_000;

/** A page of an export: the entries after `after`, of all or of one proposal, none beyond `through`. */
export function exportLedger(tenant: string, look: LookOf<'export-ledger'>): LookPlan {
  const { proposalId, after } = look;
  const through = look.through ?? Number.MAX_SAFE_INTEGER;
  const statement =
    proposalId === null
      ? ledgerPage(tenant, { after, through, bounds })
      : storyPage(tenant, proposalId, after, through);
  return {
    statements: [statement],
    answer: ([rows = []], { head }) => {
      const entries = rows.map(entryOf);
      const isFound = entries.every(({ subject }) => proposalId === null || subject === proposalId);
      if (proposalId !== null && after === 0 && (entries.length === 0 || !isFound))
        return noSuchProposal(proposalId);
      return answer({ ok: true, entries, head: { seq: head.seq, hash: head.hash, turn: head.turn } });
    },
  };
}

function storyPage(tenant: string, proposalId: string, after: number, through: number): Statement {
  const chosen =
    `SELECT ${selectList(ledger, 'l')} FROM story s CROSS JOIN ledger l ` +
    'WHERE l.tenant = ?1 AND l.seq = s.seq AND l.seq > ?4 AND l.seq <= ?5 ORDER BY l.seq LIMIT ?6';
  return {
    sql: `${storyExpression(MOST_ABOUT_ONE)} ${boundedPage(chosen, '?7')}`,
    params: [...sequenceParameters(tenant, [proposalId]), after, through, bounds.entries, bounds.characters],
  };
}
