import type { ActionOutcome } from '@countersign/protocol/action/action-job';

/** Whether an outcome tells of trouble at the provider, and not of what it was asked. */
export function isTrouble({ outcome }: ActionOutcome): boolean {
  return outcome === 'retry' || outcome === 'unknown';
}
