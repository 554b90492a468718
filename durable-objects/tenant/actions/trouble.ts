import type { ActionOutcome } from '@countersign/protocol/action/action-job';

/**
 * What an outcome tells of the provider, as opposed to what it was asked. Nothing, where nobody could be asked about an
 * earlier attempt; that an earlier one may still come is the provider's own answer.
 */
export function whatItTells({ code, outcome }: ActionOutcome): 'well' | 'trouble' | 'nothing' {
  if (outcome === 'unknown' && code === 'outcome_unknown') return 'nothing';
  if (outcome === 'unknown' && code === 'not_settled') return 'well';
  return outcome === 'retry' || outcome === 'unknown' ? 'trouble' : 'well';
}
