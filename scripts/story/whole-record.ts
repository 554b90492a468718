import { type LedgerEntry, verifyLedger } from '@countersign/protocol/ledger';
import { ACME } from '../stack/acme.ts';
import type { Cast } from './people.ts';

/** What everybody did, verified from the first entry to the last. */
export async function wholeRecord({ facts, owner }: Cast): Promise<void> {
  facts.chapter('The record of it all');
  const entries: LedgerEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await owner.ledger({ limit: 500, cursor });
    entries.push(...page.entries);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  const verdict = verifyLedger(ACME.project_id, entries);
  facts.check(`the ledger's ${entries.length} entries form one unbroken chain`, verdict.ok, verdict);
}
