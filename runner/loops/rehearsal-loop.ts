import { ApiError } from '@countersign/client/api-error';
import { backoffMs } from '@countersign/client/backoff';
import { wasCutShort } from '@countersign/client/cut-short';
import { pause } from '@countersign/client/pause';
import { LONGEST_WAIT_SECONDS } from '@countersign/protocol/job-requests';
import { MOST_REHEARSALS_A_CLAIM } from '@countersign/protocol/rehearsal';
import type { SourceDatabase } from '../databases/source-database.ts';
import { faultFields } from '../log.ts';
import type { Rehearsals } from './rehearsals.ts';
import type { RunnerContext } from './runner-context.ts';
import { untilReachable } from './until-reachable.ts';

const RETRY = { leastMs: 250, mostMs: 15_000 } as const;
/** A refused credential is mended by a person, and so is a control plane that has no rehearsals. */
const REFUSED = { leastMs: 1_000, mostMs: 60_000 } as const;

export interface RehearsalLoop {
  readonly sourceId: string;
  readonly database: SourceDatabase;
  readonly rehearsals: Rehearsals;
  readonly isOnce: boolean;
}

/**
 * Claims rehearsals of one source, as many as can be carried out at once and none ahead, until the runner drains. As
 * with jobs, this is one held request while there is nothing to do; with `isOnce` nothing is held, and
 * the first claim that brings nothing is the last.
 */
export async function rehearsalLoop(context: RunnerContext, loop: RehearsalLoop): Promise<void> {
  const { drain, log } = context;
  const { database, isOnce, rehearsals, sourceId } = loop;
  const { lanes, most } = rehearsals;
  for (let failures = 0; !drain.aborted; ) {
    await lanes.until(() => lanes.taken < most, drain);
    // Another runner may reach it.
    if (rehearsals.databaseIsAway) await untilReachable(context, sourceId, database, RETRY);
    if (drain.aborted) break;
    rehearsals.databaseIsAway = false;
    const end = await claimOnce(context, loop, Math.min(most - lanes.taken, MOST_REHEARSALS_A_CLAIM));
    if (isOnce && end !== 'taken') break;
    failures = typeof end === 'string' ? 0 : failures + 1;
    if (typeof end === 'string') continue;
    await pause(Math.max(end.leastMs, backoffMs(failures, end.limits, Math.random())), drain);
  }
  await lanes.until(() => lanes.isEmpty);
  log('info', 'rehearsing_ended', { source_id: sourceId });
}

/** How long to wait before the next claim. */
interface Setback {
  readonly limits: typeof RETRY | typeof REFUSED;
  readonly leastMs: number;
}

async function claimOnce(
  context: RunnerContext,
  { isOnce, rehearsals, sourceId }: RehearsalLoop,
  limit: number,
): Promise<'taken' | 'empty' | Setback> {
  const { api, clock, drain, freezes, log, runnerId } = context;
  const wait = isOnce ? 0 : LONGEST_WAIT_SECONDS;
  const request = { source_id: sourceId, runner_id: runnerId, limit, wait_seconds: wait };
  const sentAt = performance.now();
  try {
    const claimed = await clock.timed(() => api.claimRehearsals(request, { signal: drain }));
    freezes.heard(`rehearsals of ${sourceId}`, claimed.frozen);
    for (const rehearsal of claimed.rehearsals.slice(0, limit)) rehearsals.take(rehearsal);
    if (claimed.rehearsals.length > 0) return 'taken';
    const isCut = wasCutShort(claimed, wait, performance.now() - sentAt);
    return isCut ? { limits: RETRY, leastMs: 0 } : 'empty';
  } catch (error) {
    const isRefused = error instanceof ApiError && error.isRefusal && error.code !== 'runner_draining';
    if (!drain.aborted) {
      const next = isRefused ? NO_REHEARSALS : undefined;
      log('warn', 'rehearsal_claim_failed', { source_id: sourceId, ...faultFields(error), next });
    }
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    return { limits: isRefused ? REFUSED : RETRY, leastMs: Math.min(asked, RETRY.mostMs) };
  }
}

const NO_REHEARSALS =
  'give this runner a token that covers the source, or take `rehearsals` out of its configuration';
