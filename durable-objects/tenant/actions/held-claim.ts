import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { ActionRow } from '../actions-schema.ts';
import { type NamedClaim, refusalOfClaim } from '../claims/refusal-of-claim.ts';
import type { World } from '../turn/world.ts';
import { coversTarget } from './claim-actions.ts';

export type FoundAction =
  | { readonly ok: true; readonly row: ActionRow }
  | { readonly ok: false; readonly refusal: Refusal };

/** The action, when this worker's credential covers its target. */
export function findActionOf(world: World, actionId: string, identity: Identity): FoundAction {
  const row = world.row('actions', actionId);
  if (row === undefined || (identity.kind !== 'system' && !coversTarget(identity, row.target))) {
    return { ok: false, refusal: { code: 'action_not_found', message: `there is no action ${actionId}` } };
  }
  return { ok: true, row };
}

/** What is wrong with a claim of this action that somebody names. Undefined: it is theirs and stands. */
export function refusalOfActionClaim(
  world: World,
  row: ActionRow,
  named: NamedClaim,
  identity: Identity,
  now: number,
): Refusal | undefined {
  const over: Refusal = { code: 'claim_expired', message: `the claim is over; the action is ${row.state}` };
  const claimed = { noun: 'action', prefix: 'clm', id: row.action_id, row, over } as const;
  return refusalOfClaim(world, claimed, named, identity, now);
}

/** The action that this worker holds by the claim that it names. */
export function findHeld(
  world: World,
  actionId: string,
  named: NamedClaim,
  identity: Identity,
  now: number,
): FoundAction {
  const found = findActionOf(world, actionId, identity);
  if (!found.ok) return found;
  const refusal = refusalOfActionClaim(world, found.row, named, identity, now);
  return refusal === undefined ? found : { ok: false, refusal };
}
