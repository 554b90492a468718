import type { LimitName } from '@countersign/protocol/limits';
import type { Counters } from '../turn/head.ts';
import type { TallyName } from './tally.ts';

/** Limits of how many there are at a time, each decided in the turn that would make one more. */
export type StandingLimit = 'open_proposals' | 'open_actions' | 'open_runs' | TallyName;

const counted = {
  open_proposals: ['review', 'rehearsal', 'queue', 'later', 'frozen', 'lease', 'dead'],
  open_actions: [
    ...(['actions_review', 'actions_tied', 'actions_later', 'actions_behind', 'actions_queue'] as const),
    ...(['actions_frozen', 'actions_lease', 'actions_unknown', 'actions_dead'] as const),
  ],
  open_runs: ['runs_open'],
} as const satisfies Partial<Record<LimitName, readonly (keyof Counters)[]>>;

/** How many there are, of what the head counts; undefined for what it does not. */
export function countedInHead(name: StandingLimit, counters: Counters): number | undefined {
  if (name !== 'open_proposals' && name !== 'open_actions' && name !== 'open_runs') return undefined;
  return counted[name].reduce((sum, counter) => sum + counters[counter], 0);
}
