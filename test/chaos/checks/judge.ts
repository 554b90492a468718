import type { Dump, Violation } from './dump.ts';
import { checkLeasesEnded } from './leases-ended.ts';
import { checkLedgerComplete } from './ledger-complete.ts';
import { checkProposalsSettled } from './proposals-settled.ts';
import { checkReceiptsOnce } from './receipts-once.ts';
import { checkReceiptsTrue } from './receipts-true.ts';
import { checkRowsFollowReceipts } from './rows-follow-receipts.ts';

const checks = [
  checkReceiptsOnce,
  checkReceiptsTrue,
  checkRowsFollowReceipts,
  checkProposalsSettled,
  checkLeasesEnded,
  checkLedgerComplete,
];

/** Everything that must not be, in what a campaign left; empty when all is well. */
export function judge(dump: Dump): readonly Violation[] {
  return checks.flatMap((check) => check(dump));
}
