import { type ActionState, actionStates } from '@countersign/protocol/action/action-requests';
import { Fault } from '../ui/fault.tsx';
import list from '../ui/list-page.module.css';
import { PageWait } from '../ui/page-wait.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { ActionLine } from './action-line.tsx';
import { useActions } from './use-actions.ts';

const LINE_PX = 64;

interface Props {
  readonly state: ActionState | undefined;
  readonly onState: (state: ActionState | undefined) => void;
}

/** Every action, the newest first, with what it waits for. */
export function Queue({ state, onState }: Props) {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useActions(state);
  const items = data ?? [];
  return (
    <>
      <div className={list.filters}>
        <label>
          State
          <select
            value={state ?? ''}
            onChange={({ currentTarget: { value } }) => onState(actionStates.find((one) => one === value))}
          >
            <option value="">all</option>
            {actionStates.map((one) => (
              <option key={one} value={one}>
                {one.replaceAll('_', ' ')}
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
          <h2>{state === undefined ? 'No action yet' : `No action is ${state.replaceAll('_', ' ')}`}</h2>
          <p>
            {state === undefined
              ? 'An action is an effect outside of a database, such as a letter or a refund. When an agent asks for one of a contract, it appears here.'
              : 'Choose another state to see the others.'}
          </p>
        </div>
      ) : (
        <VirtualList
          label="Actions"
          items={items}
          keyOf={({ action_id }) => action_id}
          linePx={LINE_PX}
          hasMore={hasNextPage && !isFetchingNextPage}
          onMore={() => void fetchNextPage()}
        >
          {(item) => <ActionLine item={item} />}
        </VirtualList>
      )}
    </>
  );
}
