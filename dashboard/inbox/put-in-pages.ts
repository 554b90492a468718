import type { Changed, Page } from '../live/take-in.ts';

interface Order<Item> {
  readonly idOf: (item: Item) => string;
  /** Less than nothing where `a` stands before `b`. */
  readonly compare: (a: Item, b: Item) => number;
}

/**
 * Pages as they are once what changed was put in: in its place by the order in which they are read. What would stand behind
 * all that was read is left out where there is more to read, since it comes with that.
 */
export function putInOrder<Item>(
  pages: readonly Page<Item>[],
  changed: Changed<Item>,
  order: Order<Item>,
): readonly Page<Item>[] {
  return [...changed].reduce((now, [id, item]) => {
    const place = placeOf(now, id, order.idOf);
    const known = now[place]?.items.find((one) => order.idOf(one) === id);
    if (known !== undefined && item !== undefined && order.compare(known, item) === 0)
      return at(now, place, ({ items }) => items.map((one) => (one === known ? item : one)));
    const others = without(now, id, order.idOf);
    return item === undefined ? others : withOne(others, item, order.compare);
  }, pages);
}

/** The same for pages that begin with the newest: what is not there yet stands in the first. */
export function putNewestFirst<Item>(
  pages: readonly Page<Item>[],
  changed: Changed<Item>,
  idOf: (item: Item) => string,
): readonly Page<Item>[] {
  return [...changed].reduce((now, [id, item]) => {
    const others = without(now, id, idOf);
    return item === undefined ? others : at(others, 0, ({ items }) => [item, ...items]);
  }, pages);
}

function without<Item>(
  pages: readonly Page<Item>[],
  id: string,
  idOf: (item: Item) => string,
): readonly Page<Item>[] {
  return at(pages, placeOf(pages, id, idOf), ({ items }) => items.filter((item) => idOf(item) !== id));
}

/** Less than nothing where it is on none. */
function placeOf<Item>(pages: readonly Page<Item>[], id: string, idOf: (item: Item) => string): number {
  return pages.findIndex(({ items }) => items.some((item) => idOf(item) === id));
}

function withOne<Item>(
  pages: readonly Page<Item>[],
  item: Item,
  compare: (a: Item, b: Item) => number,
): readonly Page<Item>[] {
  const place = pages.findIndex(({ items }) => {
    const last = items.at(-1);
    return last !== undefined && compare(item, last) < 0;
  });
  if (place >= 0) return at(pages, place, ({ items }) => [...items, item].toSorted(compare));
  const isWhole = pages.at(-1)?.next === undefined;
  return isWhole ? at(pages, pages.length - 1, ({ items }) => [...items, item]) : pages;
}

function at<Item>(
  pages: readonly Page<Item>[],
  place: number,
  change: (page: Page<Item>) => readonly Item[],
): readonly Page<Item>[] {
  return pages.map((page, index) => (index === place ? { ...page, items: change(page) } : page));
}
