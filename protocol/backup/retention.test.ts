import { expect, test } from 'vitest';
import { type Kept, outdated } from './retention.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2027, 0, 31);

/** One for each day before now, newest last in name. */
function aged(snapshot_id: string, days: number, changes: Partial<Kept> = {}): Kept {
  const usual = { isGood: true, isPinned: false, isNeeded: false };
  return { snapshot_id, takenAt: NOW - days * DAY_MS, ...usual, ...changes };
}
const all = [aged('a', 40), aged('b', 20), aged('c', 10), aged('d', 1)];

test('what is neither among the newest nor young enough goes', () => {
  expect(outdated(all, { count: 2, days: 0 }, NOW)).toEqual(['b', 'a']);
  expect(outdated(all, { count: 2, days: 30 }, NOW)).toEqual(['a']);
  expect(outdated(all, { count: 9, days: 0 }, NOW)).toEqual([]);
});

test('the newest good one stays, however old', () => {
  expect(outdated([aged('a', 400)], { count: 1, days: 0 }, NOW)).toEqual([]);
  const bad = aged('z', 0, { isGood: false });
  expect(outdated([aged('a', 400), bad], { count: 1, days: 30 }, NOW)).toEqual([]);
});

test('one that is refused, or left in the middle, counts among none and goes with its age', () => {
  const bad = [aged('x', 2, { isGood: false }), aged('y', 31, { isGood: false })];
  expect(outdated([...all, ...bad], { count: 4, days: 30 }, NOW)).toEqual(['y']);
});

test('archives, and what a restore set aside, stay and take no place', () => {
  const pinned = aged('p', 0, { isPinned: true });
  expect(outdated([...all, pinned], { count: 2, days: 0 }, NOW)).toEqual(['b', 'a']);
});

test('the one that stands for the record stays, although newer ones are kept', () => {
  const [first, ...rest] = all;
  if (first === undefined) throw new TypeError('there is a first');
  expect(outdated([{ ...first, isNeeded: true }, ...rest], { count: 2, days: 0 }, NOW)).toEqual(['b']);
});
