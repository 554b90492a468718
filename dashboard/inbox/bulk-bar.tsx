import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { WordsDialog } from '../proposal/lazy-words-dialog.ts';
import { Button } from '../ui/button.tsx';
import { faultTitle } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import styles from './bulk-bar.module.css';
import { type BulkVerdict, bulkRefusedBecause, decidePending, pendingKey } from './decide-pending.ts';
import type { Pending } from './pending.ts';
import { nameOf } from './pending-words.ts';

interface Ended {
  readonly item: Pending;
  readonly refusedBecause: string | undefined;
}

interface Props {
  readonly items: readonly Pending[];
  readonly onDone: () => void;
}

/** One decision about several, each checked and sent on its own: what one is refused holds none of the others up. */
export function BulkBar({ items, onDone }: Props) {
  const plane = usePlane();
  const client = useQueryClient();
  const [isRejecting, setRejecting] = useState(false);
  const [ended, setEnded] = useState<readonly Ended[]>([]);
  const all = useMutation({
    mutationFn: async (verdict: BulkVerdict) => {
      setEnded([]);
      for (const item of items) {
        const refusedBecause = await decideOne(item, verdict);
        setEnded((before) => [...before, { item, refusedBecause }]);
        void client.invalidateQueries({ queryKey: pendingKey(plane.projectId, item) });
      }
    },
    onSettled: () => {
      setRejecting(false);
      void client.invalidateQueries({ queryKey: [plane.projectId, 'inbox'] });
    },
  });
  const decideOne = async (item: Pending, verdict: BulkVerdict): Promise<string | undefined> => {
    const refused = bulkRefusedBecause(item, verdict, plane.caller);
    if (refused !== undefined) return refused;
    try {
      await decidePending(plane, item, verdict);
      return undefined;
    } catch (error) {
      return faultTitle(error);
    }
  };
  const refused = ended.filter(({ refusedBecause }) => refusedBecause !== undefined);
  return (
    <div className={styles.bar}>
      <p role="status">
        {all.isPending ? `${ended.length} of ${items.length} decided` : `${items.length} chosen`}
      </p>
      <Button isSmall look="main" disabled={all.isPending} onClick={() => all.mutate({ kind: 'approve' })}>
        Approve each
      </Button>
      <Button isSmall look="danger" disabled={all.isPending} onClick={() => setRejecting(true)}>
        Reject each
      </Button>
      <Button isSmall look="plain" disabled={all.isPending} onClick={onDone}>
        {ended.length > 0 ? 'Done' : 'Leave'}
      </Button>
      {ended.length === 0 || all.isPending ? null : (
        <Notice
          tone={refused.length === 0 ? 'good' : 'warn'}
          title={`${ended.length - refused.length} decided, ${refused.length} not`}
          isUrgent
        >
          <ul className={styles.refused}>
            {refused.map(({ item, refusedBecause }) => (
              <li key={item.id}>
                {item.capability} {nameOf(item)}: {refusedBecause}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Suspense>
        {isRejecting ? (
          <WordsDialog
            draft="reject.several"
            title={`Reject ${items.length} of what waits`}
            label="Why? Whoever asked for them reads this."
            action="Reject each"
            look="danger"
            isPending={all.isPending}
            error={all.error}
            onSend={(reason) => all.mutateAsync({ kind: 'reject', reason })}
            onClose={() => setRejecting(false)}
          />
        ) : null}
      </Suspense>
    </div>
  );
}
