import type { ClaimedTask } from '@countersign/protocol/run/task';
import type { Identity } from '../access/identity.ts';
import { controlSetting } from '../control/control-setting.ts';
import { freezeOver } from '../freezes/freeze.ts';
import { freezeMark } from '../freezes/freeze-view.ts';
import { refuseOutOfService } from '../runners/out-of-service.ts';
import { seenRunner } from '../runners/seen-runner.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { takeTasks } from './take-tasks.ts';

/** A worker asks for tasks. Nothing to do is an answer, and writes nothing. */
export function claimTasks(
  world: World,
  { request }: AskOf<'claim-tasks'>,
  identity: Identity,
  now: number,
): Outcome {
  const { handlers, lease_seconds: leaseSeconds, limit, runner_id: runnerId } = request;
  const known = world.row('runners', runnerId);
  const foreign = handlers.find((handler) => !coversHandler(identity, handler));
  if (foreign !== undefined) {
    return unchanged(refuse('handler_not_permitted', `this token does not cover the tasks of ${foreign}`));
  }
  const refusal = refuseOutOfService(known);
  if (refusal !== undefined) return unchanged(refusal);
  const freeze = freezeOver(world, { runner: runnerId }, now);
  if (freeze !== undefined) {
    const reply = tasksAnswer(world, [], now, request.control_revision);
    return unchanged(reply.ok ? answer({ ...reply.body, frozen: freezeMark(freeze) }) : reply);
  }
  const taken = takeTasks(world, { actor: identity.actor, runnerId, handlers, limit, leaseSeconds }, now);
  const seen = seenRunner(known, now);
  return {
    reply: tasksAnswer(world, [], now, request.control_revision),
    entries: taken.entries,
    ...(seen === undefined ? {} : { volatile: seen }),
    ...(taken.taskIds.length === 0 ? {} : { taken: taken.taskIds }),
  };
}

/** Whether a credential covers a handler's tasks. */
export function coversHandler(identity: Identity, handler: string): boolean {
  return 'handlers' in identity && identity.handlers.includes(handler);
}

/** The answer to a claim. One that shows that the registry has moved is not held back, though it has no task. */
export function tasksAnswer(
  world: World,
  tasks: readonly ClaimedTask[],
  now: number,
  knownRevision?: number,
): Reply {
  const control = controlMark(world);
  const control_moved = knownRevision !== undefined && knownRevision !== control.revision;
  return answer({ ok: true, tasks, control, control_moved, server_time: new Date(now).toISOString() });
}

/** How far the registry has come, so that a worker knows when to look again. */
export function controlMark(world: World) {
  const { digest, revision } = controlSetting(world.row('settings', 'control'));
  return { revision, digest };
}
