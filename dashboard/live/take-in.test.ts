import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { createReader } from './read-again.ts';
import { type Page, takeInto } from './take-in.ts';
import { NOTHING, type Touched } from './touched.ts';

const A_PAGE = 3;
const atOnce = () => Promise.resolve();
const all = () => true;

/** A list of so many numbers on a server, of which one page is shown. */
function shown(count: number) {
  const client = new QueryClient();
  const server = new Map(Array.from({ length: count }, (_, id) => [`n${id}`, 1]));
  const seen = { pages: 0, one: [] as string[] };
  const gate = { open: Promise.resolve() };
  const queryKey = ['prj', 'inbox', 'numbers'];
  const observer = new InfiniteQueryObserver(client, {
    queryKey,
    queryFn: async ({ pageParam }): Promise<Page<string>> => {
      seen.pages += 1;
      const items = [...server].slice(pageParam, pageParam + A_PAGE).map(([id, value]) => `${id}=${value}`);
      await gate.open;
      const end = pageParam + A_PAGE;
      return { items, next: end < server.size ? String(end) : undefined };
    },
    initialPageParam: 0,
    getNextPageParam: ({ next }) => (next === undefined ? undefined : Number(next)),
    staleTime: Number.POSITIVE_INFINITY,
    meta: {
      takeIn: takeInto<string>({
        idsOf: ({ proposals }) => proposals,
        read: async (id) => {
          seen.one.push(id);
          const value = server.get(id);
          if (value === -1) throw new Error('it cannot be read');
          return value === undefined ? undefined : `${id}=${value}`;
        },
        put: (pages, changed) =>
          pages.map(({ items, next }) => ({
            items: items.flatMap((item) => {
              const id = item.split('=')[0] ?? '';
              const now = changed.get(id);
              return changed.has(id) ? (now === undefined ? [] : [now]) : [item];
            }),
            next,
          })),
      }),
    },
  });
  const stop = observer.subscribe(() => undefined);
  const items = () => observer.getCurrentResult().data?.pages.flatMap((page) => page.items);
  const touch = createReader(client, atOnce);
  return { gate, items, observer, seen, server, stop, touch };
}

const of = (...ids: readonly string[]): Touched => ({
  ...NOTHING,
  nouns: new Set(['inbox']),
  proposals: new Set(ids),
});
test('what changed is read by itself, and the list is not', async () => {
  const { items, seen, server, stop, touch } = shown(2);
  await vi.waitFor(() => expect(items()).toHaveLength(2));
  server.set('n0', 2);
  server.delete('n1');
  touch(of('n0', 'n1'), all);
  await vi.waitFor(() => expect(items()).toEqual(['n0=2']));
  expect(seen).toEqual({ pages: 1, one: ['n0', 'n1'] });
  stop();
});

test('where too much changed, or what cannot be read by itself, the list is read', async () => {
  const { items, seen, server, stop, touch } = shown(2);
  await vi.waitFor(() => expect(items()).toHaveLength(2));
  server.set('n1', 2);
  touch(of(...Array.from({ length: 26 }, (_, id) => `n${id}`)), all);
  await vi.waitFor(() => expect(items()).toEqual(['n0=1', 'n1=2']));
  server.set('n1', 3);
  touch({ ...of(), isAll: true }, all);
  await vi.waitFor(() => expect(items()).toEqual(['n0=1', 'n1=3']));
  expect(seen).toEqual({ pages: 3, one: [] });
  server.set('n0', -1);
  touch(of('n0'), all);
  await vi.waitFor(() => expect(items()).toEqual(['n0=-1', 'n1=3']));
  expect(seen).toEqual({ pages: 4, one: ['n0'] });
  stop();
});

test('what changed while a page was read stands in the list afterwards', async () => {
  const { gate, items, observer, seen, server, stop, touch } = shown(4);
  await vi.waitFor(() => expect(items()).toHaveLength(A_PAGE));
  const { promise, resolve } = Promise.withResolvers<void>();
  gate.open = promise;
  const more = observer.fetchNextPage();
  await vi.waitFor(() => expect(seen.pages).toBe(2));
  server.set('n0', 2);
  touch(of('n0'), all);
  resolve();
  await more;
  await vi.waitFor(() => expect(items()).toEqual(['n0=2', 'n1=1', 'n2=1', 'n3=1']));
  stop();
});
