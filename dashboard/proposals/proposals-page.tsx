import { proposalStates } from '@countersign/protocol/proposal-requests';
import { getRouteApi } from '@tanstack/react-router';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { ProposalFilters } from './proposal-filters.tsx';
import { ProposalTable } from './proposal-table.tsx';
import { ProposalsEmpty } from './proposals-empty.tsx';
import styles from './proposals-page.module.css';
import { useProposals } from './use-proposals.ts';

const route = getRouteApi('/gate/t/$project/proposals');

/** Every proposal there ever was, narrowed by state, source and words. */
export function ProposalsPage() {
  const asked = route.useSearch();
  const search = { ...asked, status: proposalStates.find((state) => state === asked.status) };
  const navigate = route.useNavigate();
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useProposals(search);
  const items = data?.items ?? [];
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>Proposals</h1>
        <p className={styles.count} role="status">
          {data === undefined ? '' : `${items.length.toLocaleString()}${hasNextPage ? ' and more' : ''}`}
          {data?.isComplete === false ? ', and the record is still being read: search again' : ''}
        </p>
      </header>
      <ProposalFilters
        search={search}
        sources={items.flatMap(({ source_id }) => (source_id == null ? [] : [source_id]))}
        onChange={(next) => void navigate({ search: next, replace: true })}
      />
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : items.length === 0 && !hasNextPage ? (
        <ProposalsEmpty isNarrowed={Object.values(search).some((value) => value !== undefined)} />
      ) : (
        <ProposalTable
          items={items}
          hasMore={hasNextPage}
          onMore={() => (isFetchingNextPage ? undefined : void fetchNextPage())}
        />
      )}
    </div>
  );
}
