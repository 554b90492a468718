import {
  billingContract as billing,
  billingWithPolicyContract as policy,
  billingWithStatesContract as states,
} from '../../sample-contracts.ts';
import { otherKindsContract as others } from '../../sample-other-kinds.ts';
import type { IssueCase } from './issue-case.ts';

const c0 = 'capabilities.0';
const p0 = 'capabilities.0.proposal';
const fee = `${p0}.numeric_bounds.late_fee_cents`;
const feeArg = `${c0}.args.late_fee_cents`;

export const valueCases: IssueCase[] = [
  ['NUMERIC_BOUND_UNPATCHED', billing, { [`${p0}.numeric_bounds.total`]: { minimum: 0 } }, {}],
  ['NUMERIC_BOUND_EMPTY', billing, { [fee]: {} }, { [fee]: { minimum: 0 } }],
  [
    'NUMERIC_BOUND_ONE_SIDED',
    billing,
    { [fee]: { maximum: 9 }, [`${feeArg}.minimum`]: undefined },
    { [fee]: { maximum: 9 } },
  ],
  [
    'NUMERIC_BOUND_ONE_SIDED',
    billing,
    { [`${p0}.numeric_bounds`]: undefined, [`${feeArg}.minimum`]: undefined },
    { [`${p0}.numeric_bounds`]: undefined },
  ],
  [
    'NUMERIC_BOUND_ONE_SIDED',
    policy,
    { [`${p0}.numeric_bounds`]: undefined, [feeArg]: { type: 'number' } },
    { [fee]: { minimum: 0 }, [feeArg]: { type: 'number' } },
  ],
  [
    'NUMERIC_BOUND_ONE_SIDED',
    billing,
    { [fee]: { maximum: 9 }, [feeArg]: { type: 'number' } },
    { [`${p0}.numeric_bounds`]: undefined, [feeArg]: { type: 'number', enum: [1, 2] } },
  ],
  ['NUMERIC_BOUND_UNFIT', billing, { [`${p0}.numeric_bounds.waiver_reason`]: { minimum: 0 } }, {}],
  [
    'NUMERIC_BOUND_UNFIT',
    billing,
    { [`${p0}.patch.late_fee_cents`]: { fixed: 10_001 } },
    { [`${p0}.patch.late_fee_cents`]: { fixed: 10_000 } },
  ],
  [
    'NUMERIC_BOUND_UNFIT',
    billing,
    { [`${p0}.patch.late_fee_cents`]: { fixed: null } },
    { [`${p0}.patch.late_fee_cents`]: { fixed: 0 } },
  ],
  [
    'TRANSITION_UNPATCHED',
    billing,
    { [`${p0}.transition_guards`]: { status: { allowed: { a: ['b'] } } } },
    {},
  ],
  [
    'TRANSITION_UNFIT',
    billing,
    { [`${p0}.transition_guards`]: { late_fee_cents: { allowed: { a: ['b'] } } } },
    { [`${p0}.transition_guards`]: { waiver_reason: { allowed: { a: ['b'] } } } },
  ],
  ['TRANSITION_UNFIT', states, { 'capabilities.1.proposal.transition_guards.status.allowed': {} }, {}],
  [
    'TRANSITION_COLUMN_NOT_VISIBLE',
    states,
    { 'capabilities.1.proposal.transition_guards.status.from_column': 'phase' },
    { 'capabilities.1.proposal.transition_guards.status.from_column': 'closed_by' },
  ],
  [
    'CONFLICT_GUARD_REQUIRED',
    billing,
    { [`${p0}.conflict_guard`]: undefined },
    { [`${p0}.conflict_guard`]: { column: 'updated_at' } },
  ],
  [
    'CONFLICT_GUARD_REQUIRED',
    others,
    { 'capabilities.4.proposal.conflict_guard': { weak_guard_ack: true } },
    { 'capabilities.4.proposal.conflict_guard': { weak_guard_ack: true, column: 'version' } },
  ],
  ['CONFLICT_GUARD_UNFIT', billing, { [`${p0}.conflict_guard.column`]: 'Invoice_ID' }, {}],
  [
    'CONFLICT_GUARD_UNFIT',
    billing,
    { [`${c0}.kept_out_fields`]: ['row_rev'], [`${p0}.conflict_guard.column`]: 'row_rev' },
    { [`${p0}.conflict_guard.column`]: 'row_rev' },
  ],
  [
    'VERSION_ADVANCE_UNFIT',
    others,
    { 'capabilities.5.proposal.operation.version_advance.column': 'rev' },
    {},
  ],

  [
    'NUMERIC_BOUND_UNFIT',
    billing,
    { [`${p0}.patch.late_fee_cents`]: { fixed: 11 }, [fee]: { maximum: 10 } },
    { [`${p0}.patch.late_fee_cents`]: { fixed: 10 }, [fee]: { maximum: 10 } },
  ],
];
