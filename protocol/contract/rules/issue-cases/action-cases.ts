import { noticeAction, refundAction } from '../../../action/sample-actions.ts';
import { billingContract } from '../../sample-contracts.ts';
import type { IssueCase } from './issue-case.ts';

const acting = () => ({
  ...billingContract(),
  'x-cloud-actions': [refundAction(), noticeAction()],
});
const refund = 'x-cloud-actions.0';
const notice = 'x-cloud-actions.1';

export const actionCases: IssueCase[] = [
  ['DUPLICATE_NAME', acting, { [`${refund}.name`]: 'billing.waive_late_fee' }, {}],
  ['DUPLICATE_NAME', acting, { [`${refund}.name`]: 'notices.send' }, { [`${refund}.name`]: 'notices.more' }],
  ['UNKNOWN_CONTEXT', acting, { [`${refund}.context`]: 'nowhere' }, {}],
  ['UNKNOWN_CONTEXT_BINDING', acting, { [`${notice}.input.on_behalf_of.from_binding`]: 'nobody' }, {}],
  [
    'UNKNOWN_FIELD',
    acting,
    { [`${refund}.url`]: 'https://example.com' },
    { [`${refund}.x-cloud-note`]: 'n' },
  ],
  ['INVALID_VALUE', acting, { [`${refund}.provider`]: 'bank' }, {}],
  [
    'MODEL_CONTROLLED_TRUST_ARG',
    acting,
    {
      [`${notice}.args.tenantId`]: { type: 'string', max_length: 9 },
      [`${notice}.input.t`]: { from_arg: 'tenantId' },
    },
    {
      [`${notice}.args.tenant`]: { type: 'string', max_length: 9 },
      [`${notice}.input.t`]: { from_arg: 'tenant' },
    },
  ],
  [
    'BOUNDS_REVERSED',
    acting,
    { [`${refund}.args.cents.minimum`]: 10_001 },
    { [`${refund}.args.cents.minimum`]: 10_000 },
  ],
  [
    'ACTION_ARGUMENT_UNKNOWN',
    acting,
    { [`${notice}.input.more`]: { from_arg: 'more' } },
    { [`${notice}.input.more`]: { from_arg: 'note' } },
  ],
  ['ACTION_ARGUMENT_UNUSED', acting, { [`${notice}.input.note`]: { fixed: 'n' } }, {}],
  [
    'ACTION_ARGUMENT_OPTIONAL',
    acting,
    {
      [`${refund}.args.payment.required`]: false,
      [`${refund}.business_key`]: ['reason', 'amount'],
      [`${refund}.ordered_by`]: undefined,
    },
    { [`${refund}.args.payment.required`]: true },
  ],
  ['ACTION_ARGUMENT_UNBOUNDED', acting, { [`${refund}.args.payment.max_length`]: undefined }, {}],
  ['ACTION_ARGUMENT_UNBOUNDED', acting, { [`${refund}.args.cents.maximum`]: undefined }, {}],
  [
    'ACTION_FIELD_UNKNOWN',
    acting,
    { [`${refund}.input.note`]: { fixed: 'n' } },
    { [`${notice}.input.more`]: { fixed: 'n' } },
  ],
  ['ACTION_FIELD_MISSING', acting, { [`${refund}.provider`]: 'slack.message' }, {}],
  [
    'ACTION_FIELD_UNFIT',
    acting,
    { [`${refund}.input.amount`]: { fixed: 'all' }, [`${refund}.args.cents`]: undefined },
    { [`${refund}.input.amount`]: { fixed: 5 }, [`${refund}.args.cents`]: undefined },
  ],
  ['ACTION_KEY_UNFIT', acting, { [`${refund}.business_key`]: ['payment'] }, {}],
  [
    'ACTION_KEY_UNFIT',
    acting,
    { [`${notice}.business_key`]: ['note'] },
    { [`${notice}.business_key`]: ['event'] },
  ],
  [
    'ACTION_KEY_UNFIT',
    acting,
    { [`${refund}.business_key`]: ['reason'] },
    { [`${refund}.business_key`]: ['reason', 'payment_intent'] },
  ],
  [
    'APPROVAL_MODE_UNFIT',
    acting,
    { [`${refund}.approval.mode`]: 'none' },
    { [`${refund}.approval`]: { mode: 'none' } },
  ],
];
