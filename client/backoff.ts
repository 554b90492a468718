export interface BackoffLimits {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * How long to wait before the next try, in milliseconds: doubling from `leastMs` to `mostMs`, of which the
 * upper half is drawn at random, so that clients that failed together do not come back together.
 *
 * @param failures how many tries have failed so far, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(failures: number, { leastMs, mostMs }: BackoffLimits, random: number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 30);
  const ceiling = Math.min(mostMs, leastMs * 2 ** doublings);
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
