import { expect, test } from 'vitest';
import { afterEnd } from './after-end.ts';

const killed = { code: null, signal: 'SIGKILL', livedMs: 60_000, soonBefore: 4 };

test('one that had run is followed at once', () => {
  expect(afterEnd(killed)).toEqual({ kind: 'again', afterMs: 0, soon: 0 });
});

test.each([
  [0, 500],
  [1, 1_000],
  [3, 4_000],
  [50, 30_000],
])('after %i that ended soon the next waits %i ms', (soonBefore, afterMs) => {
  expect(afterEnd({ ...killed, livedMs: 100, soonBefore })).toEqual({
    kind: 'again',
    afterMs,
    soon: soonBefore + 1,
  });
});

test('one that was refused is followed by none', () => {
  expect(afterEnd({ ...killed, code: 3, signal: null })).toEqual({ kind: 'refused' });
});
