import { Since } from '../ui/when.tsx';
import styles from './depths.module.css';
import { useHealth } from './use-fleet.ts';

const shown = [
  ['pending_review', 'wait for a decision'],
  ['queued', 'wait for a runner'],
  ['leased', 'are being written'],
  ['held_back', 'rest before another try'],
  ['frozen', 'are frozen'],
  ['dead_letter', 'ran out of attempts'],
] as const;

/** How many changes wait, by what for, and since when the oldest does. */
export function Depths() {
  const { data } = useHealth();
  const { depths = {}, oldest } = data ?? {};
  const since = { pending_review: oldest?.pending_review, queued: oldest?.queued };
  return (
    <dl className={styles.depths} aria-label="Changes, by what they wait for">
      {shown.map(([name, text]) => {
        const at = name === 'pending_review' || name === 'queued' ? since[name] : undefined;
        const count = depths[name];
        return (
          <div key={name} data-bad={(name === 'dead_letter' && (count ?? 0) > 0) || undefined}>
            <dt>{text}</dt>
            <dd>
              {count === undefined ? '–' : count.toLocaleString()}
              {at == null ? null : (
                <span className={styles.since}>
                  oldest <Since at={at} />
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
