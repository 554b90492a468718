import { useMemo } from 'react';
import { useTail } from '../ledger/use-tail.ts';
import { useMay } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { When } from '../ui/when.tsx';
import { ChartFigure } from './chart-figure.tsx';
import styles from './charts.module.css';
import section from './section.module.css';
import { seriesOf } from './series.ts';

/** How work went, computed here from the end of the ledger. */
export function Charts() {
  const mayRead = useMay('read-ledger');
  const { data, dataUpdatedAt, error, refetch } = useTail();
  const charted = useMemo(
    () => (data === undefined ? undefined : seriesOf(data.entries, dataUpdatedAt)),
    [data, dataUpdatedAt],
  );
  const first = data?.entries[0];
  return (
    <section className={section.section} aria-labelledby="charts">
      <div className={section.head}>
        <h2 id="charts">How it went</h2>
        {data === undefined || first === undefined ? null : (
          <p className={section.note}>
            computed here from the last {data.entries.length.toLocaleString()} entries of the ledger, since{' '}
            <When at={first.at} />
          </p>
        )}
      </div>
      {mayRead ? null : (
        <p className={`${section.box} ${section.empty}`}>
          The charts are computed from the ledger, which your roles do not read: owners, admins and auditors
          do. The numbers above are for everybody.
        </p>
      )}
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {charted === undefined ? null : (
        <div className={styles.charts}>
          {charted.charts.map((chart) => (
            <ChartFigure key={chart.title} chart={chart} times={charted.times} />
          ))}
        </div>
      )}
    </section>
  );
}
