import type { Bounds, ContractView, ProposalView } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';
import { looksLikeMoney } from './telling-names.ts';

/* Who has to agree. */
export const approvalRules = [
  {
    code: 'approval_absent',
    severity: 'danger',
    title: 'Nothing is said about approval',
    why: 'Then one approval by anybody who may approve is enough, and nobody ever decided that.',
    fix: 'State approval with a mode, a required_role and required_approvals.',
    check: proposals(({ proposal }) => proposal.approval === undefined, 'says nothing about approval'),
  },
  {
    code: 'approval_role_absent',
    severity: 'warning',
    title: 'Any approver may decide',
    why: 'Without a named role somebody decides who does not know the table.',
    fix: 'Name the required_role of those who answer for the data.',
    check: proposals(
      ({ proposal }) => proposal.approval !== undefined && proposal.approval.required_role === undefined,
      'asks for no named role',
    ),
  },
  {
    code: 'money_single_approver',
    severity: 'warning',
    title: 'One person releases an amount',
    why: 'A single approver of money is the case that auditors ask about first.',
    fix: 'Set required_approvals to 2, or let a policy with limits decide about small amounts.',
    check: proposals(
      (view) => isSingle(view) && !view.isSet && view.writes.some(isChosenMoney),
      'lets one person release what looks like money',
    ),
  },
  {
    code: 'delete_single_approver',
    severity: 'danger',
    title: 'One person deletes',
    why: 'A delete cannot be reverted from here; the second pair of eyes is the only way back.',
    fix: 'Set required_approvals to 2.',
    check: proposals(
      (view) => isSingle(view) && !view.isSet && view.operation === 'delete',
      'deletes with one approval',
    ),
  },
  {
    code: 'set_single_approver',
    severity: 'danger',
    title: 'One person changes many rows',
    why: 'A mistake in a set is made as often as the set has rows.',
    fix: 'Set required_approvals to 2.',
    check: proposals((view) => isSingle(view) && view.isSet, 'changes a set of rows with one approval'),
  },
  {
    code: 'weaker_door',
    severity: 'warning',
    title: 'The same column is changed with less approval elsewhere',
    why: 'Of two ways to the same change an agent takes the easier one: the stricter approval protects nothing.',
    fix: 'Ask for the same approval in both, or give the easier one narrower bounds.',
    check: besides(
      (here, there) => here.approvers < there.approvers && !isNarrower(here.bounds, there.bounds),
      (column, other) => `changes ${column} with less approval than ${other}`,
    ),
  },
  {
    code: 'bounds_disagree',
    severity: 'warning',
    title: 'The same column has wider bounds elsewhere',
    why: 'With the same approval, the narrower bounds hold only until somebody tries the other capability.',
    fix: 'Use the same bounds in both, or ask for more approval where they are wider.',
    check: besides(
      (here, there) => here.approvers === there.approvers && isNarrower(there.bounds, here.bounds),
      (column, other) => `gives ${column} wider bounds than ${other}`,
    ),
  },
] as const satisfies readonly CheckedRule[];

function proposals(
  suspect: (proposal: ProposalView) => boolean,
  says: string,
): (contract: ContractView) => Spot[] {
  return (contract) =>
    contract.proposals
      .filter((view) => suspect(view) && view.proposal.writeback?.mode !== 'none')
      .map(({ capability, proposal, path }) => ({
        path: proposal.approval === undefined ? `${path}.proposal` : `${path}.proposal.approval`,
        message: `${capability.name} ${says}`,
      }));
}

/** A proposal that says nothing about approval has a finding of its own. */
function isSingle({ proposal, approvers }: ProposalView): boolean {
  return proposal.approval !== undefined && approvers === 1;
}

function isChosenMoney({ column, chosen }: ProposalView['writes'][number]): boolean {
  return chosen !== undefined && looksLikeMoney(column);
}

interface Door {
  approvers: number;
  bounds: Bounds;
}

/** For each chosen column the first other capability that writes it too, in the same way, and compares so with it. */
function besides(
  wins: (here: Door, there: Door) => boolean,
  says: (column: string, other: string) => string,
): (contract: ContractView) => Spot[] {
  return ({ proposals }) =>
    proposals.flatMap((here) =>
      here.writes.flatMap((write) => {
        const there = proposals.find(
          (other) =>
            other !== here &&
            other.table === here.table &&
            other.operation === here.operation &&
            other.writes.some(
              ({ column, chosen, bounds }) =>
                column === write.column &&
                chosen !== undefined &&
                wins(
                  { approvers: here.approvers, bounds: write.bounds },
                  { approvers: other.approvers, bounds },
                ),
            ),
        );
        return write.chosen !== undefined && there !== undefined
          ? [
              {
                path: write.path,
                message: `${here.capability.name} ${says(write.column, there.capability.name)}`,
              },
            ]
          : [];
      }),
    );
}

/** Whether the first bounds leave out something that the second take, and take nothing beyond them. */
function isNarrower(one: Bounds, other: Bounds): boolean {
  const least = (one.minimum ?? Number.NEGATIVE_INFINITY) - (other.minimum ?? Number.NEGATIVE_INFINITY);
  const most = (other.maximum ?? Number.POSITIVE_INFINITY) - (one.maximum ?? Number.POSITIVE_INFINITY);
  const [above, below] = [least || 0, most || 0];
  return above >= 0 && below >= 0 && above + below > 0;
}
