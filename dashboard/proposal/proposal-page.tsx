import { getRouteApi } from '@tanstack/react-router';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Attempts } from './attempts.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { DecisionCard } from './decision-card.tsx';
import styles from './proposal-page.module.css';
import { ProposalProof } from './proposal-proof.tsx';
import { Receipts } from './receipts.tsx';
import { Story } from './story.tsx';
import { Undo } from './undo.tsx';
import { useProposal } from './use-proposal.ts';
import { WaitingFor } from './waiting-for.tsx';

const route = getRouteApi('/gate/t/$project/proposals/$proposalId');

/** One proposal with everything that happened to it. */
export function ProposalPage() {
  const { proposalId } = route.useParams();
  const { data, error, refetch } = useProposal(proposalId);
  if (data === undefined) {
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={styles.page}>
      <div className={styles.card}>
        <DecisionCard detail={data} />
        {data.status === 'pending_review' ? <WaitingFor waiting={data.waiting} /> : null}
        <DecisionBar detail={data} />
        <Undo detail={data} />
        <Attempts detail={data} />
        <Receipts detail={data} />
      </div>
      <div className={styles.card}>
        <Story detail={data} />
        <ProposalProof proposalId={data.proposal_id} />
      </div>
    </div>
  );
}
