import { type Registration, TOKEN_SCOPE } from '@countersign/protocol/runner-messages';
import { ApiError } from '../api-error.ts';
import { backoffMs } from '../backoff.ts';
import { pause } from '../pause.ts';
import type { WorkerParts } from './worker-parts.ts';

const RETRY = { leastMs: 250, mostMs: 15_000 } as const;

/** Makes the worker known, unless it drains first. Throws where the control plane says no. */
export async function introduce(
  { drain, tell }: Pick<WorkerParts, 'drain' | 'tell'>,
  attempt: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  for (let failures = 1; !drain.aborted; failures += 1) {
    try {
      await attempt(drain);
      if (!drain.aborted) tell({ kind: 'introduced' });
      return;
    } catch (error) {
      if (drain.aborted) return;
      if (error instanceof ApiError && error.isRefusal) throw error;
      tell({ kind: 'introduction_failed', error, failures });
      await pause(backoffMs(failures, RETRY, Math.random()), drain);
    }
  }
}

/** How a worker that has no sources tells what it is. */
export function workerRegistration(workerId: string, version: string): Registration {
  return {
    schema_version: 'synapsor.runner-registration.v1',
    protocol_version: 'synapsor.runner-control.v1',
    runner_id: workerId,
    runner_version: version,
    engines: [],
    capabilities: ['task:claim', 'task:complete'],
    scope: { project_id: TOKEN_SCOPE, source_ids: [] },
    registered_at: new Date().toISOString(),
  };
}
