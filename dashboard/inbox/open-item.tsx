import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { ArrowLeft } from 'lucide-react';
import { DecisionBar } from '../proposal/decision-bar.tsx';
import { DecisionCard } from '../proposal/decision-card.tsx';
import { useProposal } from '../proposal/use-proposal.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import styles from './open-item.module.css';

interface Props {
  readonly proposalId: string;
  readonly known: ProposalDetail | undefined;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** The decision that is open, with what can be done about it always in sight. */
export function OpenItem({ proposalId, known, onBack, onNext }: Props) {
  const { data, error, refetch } = useProposal(proposalId, known);
  return (
    <div className={styles.open}>
      <div className={styles.back}>
        <Button isSmall look="plain" onClick={onBack}>
          <ArrowLeft size={16} aria-hidden /> Inbox
        </Button>
      </div>
      <div className={styles.card}>
        {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
        {data === undefined ? error === null ? <PageWait /> : null : <DecisionCard detail={data} isLinked />}
      </div>
      {data === undefined ? null : (
        <div className={styles.bar}>
          <DecisionBar detail={data} />
          {data.status === 'pending_review' ? null : (
            <Button onClick={onNext} aria-keyshortcuts="j">
              Next <kbd>j</kbd>
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
