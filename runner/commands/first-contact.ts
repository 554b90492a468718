import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import type { Ack } from '@countersign/client/runner-api';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { faultFields } from '../log.ts';
import type { RunnerContext } from '../loops/runner-context.ts';

const RETRY = { leastMs: 250, mostMs: 5_000 } as const;

/**
 * Asks the control plane something that must work before there is any point in running, for a while.
 *
 * @param step what is asked, for the log
 * @param patienceMs for how long a control plane that cannot be reached is tried
 * @returns why the runner must end, or undefined when it was answered
 */
export async function firstContact(
  { clock, drain, log }: RunnerContext,
  step: string,
  patienceMs: number,
  ask: (options: { signal: AbortSignal }) => Promise<Ack>,
): Promise<ExitCode | undefined> {
  const started = performance.now();
  for (let failures = 1; !drain.aborted; failures += 1) {
    try {
      await clock.timed(() => ask({ signal: drain }));
      return undefined;
    } catch (error) {
      if (drain.aborted) break;
      const fields = { step, ...faultFields(error) };
      if (error instanceof ApiError && error.isRefusal) {
        log('error', 'control_plane_refused', { ...fields, next: adviceFor(error) });
        return exitCodes.refused;
      }
      if (performance.now() - started >= patienceMs) {
        log('error', 'control_plane_unreachable', {
          ...fields,
          next: 'check control_plane.url and the way to it',
        });
        return exitCodes.unreachable;
      }
      log('warn', 'control_plane_away', { ...fields, failures });
    }
    await pause(backoffMs(failures, RETRY, Math.random()), drain);
  }
  return exitCodes.ok;
}

function adviceFor(error: ApiError): string {
  if (error.status === 401)
    return 'the token is not valid (any more): issue a runner token and set control_plane.token';
  if (error.status === 403)
    return 'the token may not do this: issue one that covers every source of the configuration';
  return 'control_plane.url may not be a control plane that this runner can work with';
}
