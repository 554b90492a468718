import { sequenceOfId } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { World } from '../turn/world.ts';

/** A claim as a worker names it. */
export interface NamedClaim {
  readonly claim_id: string;
  readonly runner_id: string;
}

/** What a worker claims, an action or a task, with the claim that it stands under. */
interface Claimed {
  readonly noun: 'action' | 'task';
  /** Of the ids of its claims. */
  readonly prefix: 'clm' | 'tcl';
  readonly id: string;
  readonly row: {
    readonly claim_id: string | null;
    readonly claim_runner: string | null;
    readonly claim_credential: string | null;
    readonly claim_expires_at: number | null;
  };
  /** What is said to whoever had a claim that is over. */
  readonly over: Refusal;
}

/** What is wrong with a claim that somebody names: none, another's, or one that is over. Undefined: it is theirs and stands. */
export function refusalOfClaim(
  world: World,
  claimed: Claimed,
  { claim_id, runner_id }: NamedClaim,
  identity: Identity,
  now: number,
): Refusal | undefined {
  const { noun, over, row } = claimed;
  const isMine = (runner: string | null, credential: string | null) =>
    identity.kind === 'system' || (runner === runner_id && credential === identity.actor.id);
  if (row.claim_id === claim_id) {
    if (!isMine(row.claim_runner, row.claim_credential)) return foreign;
    return (row.claim_expires_at ?? 0) > now ? undefined : over;
  }
  const given = claimGiven(world, claimed, claim_id);
  if (given === undefined) {
    const message = `no claim ${claim_id} was ever given for this ${noun}`;
    return { code: 'claim_required', message, next: 'claim it first' };
  }
  return isMine(given.runner_id, given.credential) ? over : foreign;
}

const foreign: Refusal = { code: 'claim_foreign', message: 'another worker holds, or held, this claim' };

/** An earlier claim, from the entry that gave it. */
function claimGiven(world: World, { id, prefix }: Claimed, claimId: string) {
  const seq = sequenceOfId(prefix, claimId, world.tenant);
  if (seq === undefined || seq >= world.nextSeq) return undefined;
  const body = world.body(seq);
  if (body === undefined || !('claim_id' in body) || !('credential' in body)) return undefined;
  const given = 'action_id' in body ? body.action_id : body.step_id;
  return body.claim_id === claimId && given === id ? body : undefined;
}
