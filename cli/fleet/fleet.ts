import type { FreezeView, RunnerView } from '@countersign/client/fleet-api';
import type { Plane } from '../plane.ts';

/** All that an operator looks at first: what holds work back, and the runners. */
export interface Fleet {
  readonly is_stopped: boolean;
  readonly freezes: readonly FreezeView[];
  readonly runners: readonly RunnerView[];
}

/** As many as a list gives at once. */
const MOST_AT_ONCE = 500;

export async function readFleet({ fleet }: Plane, signal: AbortSignal): Promise<Fleet> {
  const [{ freezes, is_stopped }, runners] = await Promise.all([
    fleet.freezes({ signal }),
    allRunners(fleet, signal),
  ]);
  return { is_stopped, freezes, runners };
}

async function allRunners(fleet: Plane['fleet'], signal: AbortSignal): Promise<readonly RunnerView[]> {
  const all: RunnerView[] = [];
  let cursor: string | undefined;
  do {
    const { next_cursor, runners } = await fleet.runners({ limit: MOST_AT_ONCE, cursor }, { signal });
    all.push(...runners);
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}
