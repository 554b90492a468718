import fc, { type AsyncCommand } from 'fast-check';
import type { Lease } from './model.ts';
import type { Proposal } from './proposal.ts';
import { type Belief, expectStates, type Real } from './real.ts';

export type Command = AsyncCommand<Belief, Real>;
type Act = (belief: Belief, real: Real) => Promise<void>;

/** A command that says in a failing run what it did; afterwards every state is compared. */
export function command(
  name: string,
  act: Act,
  check: (belief: Readonly<Belief>) => boolean = () => true,
): Command {
  return {
    check,
    run: async (belief, real) => {
      await act(belief, real);
      expectStates(belief, real);
    },
    toString: () => name,
  };
}

export const picks = fc.nat({ max: 999 });
export const runnerIds = fc.constantFrom('r1', 'r2');
export type RunnerId = 'r1' | 'r2';
export const tokenOf = { r1: 'runner', r2: 'otherRunner' } as const;

function chosen<Item>(items: readonly Item[], pick: number): Item {
  const item = items[pick % items.length];
  if (item === undefined) throw new TypeError('there is nothing to choose from');
  return item;
}

type OnProposal = (proposal: Proposal, ...rest: Parameters<Act>) => Promise<void>;

/** A command about one of the proposals; three times of four one of the likely ones, where there are any. */
export function onProposal(
  name: string,
  pick: number,
  isLikely: (one: Proposal) => boolean,
  act: OnProposal,
): Command {
  return command(
    `${name} #${pick}`,
    (belief, real) => {
      const likely = belief.proposals.filter(isLikely);
      const isAnyone = likely.length === 0 || pick % 4 === 0;
      return act(chosen(isAnyone ? belief.proposals : likely, pick), belief, real);
    },
    ({ proposals }) => proposals.length > 0,
  );
}

/** A command about one of the leases that were ever given; small picks are the newest. */
export function onLease(
  name: string,
  pick: number,
  act: (lease: Lease, ...rest: Parameters<Act>) => Promise<void>,
): Command {
  return command(
    `${name} ~${pick}`,
    (belief, real) => act(chosen(belief.leases.toReversed(), pick), belief, real),
    ({ leases }) => leases.length > 0,
  );
}
