import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { GroupLine } from './group-line.tsx';
import styles from './inbox-list.module.css';
import { ItemLine } from './item-line.tsx';
import type { Line } from './pending.ts';

const GROUP_PX = 40;
const ITEM_PX = 72;
/** The next page is asked for when so few lines are left below. */
const AHEAD = 20;

interface Props {
  readonly lines: readonly Line[];
  readonly openId: string | undefined;
  readonly chosen: ReadonlySet<string>;
  readonly hasMore: boolean;
  readonly onOpen: (id: string) => void;
  readonly onChoose: (choices: readonly string[]) => void;
  readonly onFold: (key: string) => void;
  readonly onMore: () => void;
}

/** The lines on the screen, of however many there are. */
export function InboxList({ lines, openId, chosen, hasMore, onOpen, onChoose, onFold, onMore }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => place.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? GROUP_PX : ITEM_PX),
    getItemKey: (index) => keyOf(lines[index]),
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const isNearEnd = hasMore && last >= lines.length - AHEAD;
  useEffect(() => {
    if (isNearEnd) onMore();
  }, [isNearEnd, onMore]);
  const openAt = lines.findIndex((line) => line.kind === 'item' && line.item.id === openId);
  useEffect(() => {
    if (openAt >= 0) virtual.scrollToIndex(openAt, { align: 'auto' });
  }, [openAt, virtual]);
  return (
    <div ref={place} className={styles.place}>
      <div className={styles.lines} style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, key, size, start }) => {
          const line = lines[index];
          return line === undefined ? null : (
            <div
              key={key}
              className={styles.line}
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              {line.kind === 'group' ? (
                <GroupLine line={line} chosen={chosen} onChoose={onChoose} onFold={onFold} />
              ) : (
                <ItemLine
                  item={line.item}
                  isInGroup={line.isInGroup}
                  isOpen={line.item.id === openId}
                  isChosen={chosen.has(line.item.choice)}
                  onOpen={onOpen}
                  onChoose={onChoose}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function keyOf(line: Line | undefined): string {
  if (line === undefined) return '';
  return line.kind === 'group' ? line.group.key : line.item.id;
}
