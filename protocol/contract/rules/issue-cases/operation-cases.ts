import { billingContract as billing } from '../../sample-contracts.ts';
import { otherKindsContract as others } from '../../sample-other-kinds.ts';
import type { IssueCase } from './issue-case.ts';

const p0 = 'capabilities.0.proposal';
const line = 'capabilities.6.proposal';
const operation = 'capabilities.3.proposal.operation';
const set = 'capabilities.5.proposal.operation';

const unattended = { supervised_worker: 'allowed' };
const reversibleInsert = {
  'capabilities.3.proposal.reversibility': { mode: 'reviewed_inverse' },
  'capabilities.3.proposal.approval': { mode: 'human' },
  'capabilities.3.proposal.writeback': { mode: 'direct_sql' },
};

export const operationCases: IssueCase[] = [
  ['DEDUPLICATION_INVALID', others, { [`${operation}.deduplication`]: undefined }, {}],
  [
    'DEDUPLICATION_INVALID',
    billing,
    {
      [`${p0}.operation`]: {
        kind: 'update',
        deduplication: { components: [{ column: 'a', source: 'proposal_id' }] },
      },
    },
    { [`${p0}.operation`]: { kind: 'update' } },
  ],
  [
    'DEDUPLICATION_INVALID',
    others,
    { [`${operation}.deduplication.components.0.column`]: 'note' },
    { [`${operation}.deduplication.components.0.column`]: 'nonce' },
  ],
  [
    'DEDUPLICATION_INVALID',
    others,
    { [`${operation}.deduplication.components.0.fixed`]: 1 },
    { [`${operation}.deduplication.components.2`]: { column: 'a', source: 'fixed', fixed: 1 } },
  ],
  ['DEDUPLICATION_INVALID', others, { [`${operation}.deduplication.components.0.item_field`]: 'a' }, {}],
  [
    'DEDUPLICATION_INVALID',
    others,
    { [`${operation}.deduplication.components.2`]: { column: 'a', source: 'item_field', item_field: 'b' } },
    {},
  ],
  ['DEDUPLICATION_INVALID', others, { [`${operation}.deduplication.components.1.column`]: 'org' }, {}],
  ['DEDUPLICATION_INVALID', others, { [`${line}.operation.deduplication.components.0.column`]: 'line' }, {}],
  ['SET_INVALID', billing, { [`${p0}.operation`]: { kind: 'update', max_rows: 2 } }, {}],
  ['SET_INVALID', others, { [`${set}.aggregate_bounds`]: undefined }, {}],
  ['SET_INVALID', others, { [`${set}.selection`]: undefined }, {}],
  ['SET_INVALID', others, { [`${set}.batch`]: { items_from_arg: 'invoice_id' } }, {}],
  ['SET_INVALID', others, { [`${set}.version_advance`]: undefined }, {}],
  ['SET_INVALID', others, { 'capabilities.5.visible_fields': ['status', 'version'] }, {}],
  ['SET_INVALID', others, { 'capabilities.5.proposal.writeback': undefined }, {}],
  ['SET_INVALID', others, { [`${line}.operation.max_rows`]: 9 }, { [`${line}.operation.max_rows`]: 11 }],
  ['SET_INVALID', others, { [`${line}.operation.batch`]: undefined }, {}],
  ['SET_INVALID', others, { [`${line}.patch.cents`]: { fixed: 5 } }, {}],
  [
    'SET_INVALID',
    others,
    { [`${line}.operation.selection`]: { all: [{ column: 'status', operator: 'eq', value: 1 }] } },
    {},
  ],
  [
    'REVERSIBILITY_UNFIT',
    billing,
    { [`${p0}.reversibility`]: { mode: 'reviewed_inverse' } },
    {
      [`${p0}.reversibility`]: { mode: 'reviewed_inverse' },
      [`${p0}.operation`]: {
        kind: 'update',
        version_advance: { column: 'version', strategy: 'integer_increment' },
      },
    },
  ],
  [
    'REVERSIBILITY_UNFIT',
    others,
    {
      'capabilities.4.proposal.reversibility': { mode: 'reviewed_inverse' },
      'capabilities.4.proposal.writeback': undefined,
    },
    { 'capabilities.4.proposal.reversibility': { mode: 'reviewed_inverse' } },
  ],
  [
    'REVERSIBILITY_UNFIT',
    others,
    { 'capabilities.3.proposal.reversibility': { mode: 'reviewed_inverse' } },
    {},
  ],
  [
    'EXECUTION_UNFIT',
    others,
    { 'capabilities.4.proposal.execution': { supervised_worker: 'allowed' } },
    { 'capabilities.3.proposal.execution': { supervised_worker: 'allowed' } },
  ],
  ['EXECUTION_UNFIT', others, { 'capabilities.7.proposal.execution': { supervised_worker: 'allowed' } }, {}],

  [
    'REVERSIBILITY_UNFIT',
    others,
    reversibleInsert,
    { ...reversibleInsert, [`${operation}.deduplication.components.0.column`]: 'Invoice_ID' },
  ],
  [
    'EXECUTION_UNFIT',
    billing,
    { [`${p0}.execution`]: unattended, [`${p0}.reversibility`]: { mode: 'reviewed_inverse' } },
    { [`${p0}.execution`]: unattended },
  ],
  ['EXECUTION_UNFIT', billing, { [`${p0}.execution`]: unattended, [`${p0}.conflict_guard`]: {} }, {}],
];
