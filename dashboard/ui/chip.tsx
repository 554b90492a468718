import type { ReactNode } from 'react';
import styles from './chip.module.css';
import { classes } from './classes.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'accent';

/** A word on how something stands. */
export function Chip({ tone, children }: { readonly tone?: Tone | undefined; readonly children: ReactNode }) {
  return <span className={classes(styles.chip, tone && styles[tone])}>{children}</span>;
}
