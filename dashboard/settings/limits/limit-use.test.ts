import { expect, test } from 'vitest';
import { fullness, usedText } from './limit-use.ts';

test('a limit is near from four fifths on, and full from its end on', () => {
  expect(fullness({ used: 79, limit: 100 })).toBe('low');
  expect(fullness({ used: 80, limit: 100 })).toBe('near');
  expect(fullness({ used: 100, limit: 100 })).toBe('full');
  expect(fullness({ used: 140, limit: 100 })).toBe('full');
});

test('use is told as a count, and by the minute where the limit is', () => {
  expect(usedText({ used: 12, limit: 30_000, window: 'minute' })).toBe(
    `12 of ${(30_000).toLocaleString()} a minute`,
  );
  expect(usedText({ used: 1, limit: 10, window: null })).toBe('1 of 10');
});
