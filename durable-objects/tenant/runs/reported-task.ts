import { digest } from '@countersign/protocol/canonical-json';
import type { Identity } from '../access/identity.ts';
import type { NamedClaim } from '../claims/refusal-of-claim.ts';
import type { StepRow } from '../runs-schema.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { findHeldTask, findTask } from './held-task.ts';

/** A worker's last word on a task that it holds, or how one is answered that is not that. */
export type ReportedTask =
  | { readonly isNew: true; readonly row: StepRow; readonly said: string }
  | { readonly isNew: false; readonly reply: Reply };

/** Hears how a claim ended. What it said before comes before whether it stands: the first word ended it. */
export function reportedTask(
  world: World,
  taskId: string,
  report: { readonly verb: 'completed' | 'failed'; readonly request: NamedClaim },
  identity: Identity,
  now: number,
): ReportedTask {
  const { request, verb } = report;
  const found = findTask(world, taskId, identity);
  if (!found.ok) return { isNew: false, reply: found };
  const { claim_id: _claim, runner_id: _runner, ...words } = request;
  const said = digest({ [verb]: words });
  const before = alreadyTold(found.row, request, said, identity);
  if (before !== undefined) return { isNew: false, reply: before };
  const held = findHeldTask(world, taskId, request, identity, now);
  return held.ok ? { isNew: true, row: held.row, said } : { isNew: false, reply: held };
}

/** What a claim has said already: the same again is the same answer, anything else is refused. */
function alreadyTold(
  { state, step_id, told }: StepRow,
  { claim_id, runner_id }: NamedClaim,
  said: string,
  { actor }: Identity,
): Reply | undefined {
  if (told?.claim_id !== claim_id) return undefined;
  if (told.credential !== actor.id || told.runner_id !== runner_id) return undefined;
  if (told.digest === said) return answer({ ok: true, task_id: step_id, status: state });
  return refuse('confirm_differs', 'this claim has ended otherwise already');
}
