import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { both, NOTHING, type Touched } from './touched.ts';

/**
 * What a list that is shown does instead of being read again whole, where that is too much: it takes in what was touched.
 * False where it cannot tell by that.
 */
export type TakeIn = (query: Query, touched: Touched) => Promise<boolean>;

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { readonly takeIn?: TakeIn };
  }
}

/** What changes all the time is read so often, and at once after a time of quiet. */
const BETWEEN_MS = 100;

/**
 * Has what is shown read again, each thing by itself: what is being read when it changes is read once more afterwards, however
 * often it has changed meanwhile. To break off and begin anew each time would never end where changes come fast.
 */
export function createReader(
  client: QueryClient,
  pause: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve, BETWEEN_MS)),
): (touched: Touched, isTouched: (key: QueryKey) => boolean) => void {
  const reading = new Set<string>();
  const touchedMeanwhile = new Map<string, Touched>();
  const read = async (query: Query, touched: Touched): Promise<void> => {
    const { queryHash } = query;
    if (reading.has(queryHash)) {
      touchedMeanwhile.set(queryHash, both(touchedMeanwhile.get(queryHash) ?? NOTHING, touched));
      return;
    }
    reading.add(queryHash);
    try {
      await readNow(client, query, touched);
      await pause();
    } finally {
      reading.delete(queryHash);
    }
    const next = touchedMeanwhile.get(queryHash);
    touchedMeanwhile.delete(queryHash);
    if (next !== undefined) await read(query, next);
  };
  return (touched, isTouched) => {
    for (const query of client.getQueryCache().findAll())
      if (isTouched(query.queryKey)) void read(query, touched);
  };
}

async function readNow(client: QueryClient, query: Query, touched: Touched): Promise<void> {
  const { queryKey, state } = query;
  // Somebody else began to read it, before it had changed.
  const isBegun = state.fetchStatus === 'fetching';
  const takeIn = query.isActive() && state.data !== undefined ? query.meta?.takeIn : undefined;
  // Where something cannot be read by itself, the list is read, and tells what is wrong.
  if (takeIn !== undefined && (await takeIn(query, touched).catch(() => false))) return;
  const filter = { queryKey, exact: true };
  await client.invalidateQueries(filter, { cancelRefetch: false });
  if (isBegun) await client.invalidateQueries(filter, { cancelRefetch: false });
}
