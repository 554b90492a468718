import type { History, Violation } from '../history.ts';
import { checkAnswers } from './answers.ts';
import { checkApprovals } from './approvals.ts';
import { checkChain } from './chain.ts';
import { checkCounters } from './counters.ts';
import { checkExactlyOnce } from './exactly-once.ts';
import { checkFence } from './fence.ts';
import { checkFold } from './fold.ts';
import { checkFreezes } from './freezes.ts';
import { checkLeases } from './leases.ts';
import { checkLimits } from './limits.ts';
import { checkRehearsals } from './rehearsals.ts';

export interface Judgement {
  readonly violations: readonly Violation[];
  /** How often each transition of a proposal, job, rehearsal or runner was taken, and each kind of entry written. */
  readonly transitions: ReadonlyMap<string, number>;
}

/** Everything that must be true of every history. */
export function judge(history: History): Judgement {
  const transitions = new Map<string, number>();
  for (const { type, actor } of history.entries) {
    const name = `${type} by ${actor.kind}`;
    transitions.set(name, (transitions.get(name) ?? 0) + 1);
  }
  const violations = [
    ...checkFence(history),
    ...checkChain(history),
    ...checkFold(history, transitions),
    ...checkCounters(history),
    ...checkExactlyOnce(history),
    ...checkLeases(history),
    ...checkApprovals(history),
    ...checkFreezes(history),
    ...checkLimits(history),
    ...checkRehearsals(history),
    ...checkAnswers(history),
    ...history.stuck.map((detail) => ({ check: 'liveness', detail })),
    ...history.uncaught.map((detail) => ({ check: 'uncaught', detail })),
  ];
  return { violations, transitions };
}
