import type { ActionWorkerApi } from '@countersign/client/action-worker-api';
import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import type { ActionOutcome, ClaimedAction } from '@countersign/protocol/action/action-job';
import type { Executors } from '../executors/executors.ts';
import { reach } from '../failpoints.ts';
import { faultFields } from '../log.ts';
import type { RunnerContext } from './runner-context.ts';

/** Long enough for the slowest provider, with a renewal in between; short enough for a runner that was lost. */
export const CLAIM_SECONDS = 60;
const RETRY = { leastMs: 200, mostMs: 15_000 } as const;

interface Work {
  readonly api: ActionWorkerApi;
  readonly executors: Executors;
}

/**
 * The life of a claimed action here: say that it begins, where that must be said; perform it; say how it ended, until
 * somebody has heard it. What is not said is settled by the claim's end: the control plane knows what had begun.
 */
export async function performClaimed(
  context: RunnerContext,
  { api, executors }: Work,
  action: ClaimedAction,
): Promise<void> {
  const { giveUp, log } = context;
  const about = aboutOf(action);
  try {
    if (!(await begin(context, api, action))) return;
    const renewing = new AbortController();
    const renewed = keepClaim(context, api, action, renewing.signal);
    try {
      await reach('before_perform');
      // Later than it is rather than earlier: a key that may be forgotten is not repeated.
      const now = context.clock.latestMs();
      const result = await executors.perform(action, { now, signal: giveUp });
      await reach('after_perform');
      log(result.outcome === 'succeeded' ? 'info' : 'warn', 'performed', { ...about, ...told(result) });
      await confirm(context, api, action, result);
    } finally {
      renewing.abort();
      await renewed;
    }
  } catch (error) {
    log('error', 'action_fault', { ...about, ...faultFields(error) });
  }
}

function aboutOf({ action_id, attempt, name, target }: ClaimedAction) {
  return { action_id, action: name, target, attempt };
}

function told({ outcome, code }: ActionOutcome) {
  return { outcome, code };
}

function claimOf(context: RunnerContext, { claim_id }: ClaimedAction) {
  return { runner_id: context.runnerId, claim_id };
}

/** A claim that is over, or soon will be, begins nothing. */
async function begin(context: RunnerContext, api: ActionWorkerApi, action: ClaimedAction): Promise<boolean> {
  const { clock, giveUp, log } = context;
  if (clock.latestMs() >= Date.parse(action.expires_at)) {
    log('warn', 'action_claim_over', aboutOf(action));
    return false;
  }
  if (!action.must_begin) return true;
  try {
    await clock.timed(() => api.begin(action.action_id, claimOf(context, action), { signal: giveUp }));
    return true;
  } catch (error) {
    // Nothing has begun, so the claim may lapse.
    log('warn', 'action_not_begun', { ...aboutOf(action), ...faultFields(error) });
    if (error instanceof ApiError && error.code === 'frozen') await giveBack(context, api, action);
    return false;
  }
}

/** Said once: where that is not heard, the claim runs out. */
async function giveBack(context: RunnerContext, api: ActionWorkerApi, action: ClaimedAction): Promise<void> {
  const { giveUp, log } = context;
  const request = { ...claimOf(context, action), reason: 'frozen' } as const;
  try {
    await api.return(action.action_id, request, { signal: giveUp });
    log('info', 'action_returned', { ...aboutOf(action), reason: request.reason });
  } catch (error) {
    log('warn', 'action_not_returned', { ...aboutOf(action), ...faultFields(error) });
  }
}

/** Renews a claim while its action is performed. One that is lost changes nothing here: the effect may be under way. */
async function keepClaim(
  context: RunnerContext,
  api: ActionWorkerApi,
  action: ClaimedAction,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await pause((CLAIM_SECONDS * 1_000) / 3, signal);
    if (signal.aborted) return;
    try {
      const request = { ...claimOf(context, action), lease_seconds: CLAIM_SECONDS };
      await context.clock.timed(() => api.renew(action.action_id, request, { signal }));
    } catch (error) {
      if (signal.aborted) return;
      context.log('warn', 'action_renewal_failed', { ...aboutOf(action), ...faultFields(error) });
      if (error instanceof ApiError && error.isRefusal) return;
    }
  }
}

/** Sent until there is a final answer, or the runner gives up. */
async function confirm(
  context: RunnerContext,
  api: ActionWorkerApi,
  action: ClaimedAction,
  result: ActionOutcome,
): Promise<void> {
  const { giveUp, log } = context;
  const request = { ...claimOf(context, action), result };
  await reach('before_confirm');
  for (let failures = 1; ; failures += 1) {
    try {
      const { status } = await api.confirm(action.action_id, request, { signal: giveUp });
      log('info', 'confirmed', { ...aboutOf(action), status });
      return;
    } catch (error) {
      const fields = { ...aboutOf(action), ...told(result), ...faultFields(error) };
      if (error instanceof ApiError && error.isRefusal && error.status !== 401) {
        log('error', 'confirm_refused', fields);
        return;
      }
      if (giveUp.aborted) {
        log('error', 'confirm_undelivered', fields);
        return;
      }
      log('warn', 'confirm_failed', { ...fields, failures });
      const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      await pause(Math.max(Math.min(asked, RETRY.mostMs), backoffMs(failures, RETRY, Math.random())), giveUp);
    }
  }
}
