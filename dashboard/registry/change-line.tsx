import type { ControlChange } from '@countersign/client/control-change';
import { actorText } from '../format/actor-text.ts';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './change-line.module.css';
import { changeWords } from './change-words.ts';
import { SubjectLink } from './subject-link.tsx';

/** One change: what, of what, by whom and why. */
export function ChangeLine({ change }: { readonly change: ControlChange }) {
  const { actor, at, reason, revision, subject, type } = change;
  return (
    <div className={styles.change}>
      <p className={styles.what}>
        <strong>{changeWords(type)}</strong> <SubjectLink subject={subject} />
        <span className={styles.when}>
          {at == null ? null : <When at={at} />} · #{revision}
        </span>
      </p>
      <p className={styles.who}>
        <Foreign text={actorText(actor?.kind ?? 'somebody', actor?.id ?? '')} />
      </p>
      {reason == null || reason === '' ? null : (
        <p className={styles.why}>
          <Foreign text={reason} />
        </p>
      )}
    </div>
  );
}
