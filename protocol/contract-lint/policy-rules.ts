import type { ContractPolicy } from '../contract/contract-document.ts';
import type { ContractView, ProposalView, Write } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';

/* What a policy decides while nobody looks. */
export const policyRules = [
  {
    code: 'policy_without_limit',
    severity: 'danger',
    title: 'A policy approves without end',
    why: 'Each change is small, and nothing counts them: a loop of an agent approves thousands before anybody looks.',
    fix: 'Give the policy limits: a count and a total for each day.',
    check: decided(({ policy }) => (policy.limits ?? []).length === 0 && 'has no limit for a day'),
  },
  {
    code: 'policy_without_object_limit',
    severity: 'warning',
    title: 'A policy may approve the same row all day',
    why: "Limits that count the tenant's changes let one row take all of them.",
    fix: 'Add a limit with scope tenant_policy_object.',
    check: decided(
      ({ policy }) =>
        (policy.limits ?? []).length > 0 &&
        !policy.limits?.some(({ scope }) => scope === 'tenant_policy_object') &&
        'limits the tenant and no single object',
    ),
  },
  {
    code: 'policy_without_total',
    severity: 'warning',
    title: 'A policy counts changes, not what they sum up to',
    why: 'The count times the maximum is what a day can cost; nobody has agreed to that number.',
    fix: 'Add a limit of kind total for the column.',
    check: decided(({ policy, view }) => {
      const column = judged(view, policy).find(
        (write) => !policy.limits?.some(({ kind, field }) => kind === 'total' && field === write.column),
      )?.column;
      return (policy.limits ?? []).length > 0 && column !== undefined && `has no total for ${column}`;
    }),
  },
  {
    code: 'policy_covers_bounds',
    severity: 'danger',
    title: 'A policy approves everything that can be proposed',
    why: 'Its maximum is the bound of the column, so that no value is ever shown to a person.',
    fix: 'Set the maximum of the rule below the bound, or say openly that nobody decides.',
    check: decided(({ policy, view }) => {
      const all = judged(view, policy);
      const covered = all.filter(
        ({ rule, bounds }) => rule.max >= (bounds.maximum ?? Number.POSITIVE_INFINITY),
      );
      return all.length > 0 && covered.length === all.length && 'approves up to the bound of every column';
    }),
  },
  {
    code: 'policy_never_applies',
    severity: 'warning',
    title: 'A policy can approve nothing',
    why: 'Whoever reads the contract thinks that small changes pass; in truth every one waits for a person.',
    fix: 'Give every numeric column of the patch a rule whose maximum lies within its bounds, or use mode human.',
    check: decided(({ policy, view }) => whyNever(view, policy) ?? false),
  },
  {
    code: 'policy_rule_above_total',
    severity: 'warning',
    title: 'A rule allows more than the total of a day',
    why: 'A value between the two passes the rule and never the limit: the maximum that is written down cannot be reached.',
    fix: 'Lower the maximum of the rule, or raise the total.',
    check: decided(({ policy, view }) => {
      const unreachable = judged(view, policy).find(({ column, rule }) =>
        policy.limits?.some(({ kind, field, max }) => kind === 'total' && field === column && max < rule.max),
      );
      return unreachable !== undefined && `allows more ${unreachable.column} at once than in a day`;
    }),
  },
  {
    code: 'policy_takes_negatives',
    severity: 'danger',
    title: 'A policy approves negative values',
    why: 'Rules have a maximum and no minimum: a large negative value is below every maximum, and lowers the total of the day.',
    fix: 'Set the minimum of the column to 0 or above.',
    check: decided(({ policy, view }) => {
      const negative = judged(view, policy).find(({ bounds }) => (bounds.minimum ?? 0) < 0);
      return negative !== undefined && `approves negative values of ${negative.column}`;
    }),
  },
  {
    code: 'policy_ignores_text',
    severity: 'danger',
    title: 'A text is written that the policy does not look at',
    why: 'Policies judge numbers. The text beside the number is written unseen, whatever a model was told to put there.',
    fix: 'Take the text out of the patch, give it an enum, or use mode human.',
    check: decided(({ view }) => {
      const text = view.writes.find(({ chosen }) => chosen?.spec.type === 'string' && !chosen.spec.enum);
      return text !== undefined && `lets the text of ${text.column} pass unseen`;
    }),
  },
  {
    code: 'policy_unattended',
    severity: 'danger',
    title: 'Nobody looks, from the proposal to the write',
    why: 'A policy approves and an unattended worker applies: no person is part of it at any point.',
    fix: 'Let a person approve, or take execution away.',
    check: decided(({ view }) => view.proposal.execution !== undefined && 'approves what a worker applies'),
  },
  {
    code: 'policy_unused',
    severity: 'note',
    title: 'No capability uses the policy',
    why: 'A policy that decides nothing is read in reviews as if it did.',
    fix: 'Remove it, or name it in the approval of a capability.',
    check: ({ contract, proposals }) =>
      (contract.policies ?? []).flatMap(({ name, kind }, index) =>
        kind !== 'approval' || proposals.some(({ proposal }) => proposal.approval?.policy === name)
          ? []
          : [{ path: `$.policies[${index}]`, message: `no capability uses the policy ${name}` }],
      ),
  },
] as const satisfies readonly CheckedRule[];

interface Decision {
  policy: ContractPolicy;
  view: ProposalView;
}

/** For each proposal that a policy decides: what is wrong with that, if anything. */
function decided(find: (decision: Decision) => string | false): (contract: ContractView) => Spot[] {
  return ({ proposals }) =>
    proposals.flatMap((view) => {
      const message = view.policy !== undefined && find({ policy: view.policy, view });
      return message && view.policy
        ? [
            {
              path: `${view.path}.proposal.approval.policy`,
              message: `${view.capability.name}: the policy ${view.policy.name} ${message}`,
            },
          ]
        : [];
    });
}

/** The numbers that a model chooses and a rule of the policy judges. */
function judged(view: ProposalView, policy: ContractPolicy): (Write & { rule: { max: number } })[] {
  return view.writes.flatMap((write) => {
    const rule = policy.rules?.find(({ field }) => field === write.column);
    return rule !== undefined && write.chosen?.spec.type === 'number' ? [{ ...write, rule }] : [];
  });
}

function whyNever({ writes, proposal }: ProposalView, policy: ContractPolicy): string | undefined {
  if ((proposal.approval?.required_approvals ?? 1) > 1) return 'can give one approval, and more are needed';
  const numbers = writes.filter(
    ({ chosen, fixed }) => chosen?.spec.type === 'number' || typeof fixed === 'number',
  );
  if (numbers.length === 0) return 'has no number to judge';
  for (const { column, bounds, fixed } of numbers) {
    const rule = policy.rules?.find(({ field }) => field === column);
    if (rule === undefined) return `has no rule for ${column}`;
    const least = typeof fixed === 'number' ? fixed : bounds.minimum;
    if (least !== undefined && rule.max < least) return `approves less ${column} than can be proposed`;
  }
  return policy.limits?.some(({ max }) => max === 0) ? 'has a limit of nothing' : undefined;
}
