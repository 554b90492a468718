import type { ActionOutcome } from '@countersign/protocol/action/action-job';

/** What a worker says of an earlier attempt, after the provider has answered well. */
const ofEarlier: ReadonlySet<string> = new Set(['not_settled', 'outcome_unknown']);

/** Whether an outcome tells of trouble at the provider, and not of what it was asked. */
export function isTrouble({ code, outcome }: ActionOutcome): boolean {
  return outcome === 'retry' || (outcome === 'unknown' && !ofEarlier.has(code ?? ''));
}
