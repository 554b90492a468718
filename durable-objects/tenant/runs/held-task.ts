import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import { type NamedClaim, refusalOfClaim } from '../claims/refusal-of-claim.ts';
import type { StepRow } from '../runs-schema.ts';
import type { World } from '../turn/world.ts';
import { coversHandler } from './claim-tasks.ts';

export type HeldTask =
  | { readonly ok: true; readonly row: StepRow }
  | { readonly ok: false; readonly refusal: Refusal };

/** The task, where this worker's credential covers its handler. */
export function findTask(world: World, taskId: string, identity: Identity): HeldTask {
  const row = world.row('steps', taskId);
  const covers = identity.kind === 'system' || coversHandler(identity, row?.plan?.handler ?? '');
  if (row === undefined || row.kind !== 'task' || !covers) {
    return { ok: false, refusal: { code: 'task_not_found', message: `there is no task ${taskId}` } };
  }
  return { ok: true, row };
}

/** The task that this worker holds by the claim that it names. */
export function findHeldTask(
  world: World,
  taskId: string,
  named: NamedClaim,
  identity: Identity,
  now: number,
): HeldTask {
  const found = findTask(world, taskId, identity);
  if (!found.ok) return found;
  const { row } = found;
  const claimed = { noun: 'task', prefix: 'tcl', id: row.step_id, row, over: over(row) } as const;
  const refusal = refusalOfClaim(world, claimed, named, identity, now);
  return refusal === undefined ? found : { ok: false, refusal };
}

function over({ cause, state }: StepRow): Refusal {
  if (state === 'canceled') {
    return {
      code: 'task_canceled',
      message: `the task was canceled: ${cause?.message ?? 'no reason was given'}`,
    };
  }
  return { code: 'claim_expired', message: `the claim is over; the task is ${state}` };
}
