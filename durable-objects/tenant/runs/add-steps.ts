import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { newSteps } from './new-steps.ts';
import { findOpenRun } from './own-run.ts';

/** Whoever drives a run adds to it: what was read, what is noted, what was made, and what workers are to do. */
export function addSteps(
  world: World,
  { runId, steps }: AskOf<'add-steps'>,
  identity: Identity,
  now: number,
): Outcome {
  const found = findOpenRun(world, runId, identity);
  if (!found.ok) return unchanged(found);
  const added = newSteps(world, found.row, steps, {
    actor: identity.actor,
    now,
    firstSeq: world.nextSeq,
    behind: null,
  });
  if (!added.ok) return unchanged(added);
  const reply = answer({ ok: true, run_id: runId, step_ids: added.stepIds, ledger_seq: world.nextSeq }, 201);
  return { reply, entries: added.entries };
}
