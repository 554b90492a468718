import { digest } from '@countersign/protocol/canonical-json';
import type { ProposalRow } from '../schema.ts';

/** An action that waits for a proposal to be applied, and, where it is so joined, is decided with it. */
export type TiedAction = {
  readonly action_id: string;
  /** Of the action, where whoever approves the proposal approves it too. */
  readonly decided_digest: string | null;
};

/** As many as a reviewer can take in. */
export const MOST_TIED = 10;

/**
 * What a decision about a proposal is about: its own effect and, with it, those of the actions that are decided in one
 * with it. Whoever saw the proposal before such an action came to it saw something else.
 */
export function decisionDigest({ effect_digest, tied }: Pick<ProposalRow, 'effect_digest' | 'tied'>): string {
  const actions = tied.filter(({ decided_digest }) => decided_digest !== null);
  return actions.length === 0 ? effect_digest : digest({ effect_digest, actions });
}

export function decidesActions({ tied }: Pick<ProposalRow, 'tied'>): boolean {
  return tied.some(({ decided_digest }) => decided_digest !== null);
}
