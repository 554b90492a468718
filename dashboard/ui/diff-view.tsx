import { printable } from '@countersign/client/printable';
import { classes } from './classes.ts';
import type { DiffLine } from './diff-lines.ts';
import styles from './diff-view.module.css';

const SIGNS = {
  '+': { look: 'added', word: 'added: ' },
  '-': { look: 'removed', word: 'removed: ' },
  ' ': { look: '', word: '' },
} as const;

/** A difference line by line; each line says by its sign which it is. */
export function DiffView({ label, lines }: { readonly label: string; readonly lines: readonly DiffLine[] }) {
  return (
    <section className={styles.diff} aria-label={label}>
      <ol>
        {lines.map((line) =>
          line.kind === 'left-out' ? (
            <li key={`left-${line.place}`} className={styles.left}>
              {line.count} {line.count === 1 ? 'line' : 'lines'} as before
            </li>
          ) : (
            <li key={line.place} className={classes(styles.line, styles[SIGNS[line.edit.sign].look])}>
              <span className={styles.sign} aria-hidden>
                {line.edit.sign}
              </span>
              <span className={styles.hidden}>{SIGNS[line.edit.sign].word}</span>
              <bdi className={styles.text}>{printable(line.edit.text)}</bdi>
            </li>
          ),
        )}
      </ol>
    </section>
  );
}
