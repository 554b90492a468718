import { providers } from '@countersign/protocol/action/providers';
import { mintId } from '@countersign/protocol/ids';
import type { Actor } from '@countersign/protocol/ledger';
import type { ActionRow } from '../actions-schema.ts';
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

/**
 * Claims the first actions of some targets' queues. A target in trouble is passed over, and tried with one action when
 * its rest is over. What was approved too long ago is not begun any more.
 */
export function takeActions(world: World, taker: ActionTaker, now: number): Taken {
  const entries: Draft[] = [];
  const actionIds: string[] = [];
  for (const target of taker.targets) {
    const room = taker.limit - actionIds.length;
    if (room <= 0) break;
    const breaker = world.row('targets', target);
    if (isResting(breaker, now)) continue;
    const isTrial = needsTrial(breaker);
    const rows = world.actionsIn(queueLane(target), isTrial ? 1 : room);
    for (const row of rows) {
      if (row.expires_at <= now && row.begun_at === null) {
        entries.push(expireAction(row));
        continue;
      }
      entries.push(claimEntry(world, row, taker, world.nextSeq + entries.length, now));
      actionIds.push(row.action_id);
      if (isTrial) entries.push(triedTarget(target, now + taker.leaseSeconds * 1_000));
    }
  }
  return { entries, actionIds };
}

/** A claim counts as begun where its worker finds out by itself what came of it; the others say when they begin. */
function claimEntry(world: World, row: ActionRow, taker: ActionTaker, seq: number, now: number): Draft {
  return {
    type: 'action.claimed',
    actor: taker.actor,
    subject: actionSubject(row.action_id),
    body: {
      action_id: row.action_id,
      claim_id: mintId('clm', { at: now, seq, tenant: world.tenant }),
      attempt: row.attempt + 1,
      runner_id: taker.runnerId,
      credential: taker.actor.id,
      expires_at: now + taker.leaseSeconds * 1_000,
      has_begun: providers[row.provider].settlesItself,
    },
  };
}
