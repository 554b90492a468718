import type { ActionDetail } from '@countersign/client/action-detail';
import { Link } from '@tanstack/react-router';
import { usePlane } from '../plane/plane-context.ts';
import { classes } from '../ui/classes.ts';
import list from '../ui/list-page.module.css';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Since } from '../ui/when.tsx';
import styles from './action-line.module.css';
import { sentText } from './sent-text.ts';

/** One action of a list: what, to which account, how it stands, and why it waits. */
export function ActionLine({ item }: { readonly item: ActionDetail }) {
  const { address } = usePlane();
  const { action, action_id, attempts, created_at, status, target, waiting } = item;
  return (
    <Link
      to="/t/$project/actions/$actionId"
      params={{ project: address, actionId: action_id }}
      className={classes(list.line, styles.line)}
    >
      <span className={list.name}>
        <Foreign text={action ?? 'an action'} />{' '}
        <span className={styles.target}>
          to <Foreign text={target ?? 'an unknown account'} />
        </span>
      </span>
      <span className={styles.state}>
        <StateChip state={status} />
        {(attempts ?? 0) > 1 ? <span className={list.soft}>{attempts} attempts</span> : null}
      </span>
      <span className={list.end}>{created_at == null ? null : <Since at={created_at} />}</span>
      <span className={classes(list.soft, styles.second)}>
        <Foreign text={[waiting?.why, sentText(item)].filter(Boolean).join(' · ')} />
      </span>
    </Link>
  );
}
