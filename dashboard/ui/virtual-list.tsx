import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './virtual-list.module.css';

/** The next page is asked for when so few lines are left below. */
const AHEAD = 20;

interface Props<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** Pixels; the same for every line. */
  readonly linePx: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly children: (item: Item) => ReactNode;
}

/** The lines on the screen, of however many there are; asks for more before the end is reached. */
export function VirtualList<Item>({ label, items, keyOf, linePx, hasMore, onMore, children }: Props<Item>) {
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => place.current,
    estimateSize: () => linePx,
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const isNearEnd = hasMore && last >= items.length - AHEAD;
  useEffect(() => {
    if (isNearEnd) onMore();
  }, [isNearEnd, onMore]);
  return (
    <div ref={place} className={styles.place}>
      <ul className={styles.lines} aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, size, start }) => {
          const item = items[index];
          return item === undefined ? null : (
            <li
              key={keyOf(item)}
              className={styles.line}
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              {children(item)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
