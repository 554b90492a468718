import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import styles from './data-table.module.css';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => ReactNode;
}

interface Props<Row> {
  readonly label: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What can be done with a row. */
  readonly actions?: (row: Row) => ReactNode;
  /** What it means that there is none, and what would change it. */
  readonly empty: ReactNode;
  readonly onMore?: (() => void) | undefined;
}

/** Rows with names over their columns; on a narrow screen each row stands by itself, with the names beside. */
export function DataTable<Row>({ label, columns, rows, keyOf, actions, empty, onMore }: Props<Row>) {
  const [first, ...others] = columns;
  if (rows.length === 0) return <p className={styles.empty}>{empty}</p>;
  return (
    <>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {actions === undefined ? null : (
              <th scope="col">
                <span className={styles.unseen}>What can be done</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">{first?.of(row)}</th>
              {others.map(({ of, title }) => (
                <td key={title} data-title={title}>
                  {of(row)}
                </td>
              ))}
              {actions === undefined ? null : (
                <td className={styles.actions}>
                  <div>{actions(row)}</div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {onMore === undefined ? null : (
        <div>
          <Button isSmall onClick={onMore}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
