import { own } from '../contract/own.ts';
import type { ContractView, ProposalView, Write } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';
import { looksFinal, looksLikeStatus } from './telling-names.ts';

/* Columns that say where a row stands. */
export const stateRules = [
  {
    code: 'status_without_transitions',
    severity: 'warning',
    title: 'A state is set from any other',
    why: 'Without an order of states a paid invoice can become open again, or a shipped parcel new.',
    fix: 'Add transition_guards that list, for each state, those that may follow.',
    check: updates((view, { column, path }) =>
      looksLikeStatus(column) && guardOf(view, column) === undefined
        ? [{ path, message: `${view.capability.name}: ${column} is set whatever it was before` }]
        : [],
    ),
  },
  {
    code: 'transition_from_final_state',
    severity: 'warning',
    title: 'A finished row is opened again',
    why: 'What follows from the final state (a payment, a letter) has happened, and would happen once more.',
    fix: 'Take the transition out, or make reopening a capability of its own.',
    check: updates((view, { column }) =>
      reopenings(view, column).map(({ from, to }) => ({
        path: `${view.path}.proposal.transition_guards.${column}.allowed`,
        message: `${view.capability.name}: ${column} may go back from ${from} to ${to}`,
      })),
    ),
  },
  {
    code: 'choice_without_transition',
    severity: 'note',
    title: 'A choice is offered that is always refused',
    why: 'The model is told a value that no transition leads to, proposes it and is refused.',
    fix: 'Take the value out of the enum, or add the transition.',
    check: updates((view, { column, chosen }) => {
      const targets = Object.values(guardOf(view, column)?.allowed ?? {}).flat();
      if (targets.length === 0 || chosen?.spec.type !== 'string') return [];
      const { name, path, spec } = chosen;
      return (spec.enum ?? [])
        .filter((choice) => !targets.includes(choice))
        .map((choice) => ({
          path: `${path}.enum`,
          message: `${view.capability.name}: ${name} offers ${choice}, and ${column} can never become it`,
        }));
    }),
  },
] as const satisfies readonly CheckedRule[];

/** A new row has no state before. */
function updates(find: (view: ProposalView, write: Write) => Spot[]): (contract: ContractView) => Spot[] {
  return ({ proposals }) =>
    proposals
      .filter(({ operation }) => operation === 'update')
      .flatMap((view) => view.writes.flatMap((write) => find(view, write)));
}

function guardOf({ proposal }: ProposalView, column: string) {
  return own(proposal.transition_guards ?? {}, column);
}

function reopenings(view: ProposalView, column: string): { from: string; to: string }[] {
  return Object.entries(guardOf(view, column)?.allowed ?? {})
    .filter(([from]) => looksFinal(from))
    .flatMap(([from, targets]) => targets.filter((to) => !looksFinal(to)).map((to) => ({ from, to })));
}
