import { billingContract as billing, billingWithStatesContract as states } from '../../sample-contracts.ts';
import type { IssueCase } from './issue-case.ts';

const c0 = 'capabilities.0';
const feeArg = `${c0}.args.late_fee_cents`;

export const documentCases: IssueCase[] = [
  ['CONTRACT_TOO_LARGE', billing, { 'x-cloud-a': 'ä'.repeat(131_072) }, { 'x-cloud-a': 'ä'.repeat(120_000) }],
  ['UNSTORABLE_TEXT', billing, { 'metadata.name': 'a\u0000b' }, { 'metadata.name': 'a b' }],
  ['SECRET_IN_CONTRACT', billing, { 'x-cloud-token': 'bearer abc' }, { 'x-cloud-token': 'see the vault' }],
  [
    'SECRET_IN_CONTRACT',
    billing,
    { 'x-cloud-password': 'A1b2'.repeat(6) },
    { 'x-cloud-a': 'A1b2'.repeat(6) },
  ],
  [
    'SECRET_IN_CONTRACT',
    billing,
    { 'x-runner-write_url': 'mysql://db' },
    { 'x-runner-write_url': 'of the runner' },
  ],
  ['INVALID_VALUE', billing, { spec_version: '0.2' }, { spec_version: '0.1' }],
  ['INVALID_VALUE', billing, { [`${c0}.name`]: 'waive' }, { [`${c0}.name`]: 'fees.waive' }],
  [
    'INVALID_VALUE',
    billing,
    { [`${c0}.args.invoice_id.enum`]: ['a', 'a'] },
    { [`${c0}.args.invoice_id.enum`]: ['a'] },
  ],
  ['UNKNOWN_FIELD', billing, { [`${c0}.lookups`]: {} }, { [`${c0}.x-runner-lookups`]: {} }],
  [
    'UNKNOWN_FIELD',
    billing,
    { [`${c0}.args.invoice_id.minimum`]: 1 },
    { [`${c0}.args.late_fee_cents.minimum`]: 1 },
  ],
  [
    'INVALID_IDENTIFIER',
    billing,
    { [`${c0}.args.a-b`]: { type: 'string' } },
    { [`${c0}.args.a_b`]: { type: 'string' } },
  ],
  ['INVALID_IDENTIFIER', billing, { 'resources.0.table': 'in-voices' }, { 'resources.0.table': 'in_voices' }],
  ['UNSAFE_NUMBER', billing, { [`${feeArg}.maximum`]: 2 ** 53 }, { [`${feeArg}.maximum`]: 2 ** 53 - 1 }],
  ['UNSAFE_NUMBER', states, { 'capabilities.1.proposal.patch.closed_by': { fixed: 2 ** 60 } }, {}],
  [
    'NOT_A_SCALAR',
    states,
    { 'capabilities.1.proposal.patch.closed_by': { fixed: { by: 'desk' } } },
    { 'capabilities.1.proposal.patch.closed_by': { fixed: null } },
  ],

  [
    'INVALID_VALUE',
    billing,
    { [`${c0}.args.invoice_id.type`]: 'date' },
    { [`${c0}.args.invoice_id.type`]: 'number' },
  ],
];
