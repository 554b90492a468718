import { useMemo } from 'react';
import { inOneList, type Pending } from './pending.ts';
import { useWaitingActions } from './use-waiting-actions.ts';
import { useWaitingProposals } from './use-waiting-proposals.ts';

export interface Inbox {
  /** Undefined until both have been read, or one of them could not be. */
  readonly items: readonly Pending[] | undefined;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly readAgain: () => void;
}

/** What waits for a decision of both kinds, as one list. */
export function useInbox(source: string | undefined): Inbox {
  const proposals = useWaitingProposals(source);
  const actions = useWaitingActions();
  const items = useMemo(
    () => inOneList(proposals.data ?? [], actions.data ?? []),
    [proposals.data, actions.data],
  );
  const both = [proposals, actions];
  const isRead = both.every(({ data, error }) => data !== undefined || error !== null);
  const hasAny = both.some(({ data }) => data !== undefined);
  return {
    items: isRead && hasAny ? items : undefined,
    error: proposals.error ?? actions.error,
    hasMore: both.some(({ hasNextPage }) => hasNextPage),
    more: () => {
      for (const { fetchNextPage, hasNextPage, isFetchingNextPage } of both)
        if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    readAgain: () => {
      for (const { refetch } of both) void refetch();
    },
  };
}
