import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, MessageCircleQuestion, X } from 'lucide-react';
import { Suspense, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { useKeys } from '../ui/use-keys.ts';
import styles from './decision-bar.module.css';
import { approvalRefusedBecause, decide, refusalRefusedBecause, type Verdict } from './decisions.ts';
import { WordsDialog } from './lazy-words-dialog.ts';
import { OtherEffect } from './other-effect.tsx';
import { readAgain } from './use-proposal.ts';
import { OTHER_EFFECT, useSeenEffect } from './use-seen-effect.ts';

interface Props {
  readonly detail: ProposalDetail;
  /** Told once the plane has taken a decision. */
  readonly onDecided?: (verdict: Verdict['kind']) => void;
}

/** The decision about one proposal, bound to the effect on the screen; with keys. */
export function DecisionBar({ detail, onDecided }: Props) {
  const plane = usePlane();
  const client = useQueryClient();
  const [asking, setAsking] = useState<'reject' | 'ask' | null>(null);
  const decision = useMutation({
    mutationFn: (verdict: Verdict) => decide(plane, detail, verdict),
    onSuccess: (_done, { kind }) => {
      setAsking(null);
      onDecided?.(kind);
    },
    // Taken or not: somebody else may have been first.
    onSettled: () => readAgain(client, plane, detail.proposal_id),
  });
  const { isOther, see } = useSeenEffect(detail.effect_digest);
  const notApproved = isOther ? OTHER_EFFECT : approvalRefusedBecause(detail, plane.caller);
  const notRefused = refusalRefusedBecause(detail, plane.caller);
  const approve = () => {
    if (notApproved === undefined && !decision.isPending) decision.mutate({ kind: 'approve' });
  };
  const begin = (kind: 'reject' | 'ask') => {
    if (notRefused !== undefined) return;
    decision.reset();
    setAsking(kind);
  };
  useKeys({ a: approve, r: () => begin('reject'), q: () => begin('ask') });
  if (detail.terminal === true || detail.status === 'approved') return null;
  return (
    <div className={styles.bar}>
      {decision.error === null || asking !== null ? null : <Fault error={decision.error} />}
      {isOther ? <OtherEffect onSeen={see} /> : null}
      <div className={styles.ways}>
        <Button
          look="main"
          refusedBecause={notApproved}
          disabled={decision.isPending}
          onClick={approve}
          aria-keyshortcuts="a"
        >
          <Check size={17} aria-hidden /> Approve <kbd>a</kbd>
        </Button>
        <Button
          look="danger"
          refusedBecause={notRefused}
          onClick={() => begin('reject')}
          aria-keyshortcuts="r"
        >
          <X size={17} aria-hidden /> Reject <kbd>r</kbd>
        </Button>
        <Button refusedBecause={notRefused} onClick={() => begin('ask')} aria-keyshortcuts="q">
          <MessageCircleQuestion size={17} aria-hidden /> Ask <kbd>q</kbd>
        </Button>
        {notApproved === undefined ? null : <p className={styles.why}>{notApproved}</p>}
      </div>
      <Suspense>
        {asking === 'reject' ? (
          <WordsDialog
            draft={`reject.${detail.proposal_id}`}
            title="Reject this change"
            label="Why? Whoever proposed it reads this."
            action="Reject"
            look="danger"
            isPending={decision.isPending}
            error={decision.error}
            onSend={(reason) => decision.mutateAsync({ kind: 'reject', reason })}
            onClose={() => setAsking(null)}
          />
        ) : null}
        {asking === 'ask' ? (
          <WordsDialog
            draft={`ask.${detail.proposal_id}`}
            title="Send it back with a question"
            label="What must be answered before it can be decided?"
            action="Ask"
            isPending={decision.isPending}
            error={decision.error}
            onSend={(question) => decision.mutateAsync({ kind: 'ask', question })}
            onClose={() => setAsking(null)}
          />
        ) : null}
      </Suspense>
    </div>
  );
}
