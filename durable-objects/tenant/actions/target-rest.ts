import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import { system } from '../access/identity.ts';
import type { ActionRow, TargetRow } from '../actions-schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { targetSubject } from './action-subject.ts';
import { whatItTells } from './trouble.ts';

/** So many attempts in a row that came to nothing by the provider's fault, and the target is left alone for a while. */
export const MOST_FAILURES = 5;
const SHORTEST_REST_MS = 30_000;
const LONGEST_REST_MS = 900_000;

/** Whether nothing may be handed out for a target now: it rests, or the one trial is still under way. */
export function isResting(world: World, row: TargetRow | undefined, now: number): boolean {
  if (row === undefined || row.state === 'closed') return false;
  if (row.state === 'open') return (row.until ?? 0) > now;
  return row.trial !== null && world.row('actions', row.trial)?.state === 'claimed';
}

export function needsTrial(row: TargetRow | undefined): boolean {
  return row !== undefined && row.state !== 'closed';
}

export function triedTarget(target: string, until: number, action_id: string): Draft {
  return {
    type: 'target.tried',
    actor: system.actor,
    subject: targetSubject(target),
    body: { target, until, action_id },
  };
}

/** A trial that was given back tried nothing: the next one may be at once. */
export function untried(world: World, { action_id, target }: ActionRow, now: number): readonly Draft[] {
  const row = world.row('targets', target);
  if (row?.state !== 'trying' || row.trial !== action_id) return [];
  const body = { target, until: now, rest_ms: row.rest_ms };
  return [{ type: 'target.opened', actor: system.actor, subject: targetSubject(target), body }];
}

/** What an outcome does to the circuit breaker of its target. */
export function afterOutcome(
  world: World,
  { action_id, target }: ActionRow,
  result: ActionOutcome,
  now: number,
): readonly Draft[] {
  const row = world.row('targets', target);
  const about = { actor: system.actor, subject: targetSubject(target) };
  const told = whatItTells(result);
  if (told === 'nothing') return [];
  if (told === 'well') return needsTrial(row) ? [{ ...about, type: 'target.closed', body: { target } }] : [];
  const isTrial = row?.state === 'trying' && row.trial === action_id;
  const failures = (row?.failures ?? 0) + 1;
  // While it rests or is tried, only the trial's own end tells anything new of trouble.
  if (!isTrial && (needsTrial(row) || failures < MOST_FAILURES)) return [];
  const rest_ms = isTrial ? Math.min((row?.rest_ms ?? 0) * 2, LONGEST_REST_MS) : SHORTEST_REST_MS;
  return [{ ...about, type: 'target.opened', body: { target, until: now + rest_ms, rest_ms } }];
}
