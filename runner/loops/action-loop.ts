import type { ActionWorkerApi } from '@countersign/client/action-worker-api';
import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { wasCutShort } from '@countersign/client/cut-short';
import { pause } from '@countersign/client/pause';
import { claimedActionSchema } from '@countersign/protocol/action/action-job';
import { MOST_ACTIONS_A_CLAIM } from '@countersign/protocol/action/action-requests';
import { LONGEST_WAIT_SECONDS } from '@countersign/protocol/job-requests';
import type { Executors } from '../executors/executors.ts';
import { faultFields } from '../log.ts';
import { CLAIM_SECONDS, performClaimed } from './claimed-action.ts';
import { Lanes } from './lanes.ts';
import type { RunnerContext } from './runner-context.ts';

const RETRY = { leastMs: 250, mostMs: 15_000 } as const;
/** A refused credential is mended by a person. */
const REFUSED = { leastMs: 1_000, mostMs: 60_000 } as const;

export interface ActionLoop {
  readonly api: ActionWorkerApi;
  readonly executors: Executors;
  /** How many actions are performed at once; none are claimed ahead. */
  readonly atOnce: number;
  readonly isOnce: boolean;
}

/**
 * Claims actions of all configured targets, as many as can be performed at once, until the runner drains; what was
 * claimed is seen to its end. One held request while there is nothing to do; with `isOnce` nothing is held, and the
 * first claim that brings nothing is the last.
 */
export async function actionLoop(context: RunnerContext, loop: ActionLoop): Promise<void> {
  const { drain, log } = context;
  const lanes = new Lanes(loop.atOnce);
  for (let failures = 0; !drain.aborted; ) {
    await lanes.until(() => lanes.taken < loop.atOnce, drain);
    if (drain.aborted) break;
    const end = await claimOnce(context, loop, lanes);
    if (loop.isOnce && end !== 'taken') break;
    failures = typeof end === 'string' ? 0 : failures + 1;
    if (typeof end === 'string') continue;
    await pause(Math.max(end.leastMs, backoffMs(failures, end.limits, Math.random())), drain);
  }
  await lanes.until(() => lanes.isEmpty);
  log('info', 'acting_ended', { targets: loop.executors.targets });
}

/** How long to wait before the next claim. */
interface Setback {
  readonly limits: typeof RETRY | typeof REFUSED;
  readonly leastMs: number;
}

async function claimOnce(
  context: RunnerContext,
  loop: ActionLoop,
  lanes: Lanes,
): Promise<'taken' | 'empty' | Setback> {
  const { clock, drain, freezes, log, runnerId } = context;
  const { api, atOnce, executors, isOnce } = loop;
  const wait = isOnce ? 0 : LONGEST_WAIT_SECONDS;
  const limit = Math.min(atOnce - lanes.taken, MOST_ACTIONS_A_CLAIM);
  const request = {
    runner_id: runnerId,
    targets: [...executors.targets],
    limit,
    lease_seconds: CLAIM_SECONDS,
    wait_seconds: wait,
  };
  const sentAt = performance.now();
  try {
    const claimed = await clock.timed(() => api.claim(request, { signal: drain }));
    freezes.heard('actions', claimed.frozen);
    for (const given of claimed.actions.slice(0, limit)) take(context, loop, lanes, given);
    if (claimed.actions.length > 0) return 'taken';
    const isCut = wasCutShort(claimed, wait, performance.now() - sentAt);
    return isCut ? { limits: RETRY, leastMs: 0 } : 'empty';
  } catch (error) {
    const isRefused = error instanceof ApiError && error.isRefusal && error.code !== 'runner_draining';
    if (!drain.aborted) {
      const next = isRefused ? NOT_COVERED : undefined;
      log('warn', 'action_claim_failed', { ...faultFields(error), next });
    }
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    return { limits: isRefused ? REFUSED : RETRY, leastMs: Math.min(asked, RETRY.mostMs) };
  }
}

const NOT_COVERED = 'give this runner a token that covers its targets, or take them out of its configuration';

/** One that this runner does not understand is let lapse: what it would mean to answer is not known either. */
function take(context: RunnerContext, loop: ActionLoop, lanes: Lanes, given: unknown): void {
  const parsed = claimedActionSchema.safeParse(given);
  if (!parsed.success) {
    const paths = parsed.error.issues.map(({ path }) => path.join('.'));
    context.log('error', 'action_malformed', { fault: paths.join(', '), next: 'update this runner' });
    return;
  }
  const action = parsed.data;
  lanes.run(action.action_id, () => performClaimed(context, loop, action));
}
