import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import sheet from '../in-force/sheet.module.css';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { ChangeLine } from './change-line.tsx';
import styles from './change-log.module.css';
import { useControlChanges } from './use-registry.ts';

/** What scrolls is the page: a list that scrolls in a page that scrolls is a trap. */
const SCROLLER = '#content';
const LINE_PX = 76;
/** The next page is asked for when so few lines are left below. */
const AHEAD = 20;

/** Each change of what steers agents or bounds them, newest first, of however many there are. */
export function ChangeLog() {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useControlChanges();
  const place = useRef<HTMLOListElement>(null);
  const [above, setAbove] = useState(0);
  const count = data?.length ?? 0;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => document.querySelector(SCROLLER),
    scrollMargin: above,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => data?.[index]?.revision ?? index,
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const isNearEnd = hasNextPage && !isFetchingNextPage && (rows.at(-1)?.index ?? 0) >= count - AHEAD;
  useEffect(() => {
    if (isNearEnd) void fetchNextPage();
  }, [isNearEnd, fetchNextPage]);
  const isShown = count > 0;
  useEffect(() => {
    if (isShown && place.current !== null) setAbove(topWithin(place.current));
  }, [isShown]);
  if (data === undefined)
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  return (
    <section className={sheet.part} aria-label="Change log">
      <p className={sheet.small}>
        Every time that contracts, policies, permission rules or the registry in force changed, newest first.
        Each stands in the ledger.
      </p>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {count === 0 ? (
        <div className={sheet.empty}>
          <h2>Nothing has changed yet</h2>
          <p>The first contract, policy or piece that comes into force stands here.</p>
        </div>
      ) : (
        <ol ref={place} className={styles.lines} style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, key, start }) => {
            const change = data[index];
            return change === undefined ? null : (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={styles.line}
                style={{ transform: `translateY(${start - above}px)` }}
              >
                <ChangeLine change={change} />
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

/** How far below the beginning of what scrolls something stands, in pixels. */
function topWithin(element: HTMLElement): number {
  const scroller = element.closest(SCROLLER);
  if (scroller === null) return 0;
  return element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
}
