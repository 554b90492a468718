import { ChevronDown, ChevronRight } from 'lucide-react';
import { Foreign } from '../ui/value.tsx';
import styles from './group-line.module.css';
import type { Line } from './pending.ts';

interface Props {
  readonly line: Extract<Line, { kind: 'group' }>;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: readonly string[]) => void;
  readonly onFold: (key: string) => void;
}

/** What stands over several that look alike. */
export function GroupLine({ line: { group, isOpen }, chosen, onChoose, onFold }: Props) {
  const ids = group.items.map(({ id }) => id);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={styles.group}>
      <input
        type="checkbox"
        aria-label={`Choose all ${ids.length} of ${group.capability}`}
        checked={ids.every((id) => chosen.has(id))}
        onChange={() => onChoose(ids)}
      />
      <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => onFold(group.key)}>
        <Icon size={15} aria-hidden />
        <span className={styles.name}>
          <Foreign text={group.capability} />
        </span>
        <span className={styles.count}>{ids.length} alike</span>
      </button>
    </div>
  );
}
