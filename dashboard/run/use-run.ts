import { explanationOf, type RunDetail, runDetailOf } from '@countersign/client/run-detail';
import { useQuery } from '@tanstack/react-query';
import { usePlane } from '../plane/plane-context.ts';

const LOOKED_AGAIN_MS = 3_000;

export function runKey(projectId: string, runId: string) {
  return [projectId, 'run', runId] as const;
}

/** One run with its steps and entries. */
export function useRun(runId: string) {
  const { projectId, runs } = usePlane();
  return useQuery({
    queryKey: runKey(projectId, runId),
    queryFn: async ({ signal }) => runDetailOf(await runs.read(runId, { signal })),
    refetchInterval: ({ state: { data } }) => (isSettled(data) ? false : LOOKED_AGAIN_MS),
  });
}

/** What happened in it, in words. What it says of proposals and actions changes while the run itself does not. */
export function useExplanation(runId: string, run: RunDetail | undefined) {
  const { projectId, runs } = usePlane();
  return useQuery({
    queryKey: [...runKey(projectId, runId), 'explanation', run?.ledger_seq ?? null],
    queryFn: async ({ signal }) => explanationOf(await runs.explain(runId, { signal })),
    enabled: run !== undefined,
    placeholderData: (before) => before,
    refetchInterval: isSettled(run) ? false : LOOKED_AGAIN_MS,
  });
}

/** A run that was canceled may still have a write under way. */
function isSettled(run: RunDetail | undefined): boolean {
  return run?.terminal === true && (run.steps_open ?? 0) === 0;
}
