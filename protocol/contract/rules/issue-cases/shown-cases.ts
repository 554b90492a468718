import { billingContract as billing } from '../../sample-contracts.ts';
import { otherKindsContract as others } from '../../sample-other-kinds.ts';
import type { IssueCase } from './issue-case.ts';

const list = { type: 'object_array', max_items: 1, fields: { cents: { type: 'number' } } };
const unknown = { field: 'status', operator: 'eq', value: { from_arg: 'state' } };
const analysis = { counted_entity: 'subject', measures: [{}], minimum_group_size: 5 };
const c0 = 'capabilities.0';
const p0 = 'capabilities.0.proposal';
const fee = `${p0}.numeric_bounds.late_fee_cents`;
const feeArg = `${c0}.args.late_fee_cents`;

export const shownCases: IssueCase[] = [
  [
    'ARGS_REQUIRED',
    others,
    { 'capabilities.0.args': {}, 'capabilities.0.lookup': undefined },
    { 'capabilities.0.lookup': undefined },
  ],
  ['BOUNDS_REVERSED', billing, { [`${feeArg}.minimum`]: 10_001 }, { [`${feeArg}.minimum`]: 10_000 }],
  ['BOUNDS_REVERSED', billing, { [`${fee}.minimum`]: 10_001 }, { [`${fee}.minimum`]: 10_000 }],
  ['BOUNDS_REVERSED', others, { 'capabilities.6.args.lines.fields.cents.minimum': 9_001 }, {}],
  [
    'LOOKUP_REQUIRED',
    billing,
    { [`${c0}.lookup`]: undefined },
    { [`${c0}.lookup`]: { id_from_arg: 'invoice_id' } },
  ],
  ['LOOKUP_REQUIRED', others, { 'capabilities.4.lookup': undefined }, { 'capabilities.0.lookup': undefined }],
  [
    'LOOKUP_ARGUMENT_UNFIT',
    others,
    { 'capabilities.0.args.invoice_id': { type: 'boolean' } },
    { 'capabilities.0.args.invoice_id': { type: 'number' } },
  ],
  [
    'LOOKUP_ARGUMENT_UNFIT',
    billing,
    { [`${c0}.args.invoice_id.required`]: false },
    { [`${c0}.args.invoice_id.required`]: true },
  ],
  [
    'VISIBLE_FIELDS_REQUIRED',
    others,
    { [`${c0}.visible_fields`]: [] },
    { [`${c0}.visible_fields`]: ['status'] },
  ],
  [
    'KEPT_OUT_FIELD_VISIBLE',
    billing,
    { [`${c0}.kept_out_fields.0`]: 'Status' },
    { [`${c0}.kept_out_fields.0`]: 'iban' },
  ],
  [
    'KEPT_OUT_FIELD_WITHHELD',
    billing,
    { [`${c0}.model_withheld_fields`]: ['card_number'] },
    { [`${c0}.model_withheld_fields`]: ['status'] },
  ],
  ['SECTION_UNFIT', billing, { [p0]: undefined }, {}],
  ['SECTION_UNFIT', billing, { [`${c0}.kind`]: 'read' }, { [`${c0}.kind`]: 'read', [p0]: undefined }],
  ['SECTION_UNFIT', others, { 'capabilities.1.aggregate': undefined }, {}],
  [
    'SECTION_UNFIT',
    others,
    { 'capabilities.2.kind': 'answer_with_evidence' },
    { 'capabilities.0.kind': 'answer_with_evidence' },
  ],
  [
    'AGGREGATE_INVALID',
    others,
    { 'capabilities.1.aggregate.function': 'sum' },
    { 'capabilities.1.aggregate': { function: 'sum', column: 'late_fee_cents', minimum_group_size: 5 } },
  ],
  [
    'AGGREGATE_INVALID',
    others,
    { 'capabilities.1.aggregate.count_mode': 'non_null' },
    {
      'capabilities.1.aggregate': {
        function: 'count',
        count_mode: 'non_null',
        column: 'status',
        minimum_group_size: 5,
      },
    },
  ],
  ['AGGREGATE_INVALID', others, { 'capabilities.1.visible_fields': ['status'] }, {}],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.protected_read.mode': 'aggregate' }, {}],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.max_rows': 49 }, { 'capabilities.2.max_rows': 50 }],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.subject.tenant_key': undefined }, {}],
  [
    'PROTECTED_READ_INVALID',
    others,
    { 'capabilities.2.protected_read.predicates.0.field': 'card_number' },
    { 'capabilities.2.protected_read.predicates.0.field': 'iban' },
  ],
  [
    'PROTECTED_READ_INVALID',
    others,
    { 'capabilities.2.protected_read.predicates.1.value.from_arg': 'most' },
    {},
  ],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.protected_read.predicates.1.value.fixed': 3 }, {}],
  [
    'PROTECTED_READ_INVALID',
    others,
    { 'capabilities.2.protected_read.time_window.end': '2026-01-01T00:00:00Z' },
    {},
  ],
  [
    'PROTECTED_READ_INVALID',
    others,
    { 'capabilities.2.protected_read.relationship': {}, 'capabilities.2.protected_read.relationships': [{}] },
    { 'capabilities.2.protected_read.relationship': {} },
  ],
  [
    'EVIDENCE_REQUIRED',
    others,
    { 'capabilities.1.evidence.query_audit': false },
    { 'capabilities.0.evidence.query_audit': false },
  ],

  ['AGGREGATE_INVALID', others, { 'capabilities.1.aggregate.count_mode': undefined }, {}],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.kind': 'aggregate_read' }, {}],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.args.spare': { type: 'string' } }, {}],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.args.least_cents': list }, {}],
  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.protected_read.aggregate': analysis }, {}],

  ['PROTECTED_READ_INVALID', others, { 'capabilities.2.protected_read.predicates.2': unknown }, {}],
];
