import type { ActionDetail } from '@countersign/client/action-detail';
import { Link } from '@tanstack/react-router';
import { usePlane } from '../plane/plane-context.ts';
import styles from '../proposal/decision-card.module.css';
import { Notice } from '../ui/notice.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Since, Until } from '../ui/when.tsx';
import { ActionOutcome } from './action-outcome.tsx';
import { ActionReasons } from './action-reasons.tsx';
import { LikelyDone } from './likely-done.tsx';
import { SentTable } from './sent-table.tsx';

interface Props {
  readonly detail: ActionDetail;
  /** Whether the heading leads to its own page. */
  readonly isLinked?: boolean;
}

/** One action as whoever decides reads it: what would be sent first, then who asked and why, and what is needed. */
export function ActionCard({ detail, isLinked = false }: Props) {
  const { address } = usePlane();
  const { action, action_id, created_at, expires_at, status, target } = detail;
  const title = (
    <>
      <Foreign text={action ?? 'an action'} />{' '}
      <span className={styles.object}>
        to <Foreign text={target ?? 'an unknown account'} />
      </span>
    </>
  );
  const counts = status === 'proposed' || status === 'held';
  return (
    <article className={styles.card} aria-labelledby={`title-${action_id}`}>
      <header className={styles.head}>
        <h2 id={`title-${action_id}`} className={styles.title}>
          {isLinked ? (
            <Link to="/t/$project/actions/$actionId" params={{ project: address, actionId: action_id }}>
              {title}
            </Link>
          ) : (
            title
          )}
        </h2>
        <StateChip state={status} />
        <p className={styles.times}>
          {created_at == null ? null : (
            <>
              asked <Since at={created_at} /> ago
            </>
          )}
          {expires_at == null || !counts ? null : (
            <>
              {' '}
              · <Until at={expires_at} over="no time" /> left to decide
            </>
          )}
        </p>
      </header>
      <LikelyDone detail={detail} />
      <ActionOutcome detail={detail} />
      {detail.input == null ? (
        <Notice
          title="You see that it is there and where it stands, without its values, arguments and reasons."
          next="An owner or admin can give you a role that reads them."
        />
      ) : (
        <>
          <SentTable detail={detail} />
          <ActionReasons detail={detail} />
        </>
      )}
    </article>
  );
}
