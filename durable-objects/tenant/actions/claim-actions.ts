import type { Identity } from '../access/identity.ts';
import { freezeOver } from '../freezes/freeze.ts';
import { freezeMark } from '../freezes/freeze-view.ts';
import { refuseOutOfService } from '../runners/out-of-service.ts';
import { seenRunner } from '../runners/seen-runner.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { takeActions } from './take-actions.ts';

/** A worker asks for actions. Nothing to do is an answer, and writes nothing. */
export function claimActions(
  world: World,
  { request }: AskOf<'claim-actions'>,
  identity: Identity,
  now: number,
): Outcome {
  const { lease_seconds: leaseSeconds, limit, runner_id: runnerId, targets } = request;
  const foreign = targets.find((target) => !coversTarget(identity, target));
  if (foreign !== undefined) {
    return unchanged(refuse('target_not_permitted', `this token does not cover the target ${foreign}`));
  }
  const known = world.row('runners', runnerId);
  const refusal = refuseOutOfService(known);
  if (refusal !== undefined) return unchanged(refusal);
  const freeze = freezeOver(world, { runner: runnerId }, now);
  if (freeze !== undefined) {
    const server_time = new Date(now).toISOString();
    return unchanged(answer({ ok: true, actions: [], frozen: freezeMark(freeze), server_time }));
  }
  const taken = takeActions(world, { actor: identity.actor, runnerId, targets, limit, leaseSeconds }, now);
  const reply = answer({ ok: true, actions: [], server_time: new Date(now).toISOString() });
  const seen = seenRunner(known, now);
  const volatile = seen === undefined ? {} : { volatile: seen };
  return { reply, entries: taken.entries, claimed: taken.actionIds, ...volatile };
}

/** Whether a credential covers a target. */
export function coversTarget(identity: Identity, target: string): boolean {
  return 'targets' in identity && identity.targets.includes(target);
}
