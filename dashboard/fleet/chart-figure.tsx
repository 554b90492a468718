import { type CSSProperties, useId } from 'react';
import { When } from '../ui/when.tsx';
import { ChartCanvas } from './chart-canvas.tsx';
import styles from './charts.module.css';
import type { Chart, Series, Unit } from './series.ts';
import { valueText } from './value-text.ts';

interface Props {
  readonly chart: Chart;
  readonly times: readonly number[];
}

/** A chart, with its numbers as a table for whoever cannot see it or wants them exactly. */
export function ChartFigure({ chart, times }: Props) {
  const { series, text, title, unit } = chart;
  const name = useId();
  const isEmpty = series.every(({ values }) => values.every((value) => value === null || value === 0));
  return (
    <figure className={styles.figure} aria-labelledby={name}>
      <figcaption id={name}>
        <h3>{title}</h3>
        <p className={styles.text}>{text}</p>
      </figcaption>
      <ul className={styles.keys}>
        {series.map((one) => (
          <li key={one.label} style={{ '--key': `var(--${one.tone})` } as CSSProperties}>
            {one.label} <span className={styles.total}>{summary(one, unit)}</span>
          </li>
        ))}
      </ul>
      {isEmpty ? (
        <p className={styles.text}>None in this window.</p>
      ) : (
        <ChartCanvas chart={chart} times={times} />
      )}
      <details className={styles.numbers}>
        <summary>The same as numbers</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys */}
        <section className={styles.scroll} aria-label={`${title}, as numbers`} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">From</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, piece) => (
                <tr key={time}>
                  <th scope="row">
                    <When at={new Date(time * 1_000).toISOString()} />
                  </th>
                  {series.map(({ label, values }) => (
                    <td key={label}>{valueText(values[piece] ?? null, unit)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

/** Of counts their sum, of measures the largest. */
function summary({ values }: Series, unit: Unit): string {
  const known = values.filter((value) => value !== null);
  if (unit === 'count') return known.reduce((sum, value) => sum + value, 0).toLocaleString();
  return known.length === 0 ? 'none' : `to ${valueText(Math.max(...known), unit)}`;
}
