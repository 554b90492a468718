import { LONGEST_WAIT_SECONDS } from '@countersign/protocol/job-requests';
import { MOST_TASKS_A_CLAIM } from '@countersign/protocol/run/run-requests';
import { ApiError } from '../api-error.ts';
import { type BackoffLimits, backoffMs } from '../backoff.ts';
import { wasCutShort } from '../cut-short.ts';
import { pause } from '../pause.ts';
import { takeTask } from './take-task.ts';
import type { Pool, WorkerParts } from './worker-parts.ts';

const RETRY = { leastMs: 250, mostMs: 15_000 } as const;
/** A refused credential is mended by a person. */
const REFUSED = { leastMs: 1_000, mostMs: 60_000 } as const;

interface Claimed {
  readonly taken: number;
  /** How long to wait at least before the next claim. */
  readonly setback: { readonly limits: BackoffLimits; readonly leastMs: number } | undefined;
}

/** Claims tasks of one pool, as many as can be worked at, until the worker drains. One held request while there are none. */
export async function claimLoop(parts: WorkerParts, pool: Pool): Promise<void> {
  const { drain, hands } = parts;
  let failures = 0;
  for (let turn = 0; ; turn += 1) {
    await hands.until(() => roomIn(parts, pool) > 0, drain);
    if (drain.aborted) return;
    const { setback } = await claimOnce(parts, pool, { turn, wait: LONGEST_WAIT_SECONDS, failures });
    failures = setback === undefined ? 0 : failures + 1;
    if (setback === undefined) continue;
    await pause(Math.max(setback.leastMs, backoffMs(failures, setback.limits, Math.random())), drain);
  }
}

/** Claims for all pools, holding no request, until there is nothing to do and nothing in hand from which more may follow. */
export async function claimUntilEmpty(parts: WorkerParts, pools: readonly Pool[]): Promise<void> {
  const { drain, hands } = parts;
  for (let turn = 0; !drain.aborted; turn += 1) {
    const { ended } = hands;
    let taken = 0;
    for (const pool of pools) {
      if (roomIn(parts, pool) === 0) continue;
      const claimed = await claimOnce(parts, pool, { turn, wait: 0, failures: 0 });
      if (claimed.setback !== undefined) return;
      taken += claimed.taken;
    }
    if (taken > 0) continue;
    if (hands.count === 0 && hands.ended === ended) return;
    await hands.until(() => hands.ended > ended, drain);
  }
}

function roomIn({ hands }: WorkerParts, pool: Pool): number {
  return pool.atOnce - hands.taken(pool);
}

interface Turn {
  readonly turn: number;
  /** Seconds. */
  readonly wait: number;
  readonly failures: number;
}

async function claimOnce(parts: WorkerParts, pool: Pool, { failures, turn, wait }: Turn): Promise<Claimed> {
  const { control, drain, freezes, leaseSeconds, tasks, tell, workerId } = parts;
  const limit = Math.min(roomIn(parts, pool), MOST_TASKS_A_CLAIM);
  const request = {
    runner_id: workerId,
    handlers: inTurn([...pool.handlers.keys()], turn),
    limit,
    lease_seconds: leaseSeconds,
    wait_seconds: wait,
    ...(control.known === undefined ? {} : { control_revision: control.known }),
  };
  const sentAt = performance.now();
  try {
    const claimed = await tasks.claim(request, { signal: drain });
    const isNews = claimed.control !== undefined && claimed.control.revision !== request.control_revision;
    control.notice(claimed.control);
    freezes.heard(pool, claimed.frozen);
    for (const given of claimed.tasks) takeTask(parts, pool, given, claimed.server_time);
    const taken = claimed.tasks.length;
    const isCut = taken === 0 && !isNews && wasCutShort(claimed, wait, performance.now() - sentAt);
    return { taken, setback: isCut ? { limits: RETRY, leastMs: 0 } : undefined };
  } catch (error) {
    if (!drain.aborted) tell({ kind: 'claim_failed', error, failures: failures + 1 });
    const isRefused = error instanceof ApiError && error.isRefusal && error.code !== 'runner_draining';
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    const setback = { limits: isRefused ? REFUSED : RETRY, leastMs: Math.min(asked, RETRY.mostMs) };
    return { taken: 0, setback };
  }
}

/** Tasks are handed out by handler, in the order in which they are named: each is named first once in a while. */
function inTurn(handlers: readonly string[], turn: number): string[] {
  const first = turn % handlers.length;
  return [...handlers.slice(first), ...handlers.slice(0, first)];
}
