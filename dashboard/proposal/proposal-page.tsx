import { getRouteApi } from '@tanstack/react-router';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { DecisionCard } from './decision-card.tsx';
import styles from './proposal-page.module.css';
import { Story } from './story.tsx';
import { useProposal } from './use-proposal.ts';

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
        <DecisionBar detail={data} />
      </div>
      <Story detail={data} />
    </div>
  );
}
