import { expect, test } from 'vitest';
import { refusalOf } from './accept-snapshot.ts';

const head = (seq: number, hash: string) => ({ seq, hash, turn: 1 });
const before = head(5, 'five');

test('the first of a record is taken, unless there is nothing in it', () => {
  expect(refusalOf({ entries: 3, head: head(3, 'x') }, undefined, undefined)).toBeUndefined();
  expect(refusalOf({ entries: 0, head: head(0, 'x') }, undefined, undefined)).toBe('empty');
});

test.each([
  ['one that goes on', head(9, 'nine'), 'five', undefined],
  ['one of a record in which nothing happened', head(5, 'five'), 'five', undefined],
  ['one that ends before', head(4, 'four'), undefined, 'shrunken'],
  ['one with another entry there', head(9, 'nine'), 'other', 'rewritten'],
  ['one of which nobody knows what stands there', head(9, 'nine'), undefined, 'rewritten'],
])('%s, after another', (_what, now, atBefore, because) => {
  expect(refusalOf({ entries: now.seq, head: now }, before, atBefore)).toBe(because);
});
