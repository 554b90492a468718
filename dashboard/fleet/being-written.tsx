import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Link } from '@tanstack/react-router';
import { changeText } from '../inbox/change-text.ts';
import { usePlane } from '../plane/plane-context.ts';
import { capabilityOf } from '../proposal/capability-of.ts';
import { objectOf } from '../proposal/identity.tsx';
import { Fault } from '../ui/fault.tsx';
import { Foreign } from '../ui/value.tsx';
import { Until } from '../ui/when.tsx';
import styles from './section.module.css';
import { useBeingWritten, useHealth } from './use-fleet.ts';

/** What runners have in hand at this moment. */
export function BeingWritten() {
  const { data, error, refetch } = useBeingWritten();
  const { data: health } = useHealth();
  const claimed = health?.actions?.claimed ?? 0;
  const tasks = health?.tasks?.leased ?? 0;
  const total = health?.depths.leased ?? data?.length ?? 0;
  return (
    <section className={styles.section} aria-labelledby="being-written">
      <div className={styles.head}>
        <h2 id="being-written">Being written now</h2>
        <p className={styles.note} role="status">
          {total.toLocaleString()} {total === 1 ? 'change' : 'changes'}, {claimed.toLocaleString()} actions,{' '}
          {tasks.toLocaleString()} tasks in hand
        </p>
      </div>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      <div className={styles.box}>
        {data === undefined || data.length === 0 ? (
          <p className={styles.empty}>
            Nothing at this moment. A write takes a few milliseconds, so this is empty most of the time; what
            stays here is slow, or its runner is gone, and comes back when its lease ends.
          </p>
        ) : (
          <ol>
            {data.map((item) => (
              <InHand key={item.proposal_id} item={item} />
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}

function InHand({ item }: { readonly item: ProposalDetail }) {
  const { address } = usePlane();
  const { change_set, job, proposal_id } = item;
  const isSeen = change_set !== undefined;
  return (
    <li className={styles.line}>
      <p className={styles.first}>
        <Link
          to="/t/$project/proposals/$proposalId"
          params={{ project: address, proposalId: proposal_id }}
          className={styles.name}
        >
          {isSeen ? objectOf(item) : proposal_id}
        </Link>
        <Foreign text={capabilityOf(item)} />
      </p>
      {isSeen ? <p className={styles.second}>{changeText(item)}</p> : null}
      <p className={styles.second}>
        runner <Foreign text={job?.leased_runner_id ?? 'not known'} />, attempt {job?.attempt_count ?? 1}
        {job?.lease_expires_at == null ? null : (
          <>
            , lease ends in <Until at={job.lease_expires_at} over="no time: it is over" />
          </>
        )}
      </p>
    </li>
  );
}
