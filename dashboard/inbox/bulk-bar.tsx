import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import {
  approvalRefusedBecause,
  decide,
  refusalRefusedBecause,
  type Verdict,
} from '../proposal/decisions.ts';
import { objectOf } from '../proposal/identity.tsx';
import { WordsDialog } from '../proposal/lazy-words-dialog.ts';
import { proposalKey } from '../proposal/use-proposal.ts';
import { Button } from '../ui/button.tsx';
import { faultTitle } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import styles from './bulk-bar.module.css';

interface Ended {
  readonly item: ProposalDetail;
  readonly refusedBecause: string | undefined;
}

interface Props {
  readonly items: readonly ProposalDetail[];
  readonly onDone: () => void;
}

/** One decision about several, each checked and sent on its own: what one is refused holds none of the others up. */
export function BulkBar({ items, onDone }: Props) {
  const plane = usePlane();
  const client = useQueryClient();
  const [isRejecting, setRejecting] = useState(false);
  const [ended, setEnded] = useState<readonly Ended[]>([]);
  const all = useMutation({
    mutationFn: async (verdict: Verdict) => {
      setEnded([]);
      for (const item of items) {
        const refusedBecause = await decideOne(item, verdict);
        setEnded((before) => [...before, { item, refusedBecause }]);
        void client.invalidateQueries({ queryKey: proposalKey(plane.projectId, item.proposal_id) });
      }
    },
    onSettled: () => {
      setRejecting(false);
      void client.invalidateQueries({ queryKey: [plane.projectId, 'inbox'] });
    },
  });
  const decideOne = async (item: ProposalDetail, verdict: Verdict): Promise<string | undefined> => {
    const check = verdict.kind === 'approve' ? approvalRefusedBecause : refusalRefusedBecause;
    const refused = check(item, plane.caller);
    if (refused !== undefined) return refused;
    try {
      await decide(plane, item, verdict);
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
              <li key={item.proposal_id}>
                {objectOf(item)}: {refusedBecause}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Suspense>
        {isRejecting ? (
          <WordsDialog
            draft="reject.several"
            title={`Reject ${items.length} changes`}
            label="Why? Whoever proposed them reads this."
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
