import { useMemo } from 'react';
import { Fault } from '../ui/fault.tsx';
import { When } from '../ui/when.tsx';
import { ChartFigure } from './chart-figure.tsx';
import styles from './charts.module.css';
import section from './section.module.css';
import { chartsOf, timesOf } from './series.ts';
import { useHistory } from './use-fleet.ts';

/** How work went. */
export function Charts() {
  const { data, error, refetch } = useHistory();
  // A chart is drawn anew when it is another one.
  const drawn = useMemo(
    () => (data === undefined ? undefined : { charts: chartsOf(data), times: timesOf(data) }),
    [data],
  );
  return (
    <section className={section.section} aria-labelledby="charts">
      <div className={section.head}>
        <h2 id="charts">How it went</h2>
        {data === undefined || data.entries === 0 ? null : (
          <p className={section.note}>
            told by the last {data.entries.toLocaleString()} entries of the ledger, since{' '}
            <When at={data.since} />
          </p>
        )}
      </div>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {drawn === undefined ? null : (
        <div className={styles.charts}>
          {drawn.charts.map((chart) => (
            <ChartFigure key={chart.title} chart={chart} times={drawn.times} />
          ))}
        </div>
      )}
    </section>
  );
}
