import type { TargetDetail } from '@countersign/client/action-detail';
import { useState } from 'react';
import { useMay } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import list from '../ui/list-page.module.css';
import { PageWait } from '../ui/page-wait.tsx';
import { Foreign } from '../ui/value.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { ActionLine } from './action-line.tsx';
import styles from './dead-letters.module.css';
import { RecoverDialog } from './recover-dialog.tsx';
import { useActions } from './use-actions.ts';
import { useTargets } from './use-targets.ts';

const LINE_PX = 64;

/** What was tried in vain to the end, and the way to have all of an account tried again. */
export function DeadLetters() {
  const [recovering, setRecovering] = useState<TargetDetail | null>(null);
  return (
    <>
      <Letters onRecover={setRecovering} />
      {/* Beside them: it has still to say what it did when none of them is left. */}
      {recovering === null ? null : <RecoverDialog target={recovering} onClose={() => setRecovering(null)} />}
    </>
  );
}

function Letters({ onRecover }: { readonly onRecover: (target: TargetDetail) => void }) {
  const targets = useTargets();
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useActions('dead_letter');
  const mayRecover = useMay('recover-actions');
  const items = data ?? [];
  const dead = (targets.data ?? []).filter(({ dead_letters }) => dead_letters > 0);
  if (data === undefined) {
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  }
  if (items.length === 0 && !hasNextPage) {
    return (
      <div className={list.empty}>
        <h2>No dead letter</h2>
        <p>
          An action that was tried as often as it may be, and came to nothing, appears here. It has not
          happened, as far as its last attempt said.
        </p>
      </div>
    );
  }
  return (
    <>
      <ul className={styles.targets} aria-label="Dead letters by account">
        {dead.map((target) => (
          <li key={target.target}>
            <p>
              <strong>
                <Foreign text={target.target} />
              </strong>
              : {target.dead_letters.toLocaleString()}
            </p>
            <Button
              isSmall
              refusedBecause={mayRecover ? undefined : 'Your roles do not include trying dead letters again.'}
              onClick={() => onRecover(target)}
            >
              Try all again
            </Button>
          </li>
        ))}
      </ul>
      <VirtualList
        label="Dead letters"
        items={items}
        keyOf={({ action_id }) => action_id}
        linePx={LINE_PX}
        hasMore={hasNextPage && !isFetchingNextPage}
        onMore={() => void fetchNextPage()}
      >
        {(item) => <ActionLine item={item} />}
      </VirtualList>
    </>
  );
}
