import fc, { type AsyncCommand } from 'fast-check';
import type { Action, Claim, Worker } from './action.ts';
import { type Belief, expectStates, type Real } from './real.ts';

export type Command = AsyncCommand<Belief, Real>;
type Act = (belief: Belief, real: Real) => Promise<void>;

/** A command that says in a failing run what it did; afterwards every action is compared. */
export function command(
  name: string,
  act: Act,
  check: (belief: Readonly<Belief>) => boolean = () => true,
): Command {
  return {
    check,
    run: async (belief, real) => {
      await act(belief, real);
      await expectStates(belief, real);
    },
    toString: () => name,
  };
}

export const picks = fc.nat({ max: 999 });
export const workers = fc.record<Worker>({
  credential: fc.constantFrom('runner', 'otherRunner'),
  id: fc.constantFrom('r1', 'r2'),
});

export function chosen<Item>(items: readonly Item[], pick: number): Item {
  const item = items[pick % items.length];
  if (item === undefined) throw new TypeError('there is nothing to choose from');
  return item;
}

/** A command about one of the actions; three times of four one of the likely ones, where there are any. */
export function onAction(
  name: string,
  pick: number,
  isLikely: (one: Action) => boolean,
  act: (action: Action, ...rest: Parameters<Act>) => Promise<void>,
): Command {
  return command(
    `${name} #${pick}`,
    (belief, real) => {
      const likely = belief.actions.filter(isLikely);
      const isAnyone = likely.length === 0 || pick % 4 === 0;
      return act(chosen(isAnyone ? belief.actions : likely, pick), belief, real);
    },
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

/** A command about one of the claims that were ever given; three times of four one that stands, if any does. */
export function onClaim(
  name: string,
  pick: number,
  manner: Manner,
  act: (saying: Saying, ...rest: Parameters<Act>) => Promise<void>,
): Command {
  return command(
    `${name} (${manner}) ~${pick}`,
    (belief, real) => {
      const all = belief.claims.toReversed();
      const standing = all.filter((claim) => claim.action.claim === claim);
      const claim = chosen(standing.length === 0 || pick % 4 === 0 ? all : standing, pick);
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
