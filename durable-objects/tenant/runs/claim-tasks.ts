import type { Identity } from '../access/identity.ts';
import { controlSetting } from '../control/control-setting.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
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
  const foreign = handlers.find((handler) => !coversHandler(identity, handler));
  if (foreign !== undefined) {
    return unchanged(refuse('handler_not_permitted', `this token does not cover the tasks of ${foreign}`));
  }
  if (world.row('runners', runnerId)?.status === 'draining') {
    const message = `the runner ${runnerId} was taken out of service`;
    return unchanged(refuse('runner_draining', message, 'say that it is online again'));
  }
  const taken = takeTasks(world, { actor: identity.actor, runnerId, handlers, limit, leaseSeconds }, now);
  const reply = answer({
    ok: true,
    tasks: [],
    control: controlMark(world),
    server_time: new Date(now).toISOString(),
  });
  return { reply, entries: taken.entries, taken: taken.taskIds };
}

/** Whether a credential covers a handler's tasks. */
export function coversHandler(identity: Identity, handler: string): boolean {
  return 'handlers' in identity && identity.handlers.includes(handler);
}

/** How far the registry has come, so that a worker knows when to look again. */
export function controlMark(world: World) {
  const { digest, revision } = controlSetting(world.row('settings', 'control'));
  return { revision, digest };
}
