import { explanationOf, type RunDetail, runDetailOf } from '@countersign/client/run-detail';
import { useQuery } from '@tanstack/react-query';
import { useFallbackPoll } from '../live/live-context.ts';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 3_000;

export function runKey(projectId: string, runId: string) {
  return [projectId, 'run', runId] as const;
}

/** One run with its steps and entries. */
export function useRun(runId: string) {
  const { projectId, runs } = usePlane();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  return useQuery({
    queryKey: runKey(projectId, runId),
    queryFn: async ({ signal }) => runDetailOf(await runs.read(runId, { signal })),
    refetchInterval: ({ state: { data } }) => (isSettled(data) ? false : poll),
  });
}

/** What happened in it, in words. What it says of proposals and actions changes while the run itself does not. */
export function useExplanation(runId: string, run: RunDetail | undefined) {
  const { projectId, runs } = usePlane();
  const poll = useFallbackPoll(LOOKED_AGAIN_MS);
  return useQuery({
    // Under no noun of the live feed: it tells of its proposals and actions as well, whatever changed of them.
    queryKey: [projectId, 'explanation', runId, run?.ledger_seq ?? null],
    queryFn: async ({ signal }) => explanationOf(await runs.explain(runId, { signal })),
    enabled: run !== undefined,
    placeholderData: (before) => before,
    refetchInterval: isSettled(run) ? false : poll,
  });
}

/** A run that was canceled may still have a write under way. */
function isSettled(run: RunDetail | undefined): boolean {
  return run?.terminal === true && (run.steps_open ?? 0) === 0;
}
