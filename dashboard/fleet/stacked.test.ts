import { expect, test } from 'vitest';
import { stacked } from './stacked.ts';

test('each stands on those after it', () => {
  expect(
    stacked([
      [3, 0],
      [1, null],
      [0, 2],
    ]),
  ).toEqual([
    [4, 2],
    [1, 2],
    [0, 2],
  ]);
  expect(stacked([])).toEqual([]);
});
