import { ApiError } from '@countersign/client/api-error';
import { type BackoffLimits, backoffMs } from '@countersign/client/backoff';
import { wasCutShort } from '@countersign/client/cut-short';
import { pause } from '@countersign/client/pause';
import type { Claimed } from '@countersign/client/runner-api';
import { LEASE_SECONDS, LONGEST_WAIT_SECONDS, MOST_JOBS_A_CLAIM } from '@countersign/protocol/job-requests';
import type { SourceDatabase } from '../databases/source-database.ts';
import { faultFields } from '../log.ts';
import type { Jobs } from './jobs.ts';
import type { Lanes } from './lanes.ts';
import type { ReportQueue } from './report-queue.ts';
import type { RunnerContext } from './runner-context.ts';
import { untilReachable } from './until-reachable.ts';

const RETRY = { leastMs: 250, mostMs: 15_000 } as const;
/** A refused credential is mended by a person. */
const UNAUTHORIZED = { leastMs: 1_000, mostMs: 60_000 } as const;
/** When the bound of the server's clock is looser than this, one poll is not held, so that it is tight again. */
const MOST_DRIFT_MS = 2_000;

/** How long writes that have just begun go before the next claim, which would compete with them. */
const HEAD_START_MS = 5;

/** How long to wait before the next claim. */
interface Setback {
  readonly limits: BackoffLimits;
  readonly leastMs: number;
}

export interface ClaimLoop {
  readonly sourceId: string;
  readonly database: SourceDatabase;
  readonly jobs: Jobs;
  readonly lanes: Lanes;
  readonly reports: ReportQueue;
  readonly isOnce: boolean;
}

/**
 * Leases jobs of one source whenever a lane is free, and the next ones while all are taken, until the runner drains.
 * While there is nothing to do this is one held request, and nothing else. With `isOnce` nothing is held, and the first claim that finds nothing is the last.
 */
export async function claimLoop(context: RunnerContext, loop: ClaimLoop): Promise<void> {
  const { clock, drain, log, observe } = context;
  const { lanes, reports, sourceId } = loop;
  observe({ kind: 'serving', sourceId, lanes });
  let wait: number = LONGEST_WAIT_SECONDS;
  for (let failures = 0; !drain.aborted; ) {
    await lanes.until(() => lanes.room > 0, drain);
    observe({ kind: 'turn', sourceId });
    // What it took while the database is away could only be given back.
    if (loop.jobs.databaseIsAway) await untilReachable(context, sourceId, loop.database, RETRY);
    if (drain.aborted) break;
    loop.jobs.databaseIsAway = false;
    // One short poll at a time: where it does not help, the line is slow, and asking faster makes it no better.
    wait = loop.isOnce || (wait > 0 && clock.driftMs() > MOST_DRIFT_MS) ? 0 : LONGEST_WAIT_SECONDS;
    const limit = Math.min(lanes.room, reports.room, MOST_JOBS_A_CLAIM);
    const end = limit > 0 ? await claimOnce(context, loop, limit, wait) : { limits: RETRY, leastMs: 0 };
    if (end === 'empty' && loop.isOnce) break;
    const setback = typeof end === 'string' ? undefined : end;
    failures = setback === undefined ? 0 : failures + 1;
    if (setback === undefined) continue;
    await pause(Math.max(setback.leastMs, backoffMs(failures, setback.limits, Math.random())), drain);
  }
  log('info', 'claiming_ended', { source_id: sourceId });
}

/** Claims once; what came of it, or how long to wait before the next claim. */
async function claimOnce(
  context: RunnerContext,
  loop: ClaimLoop,
  limit: number,
  wait: number,
): Promise<'jobs' | 'empty' | Setback> {
  const { drain, freezes, log, observe } = context;
  const { sourceId } = loop;
  const sentAt = performance.now();
  const ended = (outcome: 'jobs' | 'empty' | 'failed', isDraining = false) =>
    observe({ kind: 'claim', sourceId, outcome, seconds: (performance.now() - sentAt) / 1_000, isDraining });
  try {
    const claimed = await claim(context, loop, limit, wait);
    const { frozen, jobs } = claimed;
    freezes.heard(`jobs of ${sourceId}`, frozen);
    const outcome = jobs.length > 0 ? 'jobs' : 'empty';
    ended(outcome);
    // More than was asked for would be more than there are lanes; what is left lapses.
    for (const job of jobs.slice(0, limit)) loop.jobs.take(job);
    if (jobs.length > 0) await headStart(loop.lanes);
    const isCut = jobs.length === 0 && wasCutShort(claimed, wait, performance.now() - sentAt);
    return isCut ? { limits: RETRY, leastMs: 0 } : outcome;
  } catch (error) {
    if (!drain.aborted) ended('failed', isOutOfService(error));
    const isUnauthorized = error instanceof ApiError && error.isUnauthorized;
    const fields = { source_id: sourceId, ...faultFields(error) };
    if (isUnauthorized) log('error', 'claim_unauthorized', { ...fields, next: NEW_TOKEN });
    else if (!drain.aborted) log('warn', 'claim_failed', { ...fields, next: adviceFor(error) });
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    return { limits: isUnauthorized ? UNAUTHORIZED : RETRY, leastMs: Math.min(asked, RETRY.mostMs) };
  }
}

/** Until one of the jobs under way has ended, but not for long. */
function headStart(lanes: Lanes): Promise<void> {
  const { taken } = lanes;
  return lanes.until(() => lanes.taken < taken, AbortSignal.timeout(HEAD_START_MS));
}

const NEW_TOKEN = 'give this runner a token that is valid and covers the source';

/** Somebody took the runner out of service, or another process of its name did as it ended. */
function isOutOfService(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'runner_draining';
}

function adviceFor(error: unknown): string | undefined {
  if (!isOutOfService(error)) return undefined;
  return '`drain --undo` puts this runner back into service, or the operator who took it out; so does a restart';
}

function claim(
  context: RunnerContext,
  loop: ClaimLoop,
  limit: number,
  waitSeconds: number,
): Promise<Claimed> {
  const { api, clock, drain, runnerId } = context;
  const request = {
    source_id: loop.sourceId,
    runner_id: runnerId,
    limit,
    lease_seconds: LEASE_SECONDS.usual,
    wait_seconds: waitSeconds,
  };
  return clock.timed(() => api.claim(request, { signal: drain }));
}
