import type { ActionDetail } from '@countersign/client/action-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { Suspense, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import styles from '../proposal/decision-bar.module.css';
import { WordsDialog } from '../proposal/lazy-words-dialog.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { useKeys } from '../ui/use-keys.ts';
import {
  type ActionVerdict,
  approvalRefusedBecause,
  decideAction,
  isUndecided,
  refusalRefusedBecause,
} from './action-decisions.ts';
import { readActionAgain } from './use-action.ts';

/** The decision about one action, bound to what is on the screen; with keys. */
export function ActionBar({ detail }: { readonly detail: ActionDetail }) {
  const plane = usePlane();
  const client = useQueryClient();
  const [isRejecting, setRejecting] = useState(false);
  const decision = useMutation({
    mutationFn: (verdict: ActionVerdict) => decideAction(plane, detail, verdict),
    onSuccess: () => setRejecting(false),
    // Taken or not: somebody else may have been first.
    onSettled: () => readActionAgain(client, plane, detail.action_id),
  });
  const notApproved = approvalRefusedBecause(detail, plane.caller);
  const notRefused = refusalRefusedBecause(detail, plane.caller);
  const approve = () => {
    if (notApproved === undefined && !decision.isPending) decision.mutate({ kind: 'approve' });
  };
  const reject = () => {
    if (notRefused !== undefined) return;
    decision.reset();
    setRejecting(true);
  };
  useKeys({ a: approve, r: reject });
  if (!isUndecided(detail)) return null;
  return (
    <div className={styles.bar}>
      {decision.error === null || isRejecting ? null : <Fault error={decision.error} />}
      <div className={styles.ways}>
        <Button
          look={detail.status === 'held' ? 'danger' : 'main'}
          refusedBecause={notApproved}
          disabled={decision.isPending}
          onClick={approve}
          aria-keyshortcuts="a"
        >
          <Check size={17} aria-hidden />{' '}
          {detail.status === 'held' ? 'Approve: let it happen twice' : 'Approve'} <kbd>a</kbd>
        </Button>
        <Button look="danger" refusedBecause={notRefused} onClick={reject} aria-keyshortcuts="r">
          <X size={17} aria-hidden /> Reject <kbd>r</kbd>
        </Button>
        {notApproved === undefined ? null : <p className={styles.why}>{notApproved}</p>}
      </div>
      <Suspense>
        {isRejecting ? (
          <WordsDialog
            draft={`reject.${detail.action_id}`}
            title="Reject this action"
            label="Why? Nothing is sent. Whoever asked for it reads this."
            action="Reject"
            look="danger"
            isPending={decision.isPending}
            error={decision.error}
            onSend={(reason) => decision.mutateAsync({ kind: 'reject', reason })}
            onClose={() => setRejecting(false)}
          />
        ) : null}
      </Suspense>
    </div>
  );
}
