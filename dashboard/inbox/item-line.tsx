import { Send } from 'lucide-react';
import { classes } from '../ui/classes.ts';
import { Foreign } from '../ui/value.tsx';
import { Since } from '../ui/when.tsx';
import styles from './item-line.module.css';
import type { Pending } from './pending.ts';
import { alarmOf, effectText, nameOf } from './pending-words.ts';

interface Props {
  readonly item: Pending;
  readonly isInGroup: boolean;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly onOpen: (id: string) => void;
  readonly onChoose: (choices: readonly string[]) => void;
}

/** One decision in the list: what would happen, to what, and since when it waits. */
export function ItemLine({ item, isInGroup, isOpen, isChosen, onOpen, onChoose }: Props) {
  const { capability, id, kind, since } = item;
  const alarm = alarmOf(item);
  return (
    <div className={classes(styles.item, isOpen && styles.open)}>
      <input
        type="checkbox"
        aria-label={kind === 'action' ? `Choose ${capability} ${nameOf(item)}` : `Choose ${nameOf(item)}`}
        checked={isChosen}
        onChange={() => onChoose([item.choice])}
      />
      <button
        type="button"
        className={styles.main}
        aria-current={isOpen ? 'true' : undefined}
        onClick={() => onOpen(id)}
      >
        <span className={styles.first}>
          {kind === 'action' ? <Send size={13} aria-label="Action" className={styles.kind} /> : null}
          <span className={styles.object}>{nameOf(item)}</span>
          {isInGroup ? null : (
            <span className={styles.capability}>
              <Foreign text={capability} />
            </span>
          )}
          {since === undefined ? null : (
            <span className={styles.since}>
              <Since at={since} />
            </span>
          )}
        </span>
        <span className={styles.second}>
          <span className={styles.change}>{effectText(item)}</span>
          {alarm === undefined ? null : (
            <span className={classes(styles.alarm, kind === 'action' && styles.loud)}>{alarm}</span>
          )}
        </span>
      </button>
    </div>
  );
}
