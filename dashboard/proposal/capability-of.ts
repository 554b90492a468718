import type { ProposalDetail } from '@countersign/client/proposal-detail';

/** What was asked for, by its name in the contract. */
export function capabilityOf({ action, capability }: ProposalDetail): string {
  return capability ?? action ?? 'a change';
}
