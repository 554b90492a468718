import { type LedgerEntry, verifyLedger, verifySubject } from '@countersign/protocol/ledger';
import type { History, Violation } from '../history.ts';

/** Both hash chains verify: the tenant's, and each subject's alone; and the head names the last entry. */
export function checkChain({ tenant, entries, head }: History): Violation[] {
  const whole = verifyLedger(tenant, entries);
  if (!whole.ok) return [{ check: 'chain', detail: `entry ${whole.seq}: ${whole.reason}` }];
  const violations: Violation[] = [];
  if (head.seq !== entries.length || head.hash !== whole.head_hash) {
    violations.push({
      check: 'chain',
      detail: `the head is at ${head.seq}, the ledger at ${entries.length}`,
    });
  }
  for (const [subject, own] of bySubject(entries)) {
    const verdict = verifySubject(tenant, subject, own);
    if (!verdict.ok)
      violations.push({ check: 'chain', detail: `${subject}, entry ${verdict.seq}: ${verdict.reason}` });
  }
  return violations;
}

export function bySubject(entries: readonly LedgerEntry[]): ReadonlyMap<string, readonly LedgerEntry[]> {
  return Map.groupBy(entries, ({ subject }) => subject);
}
