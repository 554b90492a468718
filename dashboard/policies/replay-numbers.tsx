import type { ReplayDetail } from '@countersign/client/policy-replay';
import { OctagonAlert } from 'lucide-react';
import { Notice } from '../ui/notice.tsx';
import styles from './replay-numbers.module.css';

/** A replay in numbers; that it would have approved what people rejected is told first. */
export function ReplayNumbers({ replay }: { readonly replay: ReplayDetail }) {
  const { approved, asked, isComplete, lookedAt, refused, rejectedByPeople } = replay;
  const left = (lookedAt ?? 0) - approved.length - asked.length - refused.length;
  const numbers: readonly (readonly [string, number])[] = [
    ['it would have approved', approved.length],
    ['it would have asked about', asked.length],
    ['it would have refused', refused.length],
    ['it would have left to others', Math.max(0, left)],
  ];
  return (
    <div className={styles.replay} role="status">
      {rejectedByPeople.length === 0 ? null : (
        <Notice
          tone="bad"
          title={
            <span className={styles.alarm}>
              <OctagonAlert size={17} aria-hidden />
              {rejectedByPeople.length === 1
                ? 'People rejected one that it would have approved.'
                : `People rejected ${rejectedByPeople.length} of those that it would have approved.`}
            </span>
          }
          next="Look at them before you activate it."
        />
      )}
      <dl className={styles.numbers}>
        {numbers.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        Tried on {(lookedAt ?? 0).toLocaleString()} proposals
        {isComplete ? ': all whose row was looked at.' : ': the newest, older ones were not looked at.'}
      </p>
    </div>
  );
}
