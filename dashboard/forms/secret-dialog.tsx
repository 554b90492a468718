import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';
import { CopyButton } from './copy-button.tsx';
import styles from './secret-dialog.module.css';

/** What a request has made; the secret is undefined where the plane has shown it before. */
export interface Secret {
  readonly title: string;
  /** What it is: `runner token rnt_01J...`. */
  readonly about: string;
  readonly value: string | undefined;
  /** What to do with it, and where a new one comes from should this one be lost. */
  readonly next: string;
}

interface Props {
  readonly secret: Secret;
  readonly onClose: () => void;
}

/** Shows a secret once. It is in no storage, no address and no log, and gone with the dialog. */
export function SecretDialog({ secret: { title, about, value, next }, onClose }: Props) {
  const [isKept, setKept] = useState(false);
  if (value === undefined) {
    return (
      <Dialog title={title} isOpen onClose={onClose}>
        <Notice tone="warn" title="It was made, and its secret was shown once before." next={next} isUrgent>
          <p>
            <Foreign text={about} />
          </p>
        </Notice>
        <div className={styles.ends}>
          <Button onClick={onClose}>Close</Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} isOpen>
      <p>
        <Foreign text={about} />. This is the only time that it is shown: nobody can look it up again.
      </p>
      <output className={styles.secret} aria-label="The secret">
        {value}
      </output>
      <CopyButton text={value} label="Copy it" />
      <p className={styles.next}>{next}</p>
      <label className={styles.kept}>
        <input
          type="checkbox"
          checked={isKept}
          onChange={({ currentTarget }) => setKept(currentTarget.checked)}
        />
        I have put it where it belongs
      </label>
      <div className={styles.ends}>
        <Button
          look="main"
          refusedBecause={isKept ? undefined : 'Say first that you have kept it: it cannot be had again.'}
          onClick={onClose}
        >
          Done
        </Button>
      </div>
    </Dialog>
  );
}
