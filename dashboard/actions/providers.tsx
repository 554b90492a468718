import type { TargetDetail } from '@countersign/client/action-detail';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Fault } from '../ui/fault.tsx';
import list from '../ui/list-page.module.css';
import { PageWait } from '../ui/page-wait.tsx';
import { Foreign } from '../ui/value.tsx';
import { Until } from '../ui/when.tsx';
import { breakerText } from './breaker-text.ts';
import styles from './providers.module.css';
import { useTargets } from './use-targets.ts';

/** The accounts at providers that are in trouble or were, and how the breaker before each stands. */
export function Providers({ onDeadLetters }: { readonly onDeadLetters: () => void }) {
  const { data, error, refetch } = useTargets();
  if (data === undefined) {
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  }
  if (data.length === 0) {
    return (
      <div className={list.empty}>
        <h2>No account has been in trouble</h2>
        <p>
          After five attempts in a row that came to nothing by its fault, an account appears here, and nothing
          is sent to it until it has rested.
        </p>
      </div>
    );
  }
  return (
    <div className={styles.place}>
      {error === null ? null : <Fault error={error} />}
      <ul className={styles.targets} aria-live="polite">
        {data.map((target) => (
          <Target key={target.target} target={target} onDeadLetters={onDeadLetters} />
        ))}
      </ul>
    </div>
  );
}

const tones: Readonly<Record<string, Tone>> = { closed: 'good', open: 'bad', trying: 'warn' };

interface TargetProps {
  readonly target: TargetDetail;
  readonly onDeadLetters: () => void;
}

function Target({ target: { dead_letters, failures, state, target, until }, onDeadLetters }: TargetProps) {
  return (
    <li className={styles.target}>
      <h2 className={styles.name}>
        <Foreign text={target} />
        <Chip tone={tones[state]}>breaker {state}</Chip>
      </h2>
      <p className={styles.text}>
        {breakerText(state)}
        {until == null || state === 'closed' ? null : (
          <>
            {' '}
            Next trial in <Until at={until} over="a moment" />.
          </>
        )}
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>Failures in a row</dt>
          <dd>{failures ?? 0}</dd>
        </div>
        <div>
          <dt>Dead letters</dt>
          <dd>
            {dead_letters === 0 ? (
              0
            ) : (
              <button type="button" className={styles.more} onClick={onDeadLetters}>
                {dead_letters.toLocaleString()}
              </button>
            )}
          </dd>
        </div>
      </dl>
    </li>
  );
}
