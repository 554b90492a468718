import { expect, test } from 'vitest';
import { unknownSteps } from './prepare-store.ts';

test('a store is newer when it has had a step that is not known, wherever that stands', () => {
  expect(unknownSteps(['0000_a.sql', '0002_c.sql'], ['0000_a.sql', '0001_b.sql'])).toEqual(['0002_c.sql']);
  expect(unknownSteps(['0000_a.sql', '0001_other.sql'], ['0000_a.sql', '0001_b.sql'])).toEqual([
    '0001_other.sql',
  ]);
});

test('a store that lacks steps is not', () => {
  expect(unknownSteps(['0000_a.sql'], ['0000_a.sql', '0001_b.sql'])).toEqual([]);
  expect(unknownSteps([], ['0000_a.sql'])).toEqual([]);
});
