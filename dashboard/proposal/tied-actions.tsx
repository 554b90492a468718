import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Link } from '@tanstack/react-router';
import { SentTable } from '../action/sent-table.tsx';
import { useAction } from '../action/use-action.ts';
import { usePlane } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import styles from './tied-actions.module.css';

/** What an approval lets go besides the change: it belongs to what is approved, so it stands with it. */
export function TiedActions({ detail: { actions } }: { readonly detail: ProposalDetail }) {
  if (actions == null || actions.length === 0) return null;
  return (
    <section className={styles.tied} aria-label="Actions that follow this change">
      {actions.map(({ action_id, decided_digest }) => (
        <TiedAction key={action_id} id={action_id} isDecidedHere={decided_digest != null} />
      ))}
    </section>
  );
}

function TiedAction({ id, isDecidedHere }: { readonly id: string; readonly isDecidedHere: boolean }) {
  const { address } = usePlane();
  const { data, error } = useAction(id);
  return (
    <div className={styles.action}>
      <h3>
        {isDecidedHere ? 'Decided in one with it: ' : 'Follows it, and is decided on its own: '}
        <Link to="/t/$project/actions/$actionId" params={{ project: address, actionId: id }}>
          <Foreign text={data?.action ?? id} />
        </Link>{' '}
        {data === undefined ? null : <StateChip state={data.status} />}
      </h3>
      {error === null ? null : <Fault error={error} />}
      {data?.input == null ? null : <SentTable detail={data} />}
    </div>
  );
}
