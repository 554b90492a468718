import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './notice.module.css';

interface Props {
  readonly tone?: 'good' | 'warn' | 'bad';
  readonly title: ReactNode;
  /** What would change it. */
  readonly next?: ReactNode;
  readonly children?: ReactNode;
  /** Told at once to whoever does not see it. */
  readonly isUrgent?: boolean;
}

/** Something that whoever reads the page must not overlook. */
export function Notice({ tone, title, next, children, isUrgent = false }: Props) {
  return (
    <div className={classes(styles.notice, tone && styles[tone])} role={isUrgent ? 'alert' : undefined}>
      <p>{title}</p>
      {children}
      {next === undefined || next === null ? null : <p className={styles.next}>{next}</p>}
    </div>
  );
}
