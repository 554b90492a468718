import type { RunDetail } from '@countersign/client/run-detail';
import { getRouteApi } from '@tanstack/react-router';
import { Suspense } from 'react';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { stepsByCited } from './cited.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { Explanation } from './explanation.tsx';
import { StepGraph } from './lazy-graph.ts';
import { RunChain } from './run-chain.tsx';
import { RunEnds } from './run-ends.tsx';
import { RunHead } from './run-head.tsx';
import styles from './run-page.module.css';
import { StepCard } from './step-card.tsx';
import { StepList } from './step-list.tsx';
import { useExplanation, useRun } from './use-run.ts';

const route = getRouteApi('/gate/t/$project/runs/$runId');

/** One run: its steps, what follows what, and what happened in words. */
export function RunPage() {
  const { runId } = route.useParams();
  const { data: run, error, refetch } = useRun(runId);
  const told = useExplanation(runId, run);
  if (run === undefined) {
    return error === null ? <PageWait /> : <Fault error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
        <RunHead run={run} />
        <RunEnds run={run} />
        <Steps run={run} />
      </div>
      <section className={styles.side} aria-labelledby="explanation">
        <h2 id="explanation">What happened</h2>
        <RunChain run={run} />
        {told.error === null ? null : <Fault error={told.error} onRetry={() => void told.refetch()} />}
        {told.data === undefined ? null : (
          <>
            <Explanation explanation={told.data} />
            <OpenEntry run={run} steps={stepsByCited(told.data)} />
          </>
        )}
      </section>
    </div>
  );
}

/** To lay out more takes longer than anybody waits, and nobody reads it. */
const MOST_DRAWN = 300;

function Steps({ run: { run_id, steps } }: { readonly run: RunDetail }) {
  const { step: openId } = route.useSearch();
  const open = steps.find(({ step_id }) => step_id === openId);
  if (steps.length === 0) {
    return (
      <p className={styles.none}>No step yet. What the agent reads, proposes or has done appears here.</p>
    );
  }
  return (
    <>
      {steps.length > MOST_DRAWN ? (
        <p className={styles.none}>
          A graph is drawn of {MOST_DRAWN} steps at most; the list has all {steps.length.toLocaleString()}.
        </p>
      ) : (
        <Suspense fallback={<div className={styles.waiting} />}>
          <StepGraph steps={steps} openId={openId} />
        </Suspense>
      )}
      {open === undefined ? null : <StepCard runId={run_id} step={open} steps={steps} />}
      <section className={styles.steps} aria-labelledby="steps">
        <h2 id="steps">Steps</h2>
        <StepList steps={steps} openId={openId} />
      </section>
    </>
  );
}

interface OpenEntryProps {
  readonly run: RunDetail;
  readonly steps: ReadonlyMap<number, string | null>;
}

function OpenEntry({ run, steps }: OpenEntryProps) {
  const { entry } = route.useSearch();
  const navigate = route.useNavigate();
  if (entry === undefined) return null;
  return (
    <EntryDialog
      run={run}
      seq={entry}
      step={run.steps.find(({ step_id }) => step_id === steps.get(entry))}
      onClose={() =>
        void navigate({ search: (before) => ({ ...before, entry: undefined }), resetScroll: false })
      }
    />
  );
}
