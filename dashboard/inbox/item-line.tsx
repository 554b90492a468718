import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { effectOf } from '@countersign/client/proposal-effect';
import { objectOf } from '../proposal/identity.tsx';
import { classes } from '../ui/classes.ts';
import { Foreign } from '../ui/value.tsx';
import { Since } from '../ui/when.tsx';
import { changeText } from './change-text.ts';
import styles from './item-line.module.css';
import { capabilityOf } from './pending.ts';

interface Props {
  readonly item: ProposalDetail;
  readonly isInGroup: boolean;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly onOpen: (id: string) => void;
  readonly onChoose: (ids: readonly string[]) => void;
}

/** One decision in the list: what would change, of what, and since when it waits. */
export function ItemLine({ item, isInGroup, isOpen, isChosen, onOpen, onChoose }: Props) {
  const { created_at, proposal_id } = item;
  const { differences, drift } = effectOf(item);
  return (
    <div className={classes(styles.item, isOpen && styles.open)}>
      <input
        type="checkbox"
        aria-label={`Choose ${objectOf(item)}`}
        checked={isChosen}
        onChange={() => onChoose([proposal_id])}
      />
      <button
        type="button"
        className={styles.main}
        aria-current={isOpen ? 'true' : undefined}
        onClick={() => onOpen(proposal_id)}
      >
        <span className={styles.first}>
          <span className={styles.object}>{objectOf(item)}</span>
          {isInGroup ? null : (
            <span className={styles.capability}>
              <Foreign text={capabilityOf(item)} />
            </span>
          )}
          {created_at == null ? null : (
            <span className={styles.since}>
              <Since at={created_at} />
            </span>
          )}
        </span>
        <span className={styles.change}>{changeText(item)}</span>
        {differences.length + drift.length === 0 ? null : (
          <span className={styles.alarm}>
            {differences.length > 0 ? 'comes out otherwise' : 'the row has changed'}
          </span>
        )}
      </button>
    </div>
  );
}
