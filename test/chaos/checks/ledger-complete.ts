import { type LedgerEntry, verifyLedger } from '@countersign/protocol/ledger';
import { type Dump, receiptsOf, type Violation } from './dump.ts';

/** The record is whole: both its chains hold, and it has every receipt, and no result that no receipt stands behind. */
export function checkLedgerComplete(dump: Dump): Violation[] {
  const verdict = verifyLedger(dump.tenant, dump.ledger);
  const results = dump.ledger.filter(({ type }) => type === 'writeback.result');
  const recorded = new Set(results.map(({ body, subject }) => `${subject} ${hashIn(body)}`));
  const written = new Set(receiptsOf(dump).map(({ hash, proposalId }) => `${proposalId} ${hash}`));
  return [
    ...(verdict.ok ? [] : [`is broken at ${verdict.seq}: ${verdict.reason}`]),
    ...[...written]
      .filter((receipt) => !recorded.has(receipt))
      .map((receipt) => `lacks the receipt ${receipt}`),
    ...results
      .filter(({ body, subject }) => hashIn(body) !== null && !written.has(`${subject} ${hashIn(body)}`))
      .map(({ seq, subject }) => `has a result of ${subject} at ${seq} that no receipt stands behind`),
    ...doubled(results),
  ].map((detail) => ({ check: 'ledger-complete', detail: `the ledger ${detail}` }));
}

function doubled(results: readonly LedgerEntry[]): string[] {
  return [...Map.groupBy(results, ({ subject }) => subject)]
    .filter(([, own]) => own.length > 1)
    .map(([subject, own]) => `has ${own.length} results of ${subject}`);
}

function hashIn({ result }: LedgerEntry['body']): string | null {
  const holdsHash = typeof result === 'object' && result !== null && 'result_hash' in result;
  return holdsHash && typeof result.result_hash === 'string' ? result.result_hash : null;
}
