import type { Identity } from '../access/identity.ts';
import type { RunnerRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { runnerSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';

/**
 * Takes a runner out of service, or back into it. It finishes what it holds and is given nothing more; what it says of
 * itself does not undo that, and only a start of its process, or the word of a person, does.
 */
export function drainRunner(
  world: World,
  { isUndo, reason, runnerId }: AskOf<'drain-runner'>,
  { actor, name }: Identity,
): Outcome {
  const row = world.row('runners', runnerId);
  if (row === undefined || row.status === 'archived') return unknown(runnerId);
  const reply = answer({ ok: true, runner_id: runnerId, status: isUndo ? 'online' : 'draining' });
  const isSo = isUndo ? row.status === 'online' : row.drained !== null;
  const dismissed = isUndo ? {} : { dismissed: runnerId };
  if (isSo) return { ...unchanged(reply), ...dismissed };
  const type = isUndo ? 'runner.undrained' : 'runner.drained';
  const body = { runner_id: runnerId, reason, name };
  return { reply, entries: [{ type, actor, subject: runnerSubject(runnerId), body }], ...dismissed };
}

/** Takes a runner that has gone off the list of those that are expected. It comes back by introducing itself. */
export function archiveRunner(
  world: World,
  { reason, runnerId }: AskOf<'archive-runner'>,
  { actor, name }: Identity,
): Outcome {
  const row: RunnerRow | undefined = world.row('runners', runnerId);
  if (row === undefined) return unknown(runnerId);
  const reply = answer({ ok: true, runner_id: runnerId, status: 'archived' });
  if (row.status === 'archived') return unchanged(reply);
  const body = { runner_id: runnerId, reason, name };
  return {
    reply,
    entries: [{ type: 'runner.archived', actor, subject: runnerSubject(runnerId), body }],
    dismissed: runnerId,
  };
}

function unknown(runnerId: string): Outcome {
  return unchanged(refuse('runner_not_found', `there is no runner ${runnerId}`));
}
