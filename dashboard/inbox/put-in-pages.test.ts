import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Page } from '../live/take-in.ts';
import { putInOrder, putNewestFirst } from './put-in-pages.ts';

interface Item {
  readonly id: string;
  readonly end: number;
  readonly text?: string;
}
const order = { idOf: ({ id }: Item) => id, compare: (a: Item, b: Item) => a.end - b.end };
const item = (end: number, id = `i${end}`): Item => ({ id, end });
const page = (next: string | undefined, ...items: readonly Item[]): Page<Item> => ({ items, next });
const read = [page('2', item(1), item(3)), page('3', item(5), item(7))];
const changed = (...items: readonly Item[]) => new Map(items.map((one) => [one.id, one] as const));
const idsOf = (pages: readonly Page<Item>[]) => pages.map(({ items }) => items.map(({ id }) => id));

describe('what was read in an order', () => {
  test('is left as it is where what changed is not in it, and would not be', () => {
    expect(putInOrder(read, new Map([['i9', undefined]]), order)).toEqual(read);
    expect(putInOrder(read, changed(item(9)), order)).toEqual(read);
  });

  test('gets what is new in its place, and at its end only where the end was read', () => {
    expect(idsOf(putInOrder(read, changed(item(4)), order))).toEqual([
      ['i1', 'i3'],
      ['i4', 'i5', 'i7'],
    ]);
    const whole = [page(undefined, item(1))];
    expect(idsOf(putInOrder(whole, changed(item(9)), order))).toEqual([['i1', 'i9']]);
    expect(idsOf(putInOrder([page(undefined)], changed(item(9)), order))).toEqual([['i9']]);
  });

  test('keeps what changed in its place, the last of all as well', () => {
    const other = { ...item(7), text: 'another effect' };
    expect(putInOrder(read, changed(other), order)[1]?.items).toEqual([item(5), other]);
  });

  test('loses what was decided, and what runs out later than all that was read', () => {
    expect(idsOf(putInOrder(read, new Map([['i3', undefined]]), order))).toEqual([['i1'], ['i5', 'i7']]);
    expect(idsOf(putInOrder(read, changed({ id: 'i1', end: 9 }), order))).toEqual([['i3'], ['i5', 'i7']]);
  });

  test('is, after any changes, what reading it again would give', () => {
    const ends = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 30 });
    fc.assert(
      fc.property(ends, ends, ends, fc.integer({ min: 1, max: 7 }), (first, gone, added, size) => {
        const before = first.toSorted((a, b) => a - b);
        const pages: Page<Item>[] = [];
        for (let from = 0; from < Math.max(1, before.length); from += size) {
          const next = from + size < before.length ? String(from + size) : undefined;
          pages.push(page(next, ...before.slice(from, from + size).map((end) => item(end))));
        }
        const changes = new Map<string, Item | undefined>([
          ...gone.map((end) => [`i${end}`, undefined] as const),
          ...added.map((end) => [`i${end}`, item(end)] as const),
        ]);
        const isGone = (end: number) => gone.includes(end) && !added.includes(end);
        const after = [...new Set([...before, ...added])].filter((end) => !isGone(end));
        expect(putInOrder(pages, changes, order).flatMap(({ items }) => items)).toEqual(
          after.toSorted((a, b) => a - b).map((end) => item(end)),
        );
      }),
    );
  });
});

test('what begins with the newest gets what is new at its beginning', () => {
  const pages = putNewestFirst(
    read,
    new Map([
      ['i5', undefined],
      ['i8', item(8)],
    ]),
    order.idOf,
  );
  expect(idsOf(pages)).toEqual([['i8', 'i1', 'i3'], ['i7']]);
});
