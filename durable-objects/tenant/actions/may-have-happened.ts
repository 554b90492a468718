import type { ActionRow } from '../actions-schema.ts';

const without: ReadonlySet<ActionRow['state']> = new Set<ActionRow['state']>([
  ...(['failed', 'rejected', 'canceled', 'expired'] as const),
]);

/** Whether an action has had its effect, or still may have it. */
export function mayHaveHappened({ state }: Pick<ActionRow, 'state'>): boolean {
  return !without.has(state);
}
