import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

interface Read<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null | undefined;
}

const A_PAGE = 50;

/** A list that the plane gives a page at a time. */
export function usePages<Row>(
  queryKey: QueryKey,
  read: (
    page: { readonly limit: number; readonly cursor: string | undefined },
    signal: AbortSignal,
  ) => Promise<Read<Row>>,
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read({ limit: A_PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return {
    rows: query.data?.pages.flatMap(({ rows }) => rows),
    error: query.error,
    onRetry: () => void query.refetch(),
    onMore: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}
