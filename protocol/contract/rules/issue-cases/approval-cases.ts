import { billingContract as billing, billingWithPolicyContract as policy } from '../../sample-contracts.ts';
import { otherKindsContract as others } from '../../sample-other-kinds.ts';
import type { IssueCase } from './issue-case.ts';

const p0 = 'capabilities.0.proposal';

export const approvalCases: IssueCase[] = [
  [
    'APPROVAL_ROLE_REQUIRED',
    policy,
    { [`${p0}.approval.required_role`]: undefined },
    { [`${p0}.approval.required_role`]: 'lead' },
  ],
  [
    'APPROVAL_POLICY_UNFIT',
    policy,
    { [`${p0}.approval.mode`]: 'human' },
    { [`${p0}.approval`]: { mode: 'human' } },
  ],
  ['APPROVAL_POLICY_UNFIT', policy, { [`${p0}.approval.policy`]: undefined }, {}],
  [
    'APPROVAL_POLICY_UNFIT',
    policy,
    { 'policies.0.kind': 'custom', 'policies.0.limits': undefined },
    { 'policies.0.limits': undefined },
  ],
  [
    'APPROVAL_MODE_UNFIT',
    others,
    { 'capabilities.4.proposal.approval': undefined },
    { 'capabilities.4.proposal.approval.mode': 'operator' },
  ],
  [
    'APPROVAL_MODE_UNFIT',
    others,
    { 'capabilities.4.proposal.approval': undefined, 'capabilities.4.proposal.writeback': undefined },
    { 'capabilities.4.proposal.writeback': undefined },
  ],
  ['APPROVAL_POLICY_FIELD_NOT_NUMERIC', policy, { 'policies.0.rules.0.field': 'waiver_reason' }, {}],
  ['APPROVAL_POLICY_FIELD_NOT_NUMERIC', policy, { 'policies.0.limits.1.field': 'total' }, {}],
  [
    'APPROVAL_POLICY_MAX_EXCEEDS_BOUND',
    policy,
    { 'policies.0.rules.0.max': 10_001 },
    { 'policies.0.rules.0.max': 10_000 },
  ],
  ['POLICY_INVALID', policy, { 'policies.0.limits.0.field': 'late_fee_cents' }, {}],
  ['POLICY_INVALID', policy, { 'policies.0.limits.1.field': undefined }, {}],
  [
    'POLICY_INVALID',
    billing,
    { policies: [{ name: 'p', kind: 'scope', limits: [{ kind: 'count', max: 1, period: 'day' }] }] },
    { policies: [{ name: 'p', kind: 'scope' }] },
  ],

  ['APPROVAL_MODE_UNFIT', policy, { [`${p0}.reversibility`]: { mode: 'reviewed_inverse' } }, {}],
  [
    'APPROVAL_MODE_UNFIT',
    others,
    { 'capabilities.5.proposal.approval': undefined },
    { 'capabilities.5.proposal.approval.mode': 'operator' },
  ],
];
