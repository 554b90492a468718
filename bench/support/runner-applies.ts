import { setImmediate } from 'node:timers/promises';
import type { SourceConfig } from '@countersign/runner/config/runner-config';
import { connectDatabase } from '@countersign/runner/databases/connect-database';
import type { Authority } from '@countersign/runner/databases/source-database';
import { verifyClaim } from '@countersign/runner/verify/verify-claim';
import { RUNNER, SOURCE, TENANT } from './names.ts';

/** The lease is not what is measured here: it holds. */
const held: Authority = { holds: () => true, regain: () => Promise.resolve(true) };

export interface Applies {
  readonly source: SourceConfig;
  readonly url: string;
  readonly seconds: number;
  /** How many jobs a lane is given at once; usually one. */
  readonly batch?: number;
  /** The next job of a lane, as a claim brings it. No two lanes share a row. */
  claimed(lane: number): unknown;
}

/** Verifies and applies jobs on as many lanes as the pool has connections; returns applies per second. */
export async function runnerApplies({ source, url, seconds, claimed, batch = 1 }: Applies): Promise<number> {
  const lanes = Array.from({ length: source.connections }, (_, lane) => lane);
  const scope = { sourceId: SOURCE, projectId: TENANT, source };
  const database = connectDatabase(source, url);
  const { signal } = new AbortController();
  const apply = async (lane: number) => {
    const claim = verifyClaim(scope, claimed(lane));
    if (claim.kind !== 'accepted') throw new Error(`the job was ${claim.kind}: ${claim.reason}`);
    const { attempt, leaseId } = claim.terms;
    const outcome = await database.apply(claim.plan, { attempt, leaseId, runnerId: RUNNER }, held, signal);
    if (outcome.kind !== 'applied') throw new Error(`the job ended as ${outcome.kind}`);
  };
  const applyAtOnce = async (lane: number) => {
    await Promise.all(Array.from({ length: batch }, () => apply(lane)));
  };
  try {
    // Each lane's first apply opens its connection, which the other side does not count either.
    await inTurnsOfTheirOwn(lanes, apply);
    return batch * (await turnsPerSecond(lanes, seconds, applyAtOnce));
  } finally {
    await database.close();
  }
}

/** Lets each lane take one turn after another for so long. */
export async function turnsPerSecond(
  lanes: readonly number[],
  seconds: number,
  turn: (lane: number) => Promise<void>,
): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let turns = 0;
  const work = async (lane: number) => {
    while (performance.now() < end) {
      await turn(lane);
      turns += 1;
    }
  };
  await inTurnsOfTheirOwn(lanes, work);
  return turns / seconds;
}

/** Does the work of all lanes at once, but begins each in a turn of its own: the runner gathers what comes in one. */
async function inTurnsOfTheirOwn(
  lanes: readonly number[],
  work: (lane: number) => Promise<void>,
): Promise<void> {
  const begun: Promise<void>[] = [];
  for (const lane of lanes) {
    begun.push(work(lane));
    await setImmediate();
  }
  await Promise.all(begun);
}
