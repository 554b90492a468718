import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import styles from './open-item.module.css';

interface Props {
  readonly error: Error | null;
  readonly onRetry: () => void;
  readonly isDecided: boolean;
  /** Undefined until it has been read. */
  readonly card: ReactNode;
  readonly bar: ReactNode;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** What stands around the decision that is open, whatever it is about. */
export function OpenFrame({ error, onRetry, isDecided, card, bar, onBack, onNext }: Props) {
  return (
    <div className={styles.open}>
      <div className={styles.back}>
        <Button isSmall look="plain" onClick={onBack}>
          <ArrowLeft size={16} aria-hidden /> Inbox
        </Button>
      </div>
      <div className={styles.card}>
        {error === null ? null : <Fault error={error} onRetry={onRetry} />}
        {card === undefined && error === null ? <PageWait /> : card}
      </div>
      {bar === undefined ? null : (
        <div className={styles.bar}>
          {bar}
          {isDecided ? (
            <Button onClick={onNext} aria-keyshortcuts="j">
              Next <kbd>j</kbd>
            </Button>
          ) : null}
        </div>
      )}
    </div>
  );
}
