import { providers } from '@countersign/protocol/action/providers';
import { mintId } from '@countersign/protocol/ids';
import type { Actor } from '@countersign/protocol/ledger';
import type { ActionRow } from '../actions-schema.ts';
import { freezeOfRow, nextAttempt } from '../freezes/freeze.ts';
import { freezeAction } from '../freezes/freeze-rows.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { queueLane } from './action-lane.ts';
import { actionSubject } from './action-subject.ts';
import { expireAction } from './expire-action.ts';
import { isResting, needsTrial, triedTarget } from './target-rest.ts';

export interface ActionTaker {
  readonly actor: Actor;
  readonly runnerId: string;
  readonly targets: readonly string[];
  readonly limit: number;
  readonly leaseSeconds: number;
}

export interface Taken {
  readonly entries: readonly Draft[];
  readonly actionIds: readonly string[];
}

/** So many that were let go too long ago, or that a freeze covers, are cleared away by one claim. */
const MOST_CLEARED = 200;

/**
 * Claims the first actions of some targets' queues. A target in trouble is passed over, and tried with one action when
 * its rest is over. What was let go too long ago is not begun any more, and keeps nothing behind it waiting; nor does
 * what a freeze covers that has not come this far yet.
 */
export function takeActions(world: World, taker: ActionTaker, now: number): Taken {
  const entries: Draft[] = [];
  const actionIds: string[] = [];
  for (const target of taker.targets) {
    const room = taker.limit - actionIds.length;
    if (room <= 0) break;
    const breaker = world.row('targets', target);
    if (isResting(world, breaker, now)) continue;
    const isTrial = needsTrial(breaker);
    const { expired, frozen, ready } = frontOf(world, target, isTrial ? 1 : room, now);
    entries.push(...expired.map(expireAction), ...frozen);
    for (const row of ready) {
      entries.push(claimEntry(world, row, taker, world.nextSeq + entries.length, now));
      actionIds.push(row.action_id);
      if (isTrial) entries.push(triedTarget(target, now + taker.leaseSeconds * 1_000, row.action_id));
    }
  }
  return { entries, actionIds };
}

/** The first of a queue that may be begun, and those at its front that may not. */
function frontOf(world: World, target: string, room: number, now: number) {
  const lane = queueLane(target);
  const isExpired = (row: ActionRow) => row.expires_at <= now && row.attempt === 0;
  const isFrozen = (row: ActionRow) => freezeOfRow(world, row, now) !== undefined;
  let front = world.actionsIn(lane, room);
  if (front.some((row) => isExpired(row) || isFrozen(row)))
    front = world.actionsIn(lane, room + MOST_CLEARED);
  const expired = front.filter(isExpired).slice(0, MOST_CLEARED);
  const current = front.filter((row) => !isExpired(row));
  const frozen = current.map((row) => freezeAction(world, row, now)).filter((draft) => draft !== undefined);
  return { ready: current.filter((row) => !isFrozen(row)).slice(0, room), expired, frozen };
}

/** A claim counts as begun where a repeated key does nothing; elsewhere its worker says when it begins. */
function claimEntry(world: World, row: ActionRow, taker: ActionTaker, seq: number, now: number): Draft {
  return {
    type: 'action.claimed',
    actor: taker.actor,
    subject: actionSubject(row.action_id),
    body: {
      action_id: row.action_id,
      claim_id: mintId('clm', { at: now, seq, tenant: world.tenant }),
      attempt: nextAttempt(world, row.attempt),
      runner_id: taker.runnerId,
      credential: taker.actor.id,
      expires_at: now + taker.leaseSeconds * 1_000,
      has_begun: providers[row.provider].dropsRepeats,
    },
  };
}
