import fc, { type AsyncCommand } from 'fast-check';
import type { Lease } from './model.ts';
import type { Proposal } from './proposal.ts';
import { type Belief, expectStates, type Real } from './real.ts';
import { type Act, chosen, commandsChecked, mostly } from './script-command.ts';

type Command = AsyncCommand<Belief, Real>;
type Around = Parameters<Act<Belief, Real>>;

export const command = commandsChecked<Belief, Real>(expectStates);

export const runnerIds = fc.constantFrom('r1', 'r2');
export type RunnerId = 'r1' | 'r2';
export const tokenOf = { r1: 'runner', r2: 'otherRunner' } as const;

/** A command about one of the proposals, mostly one of the likely ones. */
export function onProposal(
  name: string,
  pick: number,
  isLikely: (one: Proposal) => boolean,
  act: (proposal: Proposal, ...around: Around) => Promise<void>,
): Command {
  return command(
    `${name} #${pick}`,
    (belief, real) => act(mostly(belief.proposals, isLikely, pick), belief, real),
    ({ proposals }) => proposals.length > 0,
  );
}

/** A command about one of the leases that were ever given; small picks are the newest. */
export function onLease(
  name: string,
  pick: number,
  act: (lease: Lease, ...around: Around) => Promise<void>,
): Command {
  return command(
    `${name} ~${pick}`,
    (belief, real) => act(chosen(belief.leases.toReversed(), pick), belief, real),
    ({ leases }) => leases.length > 0,
  );
}
