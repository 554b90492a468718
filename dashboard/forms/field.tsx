import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';
import styles from './field.module.css';

interface Labelled {
  readonly label: string;
  /** What it is for, or what may stand there. */
  readonly hint?: ReactNode;
  /** What is wrong with what stands there. */
  readonly wrong?: string | undefined;
}

/** A line to write in, with its name over it. */
export function TextField({ label, hint, wrong, ...rest }: Labelled & ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={id}
        className={styles.input}
        aria-describedby={`${id}-hint`}
        aria-invalid={wrong === undefined ? undefined : true}
      />
      <Hint id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

/** One of a few. */
export function SelectField({ label, hint, wrong, children, ...rest }: Labelled & ComponentProps<'select'>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select {...rest} id={id} className={styles.input} aria-describedby={`${id}-hint`}>
        {children}
      </select>
      <Hint id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

function Hint({ id, hint, wrong }: Omit<Labelled, 'label'> & { readonly id: string }) {
  return (
    <p id={`${id}-hint`} className={wrong === undefined ? styles.hint : styles.wrong} aria-live="polite">
      {wrong ?? hint}
    </p>
  );
}
