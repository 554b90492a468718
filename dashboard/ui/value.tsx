import { printable } from '@countersign/client/printable';
import { useState } from 'react';
import { moneyText } from '../format/money.ts';
import { classes } from './classes.ts';
import styles from './value.module.css';

/** Longer ones are folded, so that one value cannot push the others off the page. */
const LONGEST = 240;

interface Props {
  readonly value: unknown;
  readonly column?: string;
  readonly row?: Readonly<Record<string, unknown>>;
}

/**
 * A value of a row, told apart from others that look alike: a text stands in quotes, nothing is said to be nothing, and
 * what would reorder or hide text is written out. An amount is shown as money, with what is stored beside it.
 */
export function Value({ value, column = '', row = {} }: Props) {
  const money = moneyText(column, value, row);
  if (money !== undefined) {
    return (
      <bdi>
        <span className={styles.value}>{money}</span>
        <span className={styles.raw}>{String(value)}</span>
      </bdi>
    );
  }
  if (value === undefined) return <span className={styles.nothing}>not known</span>;
  if (value === null) return <span className={styles.nothing}>null</span>;
  if (typeof value === 'string') return <Long text={printable(value)} isText />;
  return <Long text={printable(JSON.stringify(value))} />;
}

/** Text from elsewhere that is no value of a row: a reason, a name, a note. */
export function Foreign({ text }: { readonly text: string }) {
  return <bdi>{printable(text)}</bdi>;
}

function Long({ text, isText = false }: { readonly text: string; readonly isText?: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const isLong = text.length > LONGEST;
  const shown = isLong && !isOpen ? `${text.slice(0, LONGEST)}…` : text;
  return (
    <bdi>
      <span className={classes(styles.value, isText && styles.text)}>{shown}</span>
      {isLong ? (
        <button type="button" className={styles.more} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'show less' : `show all ${text.length.toLocaleString()} characters`}
        </button>
      ) : null}
    </bdi>
  );
}
