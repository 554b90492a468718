import type { ReactNode } from 'react';
import styles from './scrolled.module.css';

/** Something long within a dialog: it scrolls on its own, so that what is asked about it stays in sight. */
export function Scrolled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a pointer it is scrolled by keys, and read first
    <section className={styles.scrolled} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
