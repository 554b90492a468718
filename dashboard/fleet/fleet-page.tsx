import { lazy, Suspense } from 'react';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { BeingWritten } from './being-written.tsx';
import { Depths } from './depths.tsx';
import styles from './fleet-page.module.css';
import { Freezes } from './freezes.tsx';
import { Runners } from './runners.tsx';
import { StopPanel } from './stop-panel.tsx';
import { useFreezes } from './use-fleet.ts';

// The library that draws is heavier than all the rest of the page.
const Charts = lazy(() => import('./charts.tsx').then(({ Charts: it }) => ({ default: it })));

/** The runners, what holds them back, and what they do. */
export function FleetPage() {
  const { data, error, refetch } = useFreezes();
  return (
    <div className={styles.page}>
      <h1>Fleet</h1>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <PageWait />
        ) : null
      ) : (
        <>
          <StopPanel freezes={data.freezes} />
          <Depths />
          <div className={styles.halves}>
            <BeingWritten />
            <Freezes freezes={data.freezes} />
          </div>
          <Runners />
          <Suspense fallback={<PageWait />}>
            <Charts />
          </Suspense>
        </>
      )}
    </div>
  );
}
