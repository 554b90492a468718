import fc, { type AsyncCommand } from 'fast-check';
import { type Act, chosen, commandsChecked, mostly } from '../script-command.ts';
import type { Action, Claim, Worker } from './action.ts';
import { type Belief, expectStates, type Real } from './real.ts';

type Command = AsyncCommand<Belief, Real>;
type Around = Parameters<Act<Belief, Real>>;

export const command = commandsChecked<Belief, Real>(expectStates);

export const workers = fc.record<Worker>({
  credential: fc.constantFrom('runner', 'otherRunner'),
  id: fc.constantFrom('r1', 'r2'),
});

/** A command about one of the actions, mostly one of the likely ones. */
export function onAction(
  name: string,
  pick: number,
  isLikely: (one: Action) => boolean,
  act: (action: Action, ...around: Around) => Promise<void>,
): Command {
  return command(
    `${name} #${pick}`,
    (belief, real) => act(mostly(belief.actions, isLikely, pick), belief, real),
    ({ actions }) => actions.length > 0,
  );
}

/** Who speaks, and of which claim: mostly whoever was given it, of just that one. */
export const manners = fc.constantFrom(
  ...(['own', 'own', 'own', 'own', 'own', 'own'] as const),
  ...(['other credential', 'other runner', 'no such claim', 'claim of another'] as const),
);
export type Manner = 'own' | 'other credential' | 'other runner' | 'no such claim' | 'claim of another';

/** What is said about a claim. `named` is the claim that the request names, if there was ever one of that name. */
export interface Saying {
  readonly action: Action;
  readonly named: Claim | null;
  readonly worker: Worker;
  /** Whose token it is sent with, to which path, and what every such request has. */
  readonly token: Worker['credential'];
  readonly path: string;
  readonly fields: { readonly runner_id: string; readonly claim_id: string };
}

/** A command about one of the claims that were ever given, mostly one that stands. */
export function onClaim(
  name: string,
  pick: number,
  manner: Manner,
  act: (saying: Saying, ...around: Around) => Promise<void>,
): Command {
  return command(
    `${name} (${manner}) ~${pick}`,
    (belief, real) => {
      const isStanding = (claim: Claim) => claim.action.claim === claim;
      const claim = mostly(belief.claims.toReversed(), isStanding, pick);
      return act(sayingOf(belief, claim, pick, manner), belief, real);
    },
    ({ claims }) => claims.length > 0,
  );
}

export function sayingOf({ actions }: Belief, claim: Claim, pick: number, manner: Manner): Saying {
  const { credential, id } = claim.worker;
  const worker: Worker = {
    credential:
      manner !== 'other credential' ? credential : credential === 'runner' ? 'otherRunner' : 'runner',
    id: manner !== 'other runner' ? id : id === 'r1' ? 'r2' : 'r1',
  };
  const action = manner === 'claim of another' ? chosen(actions, pick) : claim.action;
  const named = manner === 'no such claim' ? null : claim;
  const fields = { runner_id: worker.id, claim_id: named?.id ?? 'clm_none' };
  return { action, named, worker, token: worker.credential, path: `/v1/actions/${action.id}`, fields };
}
