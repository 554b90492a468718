import type { Random } from '../../simulation/random.ts';
import type { Wish } from '../checks/dump.ts';

/** A proposal of one round at a row. */
export interface Wanted {
  readonly wish: Wish;
  readonly expected: number;
}

/** What is proposed at once for a row that is at this version: often one change, sometimes several that compete. */
export function roundAt(version: number, random: Random): readonly Wanted[] {
  const change: Wanted = { wish: 'change', expected: version };
  const dice = random.between(1, 100);
  if (dice <= 48) return [change];
  // Rivals for one version: at most one of them can be applied.
  if (dice <= 66) return Array.from({ length: random.between(2, 3) }, () => change);
  // Each on the version that the one before makes: whichever comes too early meets another.
  if (dice <= 80)
    return Array.from({ length: random.between(2, 3) }, (_, step) => ({
      ...change,
      expected: version + step,
    }));
  if (dice <= 88) return [change, { wish: 'stale', expected: version - 1 }];
  if (dice <= 94) return [{ wish: 'unstorable', expected: version }];
  return [{ wish: 'unwanted', expected: version }, change];
}
