import { system } from '../access/identity.ts';
import type { ActionRow } from '../actions-schema.ts';
import type { ProposalRow } from '../schema.ts';
import type { Ended } from '../turn/ended.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { isUndecidedAction, orderLane } from './action-lane.ts';
import { actionSubject } from './action-subject.ts';
import { turnIn } from './turn-in.ts';

/**
 * What follows for actions from what has just been decided about others: a proposal that they wait for was approved,
 * applied or ended; or the one before them in their order has ended. Whoever takes these appends each before the next.
 */
export function* followUp(
  world: World,
  ended: Extract<Ended, { order: string } | { proposal: string }>,
): Generator<Draft> {
  if ('order' in ended) {
    const next = nextOf(world, ended.order);
    if (next !== undefined) yield next;
    return;
  }
  const proposal = world.proposal(ended.proposal);
  for (const { action_id } of proposal?.tied ?? []) {
    const row = world.row('actions', action_id);
    const draft = row === undefined || proposal === undefined ? undefined : entryFor(world, row, proposal);
    if (draft !== undefined) yield draft;
  }
}

const over: ReadonlySet<ProposalRow['state']> = new Set<ProposalRow['state']>([
  ...(['rejected', 'canceled', 'expired', 'conflict', 'failed', 'indeterminate'] as const),
]);

function entryFor(world: World, row: ActionRow, proposal: ProposalRow): Draft | undefined {
  const { job_state, proposal_id, state } = proposal;
  if (row.after_proposal !== proposal_id) return undefined;
  const isUndecided = isUndecidedAction(row);
  if (!isUndecided && row.state !== 'queued') return undefined;
  const about = { actor: system.actor, subject: actionSubject(row.action_id) };
  const { effect_digest } = row;
  // What leads to no job is never applied.
  const isNever = state === 'approved' && job_state === null;
  if (over.has(state) || isNever) {
    const message = `the proposal ${proposal_id}, which it was to follow, is ${state}${isNever ? ', and nothing is written for it' : ''}`;
    const cause = { by: `proposal:${proposal_id}`, message };
    const body = { reason: message, name: system.name, effect_digest, cause };
    return { ...about, type: 'action.canceled', body };
  }
  if (state === 'approved' && row.decided_with === proposal_id && row.state === 'proposed') {
    const name = `the decision on ${proposal_id}`;
    const body = { reason: null, name, effect_digest, approval_roles: [], turn: null, proposal_id };
    return { ...about, type: 'action.approved', body };
  }
  if (state === 'applied') {
    const turn = isUndecided ? null : turnIn(world, row);
    return { ...about, type: 'action.released', body: { proposal_id, turn } };
  }
  return undefined;
}

/** Whoever stands first behind one that has ended, unless somebody has the turn already. */
function nextOf(world: World, key: string): Draft | undefined {
  if ((world.row('orders', key)?.holder ?? null) !== null) return undefined;
  const [next] = world.actionsIn(orderLane(key), 1);
  if (next === undefined) return undefined;
  const subject = actionSubject(next.action_id);
  return { type: 'action.ready', actor: system.actor, subject, body: { because: 'its_turn' } };
}
