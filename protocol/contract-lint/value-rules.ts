import type { ArgumentSpec } from '../contract/contract-document.ts';
import { own } from '../contract/own.ts';
import type { ContractView, ProposalView, Write } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';
import { looksLikeMoney } from './telling-names.ts';

/** Beyond this a bound holds nothing back that a database would take. */
const MEANINGFUL = 1_000_000_000;

/* What a model may write into a column. */
export const valueRules = [
  {
    code: 'text_unbounded',
    severity: 'warning',
    title: 'A text of any length is written',
    why: 'A model can fill the column with as much as it likes: pages of text for a reviewer to read, instructions for the next reader, rows that do not fit.',
    fix: 'Give the argument a max_length, or an enum where the values are known.',
    check: writes((write) => isFreeText(write.chosen?.spec), 'takes text of any length'),
  },
  {
    code: 'number_unbounded',
    severity: 'danger',
    title: 'A number without bounds is written',
    why: 'Nothing refuses a value that is a thousand times too large, or negative, except a tired reviewer.',
    fix: 'Add numeric_bounds with a minimum and a maximum for the column.',
    check: writes(
      ({ chosen, bounds }) =>
        chosen?.spec.type === 'number' && (bounds.minimum === undefined || bounds.maximum === undefined),
      'takes a number without a minimum and a maximum',
    ),
  },
  {
    code: 'bounds_meaningless',
    severity: 'warning',
    title: 'The bounds hold nothing back',
    why: 'A bound of a billion or more looks like a guard in a review and is none.',
    fix: 'Set the maximum to the largest value that the business knows, and the minimum to the least.',
    check: writes(
      ({ bounds }) => (bounds.maximum ?? 0) > MEANINGFUL || (bounds.minimum ?? 0) < -MEANINGFUL,
      `takes values beyond ${MEANINGFUL}`,
    ),
  },
  {
    code: 'negative_money',
    severity: 'warning',
    title: 'An amount may be negative',
    why: 'A negative refund is a charge, and a negative fee a payout: the sign turns the meaning around.',
    fix: 'Set the minimum to 0, or make the opposite a capability of its own with its own approval.',
    check: (contract) =>
      spots(
        contract,
        ({ column, bounds }, { policy }) =>
          looksLikeMoney(column) && (bounds.minimum ?? 0) < 0 && policy === undefined,
        'looks like money and takes negative values',
      ),
  },
  {
    code: 'money_as_text',
    severity: 'danger',
    title: 'An amount is written as text',
    why: 'Bounds and policies look at numbers only: an amount in a text passes all of them.',
    fix: 'Make the argument a number and give the column numeric_bounds.',
    check: writes(
      ({ column, chosen }) => looksLikeMoney(column) && chosen?.spec.type === 'string' && !chosen.spec.enum,
      'looks like money and is written from a text',
    ),
  },
  {
    code: 'argument_wider_than_bounds',
    severity: 'note',
    title: 'The argument takes more than the column',
    why: 'The model is told the range of the argument, proposes a value within it and is refused.',
    fix: 'Give the argument the same minimum and maximum as numeric_bounds.',
    check: ({ proposals }) => proposals.flatMap(wider),
  },
  {
    code: 'lookup_unbounded',
    severity: 'warning',
    title: 'The key of a row may be of any length',
    why: 'What selects the row goes into statements, logs and evidence; a key of a megabyte is an attack, not a key.',
    fix: "Give the lookup's argument the max_length of the primary key.",
    check: ({ capabilities }) =>
      capabilities.flatMap(({ capability, path }) => {
        const name = capability.lookup?.id_from_arg;
        return name !== undefined && isFreeText(own(capability.args, name))
          ? [
              {
                path: `${path}.args.${name}`,
                message: `${capability.name}: the key ${name} may be of any length`,
              },
            ]
          : [];
      }),
  },
] as const satisfies readonly CheckedRule[];

function isFreeText(spec: ArgumentSpec | undefined): boolean {
  return spec?.type === 'string' && spec.max_length === undefined && spec.enum === undefined;
}

function wider({ capability, proposal, writes }: ProposalView): Spot[] {
  return writes.flatMap(({ column, chosen }) => {
    const bounds = own(proposal.numeric_bounds ?? {}, column);
    if (bounds === undefined || chosen?.spec.type !== 'number' || chosen.spec.enum !== undefined) return [];
    const { minimum, maximum } = chosen.spec;
    const below = bounds.minimum !== undefined && (minimum === undefined || minimum < bounds.minimum);
    const above = bounds.maximum !== undefined && (maximum === undefined || maximum > bounds.maximum);
    return below || above
      ? [{ path: chosen.path, message: `${capability.name}: ${chosen.name} takes more than ${column} does` }]
      : [];
  });
}

type Suspect = (write: Write, proposal: ProposalView) => boolean;

function writes(suspect: Suspect, says: string): (contract: ContractView) => Spot[] {
  return (contract) => spots(contract, suspect, says);
}

function spots({ proposals }: ContractView, suspect: Suspect, says: string): Spot[] {
  return proposals.flatMap((proposal) =>
    proposal.writes
      .filter((write) => suspect(write, proposal))
      .map(({ column, path }) => ({
        path,
        message: `${proposal.capability.name}: the column ${column} ${says}`,
      })),
  );
}
