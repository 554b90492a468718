import { sequenceOfId } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { StepRow } from '../runs-schema.ts';
import type { World } from '../turn/world.ts';
import { coversHandler } from './claim-tasks.ts';

interface Named {
  readonly claim_id: string;
  readonly runner_id: string;
}

export type HeldTask =
  | { readonly ok: true; readonly row: StepRow }
  | { readonly ok: false; readonly refusal: Refusal };

/** The task, where this worker's credential covers its handler. */
export function findTask(world: World, taskId: string, identity: Identity): HeldTask {
  const row = world.row('steps', taskId);
  const covers = identity.kind === 'system' || coversHandler(identity, row?.plan?.handler ?? '');
  if (row === undefined || row.kind !== 'task' || !covers) {
    return no('task_not_found', `there is no task ${taskId}`);
  }
  return { ok: true, row };
}

/** The task that this worker holds by the claim that it names. */
export function findHeldTask(
  world: World,
  taskId: string,
  named: Named,
  identity: Identity,
  now: number,
): HeldTask {
  const found = findTask(world, taskId, identity);
  if (!found.ok) return found;
  const refusal = refusalOfClaim(world, found.row, named, identity, now);
  return refusal === undefined ? found : { ok: false, refusal };
}

/** What is wrong with a claim that somebody names. Undefined: it is theirs and stands. */
function refusalOfClaim(
  world: World,
  row: StepRow,
  { claim_id, runner_id }: Named,
  identity: Identity,
  now: number,
): Refusal | undefined {
  const isMine = (runner: string | null, credential: string | null) =>
    identity.kind === 'system' || (runner === runner_id && credential === identity.actor.id);
  if (row.claim_id === claim_id) {
    if (!isMine(row.claim_runner, row.claim_credential)) return foreign();
    return (row.claim_expires_at ?? 0) > now ? undefined : over(row);
  }
  const given = claimGiven(world, row, claim_id);
  if (given === undefined) {
    const message = `no claim ${claim_id} was ever given for this task`;
    return { code: 'claim_required', message, next: 'claim it first' };
  }
  return isMine(given.runner_id, given.credential) ? over(row) : foreign();
}

function foreign(): Refusal {
  return { code: 'claim_foreign', message: 'another worker holds, or held, this claim' };
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

/** An earlier claim of this task, from the entry that gave it. */
function claimGiven(world: World, row: StepRow, claimId: string) {
  const seq = sequenceOfId('tcl', claimId, world.tenant);
  if (seq === undefined || seq >= world.nextSeq) return undefined;
  const body = world.body(seq);
  if (body === undefined || !('step_id' in body) || !('credential' in body)) return undefined;
  return body.claim_id === claimId && body.step_id === row.step_id ? body : undefined;
}

function no(code: Refusal['code'], message: string): HeldTask {
  return { ok: false, refusal: { code, message } };
}
