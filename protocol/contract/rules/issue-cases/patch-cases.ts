import { billingContract as billing, billingWithStatesContract as states } from '../../sample-contracts.ts';
import { otherKindsContract as others } from '../../sample-other-kinds.ts';
import type { IssueCase } from './issue-case.ts';

const c0 = 'capabilities.0';
const p0 = 'capabilities.0.proposal';
const line = 'capabilities.6.proposal';

export const patchCases: IssueCase[] = [
  ['ALLOWED_FIELDS_REQUIRED', billing, { [`${p0}.allowed_fields`]: [] }, {}],
  ['ALLOWED_FIELDS_REQUIRED', others, { 'capabilities.4.proposal.allowed_fields': ['status'] }, {}],
  [
    'PATCH_REQUIRED',
    billing,
    { [`${p0}.patch`]: {}, [`${p0}.numeric_bounds`]: undefined },
    { [`${p0}.numeric_bounds`]: undefined },
  ],
  ['PATCH_REQUIRED', others, { 'capabilities.4.proposal.patch': { status: { fixed: 'x' } } }, {}],
  [
    'PATCH_FIELD_NOT_ALLOWED',
    billing,
    { [`${p0}.patch.status`]: { fixed: 'x' } },
    { [`${p0}.patch.status`]: { fixed: 'x' }, [`${p0}.allowed_fields.2`]: 'status' },
  ],
  [
    'PATCH_BINDING_REQUIRED',
    billing,
    { [`${p0}.patch.waiver_reason`]: {} },
    { [`${p0}.patch.waiver_reason`]: { fixed: 'x' } },
  ],
  [
    'PATCH_BINDING_REQUIRED',
    billing,
    { [`${p0}.patch.waiver_reason.fixed`]: null },
    { [`${p0}.patch.waiver_reason`]: { fixed: null } },
  ],
  ['PATCH_ARGUMENT_UNKNOWN', billing, { [`${p0}.patch.waiver_reason.from_arg`]: 'reason' }, {}],
  ['PATCH_ARGUMENT_UNKNOWN', billing, { [`${p0}.patch.waiver_reason.from_arg`]: 'toString' }, {}],
  [
    'PATCH_ARGUMENT_OPTIONAL',
    billing,
    { [`${c0}.args.waiver_reason.required`]: false },
    { [`${c0}.args.waiver_reason.required`]: true },
  ],
  ['PATCH_ARGUMENT_UNFIT', others, { [`${line}.patch.cents`]: { from_arg: 'lines' } }, {}],
  ['PATCH_ITEM_OUTSIDE_BATCH', billing, { [`${p0}.patch.waiver_reason`]: { from_item: 'reason' } }, {}],
  [
    'PATCH_ITEM_UNKNOWN',
    others,
    { [`${line}.patch.cents.from_item`]: 'amount' },
    { [`${line}.patch.cents.from_item`]: 'line_no' },
  ],
  [
    'PATCH_COLUMN_NOT_VISIBLE',
    billing,
    { [`${c0}.visible_fields`]: ['invoice_id', 'late_fee_cents'] },
    { [`${c0}.visible_fields`]: ['late_fee_cents', 'waiver_reason'] },
  ],
  [
    'PATCH_COLUMN_NOT_VISIBLE',
    others,
    { 'capabilities.3.kept_out_fields': ['NOTE'] },
    { 'capabilities.3.kept_out_fields': ['iban'] },
  ],
  [
    'PATCH_COLUMN_NOT_VISIBLE',
    others,
    { 'capabilities.8.visible_fields': ['status'] },
    { 'capabilities.7.visible_fields': ['status'] },
  ],
  ...['invoice_id', 'tenant_id', 'version', 'Tenant_ID'].map(
    (column): IssueCase => [
      'PROTECTED_COLUMN',
      billing,
      { [`${p0}.allowed_fields.2`]: column },
      { [`${p0}.allowed_fields.2`]: 'memo' },
    ],
  ),
  ['PROTECTED_COLUMN', billing, { [`${p0}.patch.version`]: { fixed: 1 } }, {}],

  [
    'PATCH_ITEM_OUTSIDE_BATCH',
    others,
    { 'capabilities.5.proposal.patch.status': { from_item: 'status' } },
    {},
  ],
  ['PATCH_ARGUMENT_UNKNOWN', billing, { [`${p0}.patch.late_fee_cents.from_arg`]: 'fee' }, {}],
  ['PATCH_ARGUMENT_UNKNOWN', states, { 'capabilities.1.proposal.patch.status.from_arg': 'state' }, {}],
];
