import type { ActionContract } from '../action/action-contract.ts';
import { own } from '../contract/own.ts';
import type { ContractView } from './contract-view.ts';
import type { CheckedRule, Spot } from './lint-rule.ts';

/* What is caused outside of a database, where nothing can be rolled back. */
export const actionRules = [
  {
    code: 'action_unapproved',
    severity: 'danger',
    title: 'Nobody decides about an action',
    why: 'What has been sent cannot be taken back, and any text that reaches the agent may ask for it.',
    fix: 'Set approval.mode to human, or to policy with limits.',
    check: actions(({ approval }) => approval.mode === 'none', 'goes out without a decision'),
  },
  {
    code: 'action_recipient_chosen',
    severity: 'danger',
    title: 'A model chooses who gets a message',
    why: 'Whoever can write into what the model reads can have your data sent to themselves.',
    fix: 'Take the recipient from a binding, fix it, or give the argument an enum.',
    check: actions((action) => recipientIsChosen(action), 'lets a model choose the recipient'),
  },
  {
    code: 'refund_single_approver',
    severity: 'warning',
    title: 'One person gives money back',
    why: 'A single approver of money is the case that auditors ask about first.',
    fix: 'Set required_approvals to 2, or let a policy with limits decide about small amounts.',
    check: actions(
      ({ approval, provider }) =>
        provider === 'stripe.refund' && approval.mode === 'human' && (approval.required_approvals ?? 1) < 2,
      'lets one person release a refund',
    ),
  },
] as const satisfies readonly CheckedRule[];

const recipients: Partial<Record<ActionContract['provider'], string>> = {
  'email.message': 'to',
  'slack.message': 'channel',
};

function recipientIsChosen({ args, input, provider }: ActionContract): boolean {
  const field = own(input, recipients[provider] ?? '');
  if (field === undefined || !('from_arg' in field)) return false;
  return own(args, field.from_arg)?.enum === undefined;
}

function actions(
  isFound: (action: ActionContract) => boolean,
  message: string,
): (view: ContractView) => Spot[] {
  return ({ contract }) =>
    (contract['x-cloud-actions'] ?? []).flatMap((action, index) =>
      isFound(action) ? [{ path: `$.x-cloud-actions[${index}]`, message: `${action.name} ${message}` }] : [],
    );
}
