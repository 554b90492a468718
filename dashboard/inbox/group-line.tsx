import { ChevronDown, ChevronRight } from 'lucide-react';
import { Foreign } from '../ui/value.tsx';
import styles from './group-line.module.css';
import type { Line } from './pending.ts';

interface Props {
  readonly line: Extract<Line, { kind: 'group' }>;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (choices: readonly string[]) => void;
  readonly onFold: (key: string) => void;
}

/** What stands over several that look alike. */
export function GroupLine({ line: { group, isOpen }, chosen, onChoose, onFold }: Props) {
  const choices = group.items.map(({ choice }) => choice);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={styles.group}>
      <input
        type="checkbox"
        aria-label={`Choose all ${choices.length} of ${group.capability}`}
        checked={choices.every((choice) => chosen.has(choice))}
        onChange={() => onChoose(choices)}
      />
      <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => onFold(group.key)}>
        <Icon size={15} aria-hidden />
        <span className={styles.name}>
          <Foreign text={group.capability} />
        </span>
        <span className={styles.count}>{choices.length} alike</span>
      </button>
    </div>
  );
}
