import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Link } from '@tanstack/react-router';
import { usePlane } from '../plane/plane-context.ts';
import { Notice } from '../ui/notice.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Since, Until } from '../ui/when.tsx';
import styles from './decision-card.module.css';
import { EffectTable } from './effect-table.tsx';
import { Evidence } from './evidence.tsx';
import { Freshness } from './freshness.tsx';
import { Identity, objectOf } from './identity.tsx';
import { Outcome } from './outcome.tsx';
import { Reasons } from './reasons.tsx';
import { TiedActions } from './tied-actions.tsx';

interface Props {
  readonly detail: ProposalDetail;
  /** Whether the heading leads to its whole story. */
  readonly isLinked?: boolean;
}

/** One proposal as whoever decides reads it: the effect first, then who asked and why, and what is still needed. */
export function DecisionCard({ detail, isLinked = false }: Props) {
  const { address } = usePlane();
  const { action, capability, created_at, expires_at, proposal_id, status } = detail;
  const title = (
    <>
      <Foreign text={capability ?? action ?? 'a change'} />{' '}
      <span className={styles.object}>{objectOf(detail)}</span>
    </>
  );
  const isSeen = detail.change_set !== undefined || detail.patch !== undefined;
  return (
    <article className={styles.card} aria-labelledby={`title-${proposal_id}`}>
      <header className={styles.head}>
        <h2 id={`title-${proposal_id}`} className={styles.title}>
          {isLinked ? (
            <Link
              to="/t/$project/proposals/$proposalId"
              params={{ project: address, proposalId: proposal_id }}
            >
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
          {expires_at == null || detail.terminal === true ? null : (
            <>
              {' '}
              · <Until at={expires_at} over="no time" /> left to decide
            </>
          )}
        </p>
      </header>
      <Outcome detail={detail} />
      {isSeen ? (
        <>
          <EffectTable detail={detail} />
          <TiedActions detail={detail} />
          <Identity detail={detail} />
          <Freshness detail={detail} />
          <Reasons detail={detail} />
          <Evidence proposalId={proposal_id} />
        </>
      ) : (
        <Notice
          title="You see that it is there and where it stands, without its values, arguments and reasons."
          next="An owner or admin can give you a role that reads them."
        />
      )}
    </article>
  );
}
