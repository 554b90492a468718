import type { Mutation } from './mutation.ts';

/** A guard, what is seen when it is gone, and by whom. */
export interface Guard {
  readonly name: string;
  readonly mutation: Mutation;
  /** The checker, or the test, that must be heard. */
  readonly alarm: string;
}

export interface SimulatedGuard extends Guard {
  /** How many seeds it takes to see it, with a good margin. */
  readonly seeds: number;
}

export interface TestedGuard extends Guard {
  readonly suite: string;
  /** Which of its tests are run. */
  readonly tests: string;
}

/** The line in which the simulation raises a guard's alarm, and its seed. */
export function alarmOf({ alarm }: SimulatedGuard): RegExp {
  return new RegExp(`^seed (\\d+): ${alarm}`, 'm');
}
