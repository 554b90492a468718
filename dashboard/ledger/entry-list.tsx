import type { LedgerEntry } from '@countersign/protocol/ledger';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { actorText } from '../format/actor-text.ts';
import { classes } from '../ui/classes.ts';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './entry-list.module.css';

const ROW_PX = 40;
const ROW_NARROW_PX = 56;
const NARROW = '(max-width: 48rem)';

interface Props {
  /** Newest first. */
  readonly entries: readonly LedgerEntry[];
  readonly openSeq: number | undefined;
  readonly onOpen: (seq: number) => void;
}

/** The entries on the screen, of however many there are. */
export function EntryList({ entries, openSeq, onOpen }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => place.current,
    estimateSize: () => (matchMedia(NARROW).matches ? ROW_NARROW_PX : ROW_PX),
    getItemKey: (index) => entries[index]?.seq ?? index,
    overscan: 12,
  });
  return (
    <div ref={place} className={styles.place}>
      {entries.length === 0 ? (
        <p className={styles.none}>
          Nothing of this in what was read. Read older entries, or choose everything.
        </p>
      ) : null}
      <ol
        className={styles.entries}
        style={{ height: virtual.getTotalSize() }}
        aria-label="Entries, newest first"
      >
        {virtual.getVirtualItems().map(({ index, key, size, start }) => {
          const entry = entries[index];
          return entry === undefined ? null : (
            <li
              key={key}
              aria-setsize={entries.length}
              aria-posinset={index + 1}
              className={styles.line}
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              <button
                type="button"
                className={classes(styles.entry, entry.seq === openSeq && styles.open)}
                aria-current={entry.seq === openSeq ? 'true' : undefined}
                onClick={() => onOpen(entry.seq)}
              >
                <span className={styles.seq}>{entry.seq}</span>
                <span className={styles.at}>
                  <When at={entry.at} />
                </span>
                <span className={styles.type}>
                  <Foreign text={entry.type} />
                </span>
                <span className={styles.subject}>
                  <Foreign text={entry.subject} />
                </span>
                <span className={styles.actor}>
                  <Foreign text={actorText(entry.actor.kind, entry.actor.id)} />
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
