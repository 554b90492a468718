import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { ProposalRow } from './proposal-row.tsx';
import styles from './proposal-table.module.css';

const ROW_PX = 60;
/** The next page is asked for when so few rows are left below. */
const AHEAD = 20;

interface Props {
  readonly items: readonly ProposalDetail[];
  readonly hasMore: boolean;
  readonly onMore: () => void;
}

/** The rows on the screen, of however many there are. */
export function ProposalTable({ items, hasMore, onMore }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => items[index]?.proposal_id ?? index,
    overscan: 10,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const isNearEnd = hasMore && last >= items.length - AHEAD;
  // Found anew with each page: of a filtered list a page may hold nothing, and the next one something.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of items says that a page has come
  useEffect(() => {
    if (isNearEnd) onMore();
  }, [isNearEnd, items.length, onMore]);
  return (
    <div ref={place} className={styles.place}>
      <table className={styles.table} aria-rowcount={hasMore ? -1 : items.length + 1}>
        <caption className={styles.caption}>Proposals, newest first</caption>
        <thead className={styles.head}>
          <tr className={styles.columns} aria-rowindex={1}>
            <th scope="col">State</th>
            <th scope="col">Row and change</th>
            <th scope="col">Capability</th>
            <th scope="col">Asked by</th>
            <th scope="col">Age</th>
          </tr>
        </thead>
        <tbody className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, key, size, start }) => {
            const item = items[index];
            return item === undefined ? null : (
              <ProposalRow
                key={key}
                item={item}
                rowIndex={index + 2}
                style={{ height: size, transform: `translateY(${start}px)` }}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
