import type { InfiniteData, Query } from '@tanstack/react-query';
import type { TakeIn } from './read-again.ts';
import type { Touched } from './touched.ts';

/** Of more, the list is read again whole: a page of it costs no more than one of them. */
const MOST_BY_THEMSELVES = 25;

/** A page of a list, and where the next begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
}

/** What stands under an id now; undefined where it does not belong into the list any more. */
export type Changed<Item> = ReadonlyMap<string, Item | undefined>;

interface List<Item> {
  /** Which of what was touched may stand in the list. */
  readonly idsOf: (touched: Touched) => ReadonlySet<string>;
  /** Undefined where it does not belong into the list. */
  readonly read: (id: string) => Promise<Item | undefined>;
  readonly put: (pages: readonly Page<Item>[], changed: Changed<Item>) => readonly Page<Item>[];
}

/** Of a list that is read page by page, reads what changed, and nothing else of it. */
export function takeInto<Item>({ idsOf, read, put }: List<Item>): TakeIn {
  return async (query, touched) => {
    const ids = idsOf(touched);
    if (touched.isAll || ids.size > MOST_BY_THEMSELVES) return false;
    for (;;) {
      // A page that is being read would be put over what is taken in.
      await query.promise?.catch(() => undefined);
      const changed = new Map(await Promise.all([...ids].map(async (id) => [id, await read(id)] as const)));
      if (query.state.fetchStatus === 'fetching') continue;
      setPages(query, (pages: readonly Page<Item>[]) => put(pages, changed));
      return true;
    }
  };
}

function setPages<Item>(query: Query, change: (pages: readonly Page<Item>[]) => readonly Page<Item>[]): void {
  const data = query.state.data as InfiniteData<Page<Item>> | undefined;
  if (data !== undefined) query.setData({ ...data, pages: change(data.pages) });
}
