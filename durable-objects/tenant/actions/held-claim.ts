import { sequenceOfId } from '@countersign/protocol/ids';
import type { Identity } from '../access/identity.ts';
import type { ActionRow } from '../actions-schema.ts';
import { type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { coversTarget } from './claim-actions.ts';

export type FoundAction =
  | { readonly ok: true; readonly row: ActionRow }
  | { readonly ok: false; readonly reply: Reply };

/** The action, when this worker's credential covers its target. */
export function findActionOf(world: World, actionId: string, identity: Identity): FoundAction {
  const row = world.row('actions', actionId);
  if (row === undefined || (identity.kind !== 'system' && !coversTarget(identity, row.target))) {
    return { ok: false, reply: refuse('action_not_found', `there is no action ${actionId}`) };
  }
  return { ok: true, row };
}

interface Named {
  readonly claim_id: string;
  readonly runner_id: string;
}

/** What is wrong with a claim that somebody names: none, another's, or one that is over. Undefined: it is theirs and stands. */
export function refusalOfClaim(
  world: World,
  row: ActionRow,
  { claim_id, runner_id }: Named,
  identity: Identity,
  now: number,
): Reply | undefined {
  const isMine = (runner: string | null, credential: string | null) =>
    identity.kind === 'system' || (runner === runner_id && credential === identity.actor.id);
  if (row.claim_id === claim_id) {
    if (!isMine(row.claim_runner, row.claim_credential)) return foreign();
    return (row.claim_expires_at ?? 0) > now ? undefined : over(row);
  }
  const given = claimGiven(world, row, claim_id);
  if (given === undefined) {
    const message = `no claim ${claim_id} was ever given for this action`;
    return refuse('claim_required', message, 'claim it first');
  }
  return isMine(given.runner_id, given.credential) ? over(row) : foreign();
}

/** The action that this worker holds by the claim that it names. */
export function findHeld(
  world: World,
  actionId: string,
  named: Named,
  identity: Identity,
  now: number,
): FoundAction {
  const found = findActionOf(world, actionId, identity);
  if (!found.ok) return found;
  const reply = refusalOfClaim(world, found.row, named, identity, now);
  return reply === undefined ? found : { ok: false, reply };
}

function foreign(): Reply {
  return refuse('claim_foreign', 'another worker holds, or held, this claim');
}

function over({ state }: ActionRow): Reply {
  return refuse('claim_expired', `the claim is over; the action is ${state}`);
}

/** An earlier claim of this action, from the entry that gave it. */
function claimGiven(world: World, row: ActionRow, claimId: string) {
  const seq = sequenceOfId('clm', claimId, world.tenant);
  if (seq === undefined || seq >= world.nextSeq) return undefined;
  const body = world.body(seq);
  if (body === undefined || !('claim_id' in body) || !('action_id' in body)) return undefined;
  return body.claim_id === claimId && body.action_id === row.action_id ? body : undefined;
}
