import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const limits = { leastMs: 100, mostMs: 5_000 };

test.each([
  [1, 0, 50],
  [1, 0.999_999, 100],
  [2, 0, 100],
  [3, 0.5, 300],
  [6, 0, 1_600],
  [7, 0, 2_500],
  [7, 0.999_999, 5_000],
  [1_000_000, 0, 2_500],
])('after %i failures and a draw of %f it is %i ms', (failures, random, expected) => {
  expect(backoffMs(failures, limits, random)).toBe(expected);
});
