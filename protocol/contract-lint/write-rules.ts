import type { ContractView, ProposalView, Write } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';
import { looksLikeMoney, looksLikeTime } from './telling-names.ts';

/** From here on nobody reads the rows of a set one by one. */
const READABLE_ROWS = 50;

/* How a change reaches the row, and what guards it there. */
export const writeRules = [
  {
    code: 'guard_by_time',
    severity: 'note',
    title: 'The row is guarded by a time',
    why: 'Two writes within the resolution of the column look like none; a column of whole seconds guards nothing.',
    fix: 'Guard by an integer that every write increments, or make sure that the column keeps microseconds.',
    check: changes(({ capability, proposal, path }) => {
      const column = proposal.conflict_guard?.column;
      return column !== undefined && looksLikeTime(column)
        ? [
            {
              path: `${path}.proposal.conflict_guard.column`,
              message: `${capability.name} is guarded by ${column}, which looks like a time`,
            },
          ]
        : [];
    }),
  },
  {
    code: 'money_irreversible',
    severity: 'warning',
    title: 'A changed amount cannot be reverted',
    why: 'After a mistake somebody has to find out what stood there and write it by hand.',
    fix: 'Declare reversibility, with a version column that counts up.',
    check: changes((view) => {
      const { capability, proposal, path, isSet, operation, approvers } = view;
      const direct = (proposal.writeback?.mode ?? 'direct_sql') === 'direct_sql';
      const possible = direct && !isSet && operation === 'update' && approvers > 0;
      const money = view.writes.find(({ column, chosen }) => chosen !== undefined && looksLikeMoney(column));
      return possible && money !== undefined && proposal.reversibility === undefined
        ? [{ path: `${path}.proposal`, message: `${capability.name} changes ${money.column} for good` }]
        : [];
    }),
  },
  {
    code: 'set_too_large',
    severity: 'warning',
    title: 'A set has more rows than anybody reads',
    why: `Nobody reads more than ${READABLE_ROWS} rows before clicking: the rest is approved unseen.`,
    fix: `Lower max_rows to ${READABLE_ROWS} or less.`,
    check: changes(({ capability, proposal, path, isSet }) => {
      const rows = proposal.operation?.max_rows ?? 0;
      return isSet && rows > READABLE_ROWS
        ? [
            {
              path: `${path}.proposal.operation.max_rows`,
              message: `${capability.name} changes up to ${rows} rows at once`,
            },
          ]
        : [];
    }),
  },
  {
    code: 'set_magnitude_unbounded',
    severity: 'danger',
    title: 'Nothing bounds what a set adds up to',
    why: 'Each row stays within its bounds, and all of them together move more than anybody would have approved.',
    fix: 'Add an aggregate bound of the column, measured as absolute_delta or after.',
    check: changes((view) =>
      view.isSet ? view.writes.filter(isNumber).flatMap((write) => unbounded(view, write)) : [],
    ),
  },
  {
    code: 'handler_unlisted',
    severity: 'warning',
    title: 'An effect is not in the list of external actions',
    why: 'Whoever reads external_actions to learn what the contract can cause outside does not learn of this one.',
    fix: "Add an entry to external_actions with the proposal's action and the executor as its handler.",
    check: ({ contract, proposals }) =>
      proposals
        .filter(({ proposal }) => proposal.writeback?.mode === 'app_handler')
        .filter(
          ({ proposal: { action, writeback } }) =>
            contract.external_actions?.every(
              (listed) => listed.action !== action || listed.handler !== writeback?.executor,
            ) ?? true,
        )
        .map(({ capability, path }) => ({
          path: `${path}.proposal.writeback`,
          message: `${capability.name} has an effect that external_actions does not list`,
        })),
  },
  {
    code: 'external_action_unproposed',
    severity: 'note',
    title: 'No capability proposes an external action',
    why: 'The list promises an effect that nothing causes: a renamed action, or one that was forgotten.',
    fix: 'Remove the entry, or give it the action of a capability.',
    check: ({ contract, proposals }) =>
      (contract.external_actions ?? []).flatMap(({ action, id }, index) =>
        proposals.some(({ proposal }) => proposal.action === action)
          ? []
          : [
              {
                path: `$.external_actions[${index}]`,
                message: `no capability proposes the external action ${id ?? action ?? index}`,
              },
            ],
      ),
  },
] as const satisfies readonly CheckedRule[];

/** Every proposal that touches a row which is there already, or several new ones. */
function changes(find: (view: ProposalView) => Spot[]): (contract: ContractView) => Spot[] {
  return ({ proposals }) =>
    proposals.filter(({ operation, isSet }) => operation !== 'insert' || isSet).flatMap(find);
}

function isNumber({ chosen, fixed }: Write): boolean {
  return chosen?.spec.type === 'number' || typeof fixed === 'number';
}

function unbounded({ capability, proposal }: ProposalView, { column, path }: Write): Spot[] {
  const bounds = proposal.operation?.aggregate_bounds ?? [];
  return bounds.some((bound) => bound.column === column && bound.measure !== 'before')
    ? []
    : [{ path, message: `${capability.name}: nothing bounds the sum of ${column} over the set` }];
}
