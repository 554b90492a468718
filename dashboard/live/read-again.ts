import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Has what is shown read again, each thing by itself: what is being read when it changes is read once more afterwards, however
 * often it has changed meanwhile. To break off and begin anew each time would never end where changes come fast.
 */
export function createReader(client: QueryClient): (isTouched: (key: QueryKey) => boolean) => void {
  const reading = new Set<string>();
  const changedMeanwhile = new Set<string>();
  const read = async (query: Query): Promise<void> => {
    const { queryHash, queryKey } = query;
    if (reading.has(queryHash)) {
      changedMeanwhile.add(queryHash);
      return;
    }
    reading.add(queryHash);
    // Somebody else began to read it, before it had changed.
    const isBegun = query.state.fetchStatus === 'fetching';
    try {
      await client.invalidateQueries({ queryKey, exact: true }, { cancelRefetch: false });
    } finally {
      reading.delete(queryHash);
    }
    if (changedMeanwhile.delete(queryHash) || isBegun) await read(query);
  };
  return (isTouched) => {
    for (const query of client.getQueryCache().findAll()) if (isTouched(query.queryKey)) void read(query);
  };
}
