import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import sheet from '../in-force/sheet.module.css';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { contractsKey } from './use-contract.ts';

const A_PAGE = 50;
const LOOKED_AGAIN_MS = 5_000;

/** What agents may propose in this project: its contracts, and which version of each is in force. */
export function ContractsPage() {
  const { address, contracts, projectId } = usePlane();
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: contractsKey(projectId),
    queryFn: ({ pageParam, signal }) => contracts.list({ limit: A_PAGE, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: useFallbackPoll(LOOKED_AGAIN_MS),
    select: ({ pages }) => pages.flatMap((page) => page.contracts),
  });
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  return (
    <div className={sheet.page}>
      <header className={sheet.head}>
        <h1>Contracts</h1>
        <p className={sheet.about}>
          What agents may propose. What no contract in force says cannot be proposed, by any way.
        </p>
      </header>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data.length === 0 ? (
        <div className={sheet.empty}>
          <h2>No contract yet</h2>
          <p>
            Until one is in force, no agent can propose anything. Push one from its file:{' '}
            <code>countersign contracts push billing.json</code>
          </p>
        </div>
      ) : (
        <table className={sheet.table}>
          <thead>
            <tr>
              <th scope="col">Contract</th>
              <th scope="col">State</th>
              <th scope="col">Versions</th>
              <th scope="col" className={sheet.wide}>
                Changed
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map(({ active_version_id, contract_id, current_version_number, description, ...rest }) => (
              <tr key={contract_id}>
                <th scope="row">
                  <Link
                    to="/t/$project/contracts/$contractId"
                    params={{ project: address, contractId: contract_id }}
                  >
                    <Foreign text={rest.name ?? contract_id} />
                  </Link>
                  {description == null ? null : (
                    <p className={sheet.small}>
                      <Foreign text={description} />
                    </p>
                  )}
                </th>
                <td>
                  {active_version_id == null ? (
                    <Chip tone="warn">nothing in force</Chip>
                  ) : (
                    <Chip tone="good">in force</Chip>
                  )}
                </td>
                <td>{current_version_number ?? ''}</td>
                <td className={sheet.wide}>
                  {typeof rest.updated_at === 'string' ? <When at={rest.updated_at} /> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasNextPage ? (
        <div>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </div>
  );
}
