import { runStates } from '@countersign/protocol/run/run-requests';
import { getRouteApi } from '@tanstack/react-router';
import { Fault } from '../ui/fault.tsx';
import list from '../ui/list-page.module.css';
import { PageWait } from '../ui/page-wait.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { RunLine } from './run-line.tsx';
import { useRuns } from './use-runs.ts';

const route = getRouteApi('/gate/t/$project/runs');
const LINE_PX = 64;

/** What agents and workers are at, the newest first. */
export function RunsPage() {
  const { state: asked } = route.useSearch();
  const state = runStates.find((one) => one === asked);
  const navigate = route.useNavigate();
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useRuns(state);
  const items = data ?? [];
  const choose = (value: string) =>
    void navigate({ search: { state: runStates.find((one) => one === value) }, replace: true });
  return (
    <div className={list.page}>
      <header className={list.head}>
        <h1>Runs</h1>
        <p className={list.count}>What was asked of agents and workers, step by step</p>
      </header>
      <div className={list.filters}>
        <label>
          State
          <select value={state ?? ''} onChange={({ currentTarget: { value } }) => choose(value)}>
            <option value="">all</option>
            {runStates.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        {data === undefined ? null : (
          <p className={list.count} role="status">
            {items.length.toLocaleString()}
            {hasNextPage ? ' and more' : ''}
          </p>
        )}
      </div>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null ? <PageWait /> : null}
      {data !== undefined && items.length === 0 && !hasNextPage ? (
        <div className={list.empty}>
          <h2>{state === undefined ? 'No run yet' : `No run is ${state}`}</h2>
          <p>
            {state === undefined
              ? 'A run is what a command to an agent becomes, with a step for all that it does. The first one appears here by itself.'
              : 'Choose another state to see the others.'}
          </p>
        </div>
      ) : (
        <VirtualList
          label="Runs"
          items={items}
          keyOf={({ run_id }) => run_id}
          linePx={LINE_PX}
          hasMore={hasNextPage && !isFetchingNextPage}
          onMore={() => void fetchNextPage()}
        >
          {(item) => <RunLine item={item} />}
        </VirtualList>
      )}
    </div>
  );
}
