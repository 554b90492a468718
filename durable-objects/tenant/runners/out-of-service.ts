import type { RunnerRow } from '../schema.ts';
import { type Reply, refuse } from '../turn/reply.ts';

/**
 * Refuses work to a runner that was taken out of service: its process may not know, since others can do that, and it must
 * be able to tell this from an empty queue.
 */
export function refuseOutOfService(runner: RunnerRow | undefined): Reply | undefined {
  if (runner === undefined || runner.status === 'online') return undefined;
  const message = `the runner ${runner.runner_id} was taken out of service`;
  const next =
    runner.status === 'archived'
      ? 'register it again'
      : runner.drained === null
        ? 'say that it is online again'
        : 'an operator takes it back into service, or a start of its process does';
  return refuse('runner_draining', message, next);
}
