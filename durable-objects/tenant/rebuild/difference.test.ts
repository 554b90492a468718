import { describe, expect, test } from 'vitest';
import { BitSet } from './bit-set.ts';
import { compareRows, Differences } from './difference.ts';

const row = { tenant: 't', name: 'ann', roles: ['owner'], seen: 5 };

describe('a standing row and the folded one', () => {
  test.each<[string, object | undefined, object | undefined, object[]]>([
    ['the same', row, row, []],
    ['the same, apart from what is outside', { ...row, seen: 6 }, row, []],
    ['another value', { ...row, roles: ['viewer'] }, row, [{ column: 'roles', found: 'differs' }]],
    ['none', undefined, row, [{ column: null, found: 'missing' }]],
    ['one too many', row, undefined, [{ column: null, found: 'extra' }]],
    ['neither', undefined, undefined, []],
  ])('%s', (_name, standing, folded, expected) => {
    const pair = { standing, folded } as Parameters<typeof compareRows>[2];
    const found = compareRows('members', 'k', pair, ['seen']);
    expect(found).toEqual(expected.map((one) => ({ table: 'members', key: 'k', ...one })));
  });

  test('differ in more places than are named: all are counted', () => {
    const differences = new Differences();
    for (let key = 0; key < 150; key += 1)
      differences.add([{ table: 't', key: String(key), column: null, found: 'extra' }]);
    expect([differences.total, differences.named.length]).toEqual([150, 100]);
  });
});

test('a set of sequences has what was added and not removed, in order', () => {
  const set = new BitSet(40);
  for (const number of [40, 1, 7, 8, 9]) set.add(number);
  set.remove(8);
  expect([...set]).toEqual([1, 7, 9, 40]);
  expect([7, 8, 0, 99].map((number) => set.has(number))).toEqual([true, false, false, false]);
});
