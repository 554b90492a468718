import { getRouteApi } from '@tanstack/react-router';
import styles from '../proposal/proposal-page.module.css';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { ActionBar } from './action-bar.tsx';
import { ActionCard } from './action-card.tsx';
import { ActionEnds } from './action-ends.tsx';
import { Attempts } from './attempts.tsx';
import { useAction } from './use-action.ts';

const route = getRouteApi('/gate/t/$project/actions/$actionId');

/** One action: what it sends, what was decided, and what came of the attempts. */
export function ActionPage() {
  const { actionId } = route.useParams();
  const { data, error, refetch } = useAction(actionId);
  if (data === undefined) {
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={styles.page}>
      <div className={styles.card}>
        <ActionCard detail={data} />
        <ActionBar detail={data} />
        <ActionEnds detail={data} />
      </div>
      <Attempts detail={data} />
    </div>
  );
}
