import { ApiError } from '@countersign/client/api-error';
import type { EngineHealth, FreezeView, RunnerView } from '@countersign/client/fleet-api';
import type { Plane } from '../plane.ts';

/** All that an operator looks at first: what holds work back, and the runners. */
export interface Fleet {
  readonly is_stopped: boolean;
  readonly freezes: readonly FreezeView[];
  readonly runners: readonly RunnerView[];
  /** How much waits; null where the credential may see runners and no more. */
  readonly depths: Pick<EngineHealth, 'actions' | 'depths' | 'tasks'> | null;
}

/** As many as a list gives at once. */
const MOST_AT_ONCE = 500;

export async function readFleet(plane: Plane, signal: AbortSignal): Promise<Fleet> {
  const { fleet } = plane;
  const [{ freezes, is_stopped }, runners, depths] = await Promise.all([
    fleet.freezes({ signal }),
    readRunners(plane, signal),
    readDepths(fleet, signal),
  ]);
  return { is_stopped, freezes, runners, depths };
}

async function readDepths(fleet: Plane['fleet'], signal: AbortSignal): Promise<Fleet['depths']> {
  try {
    const { actions, depths, tasks } = await fleet.health({ signal });
    return { depths, actions, tasks };
  } catch (error) {
    if (error instanceof ApiError && error.code === 'forbidden') return null;
    throw error;
  }
}

/** Every runner, page by page. */
export async function readRunners({ fleet }: Plane, signal: AbortSignal): Promise<readonly RunnerView[]> {
  const all: RunnerView[] = [];
  let cursor: string | undefined;
  do {
    const { next_cursor, runners } = await fleet.runners({ limit: MOST_AT_ONCE, cursor }, { signal });
    all.push(...runners);
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}
