import { detailOf } from '@countersign/client/proposal-detail';
import { expect, test } from 'vitest';
import { groupAlike, isWanted, linesOf } from './pending.ts';

const item = (proposal_id: string, action: string, patch: object, more: object = {}) =>
  detailOf({ proposal_id, status: 'pending_review', action, patch, source_id: 'src_billing', ...more });

const a = item('wrp_a', 'waive', { fee: 0 });
const b = item('wrp_b', 'refund', { cents: 5 });
const c = item('wrp_c', 'waive', { fee: 1 });
const other = item('wrp_d', 'waive', { fee: 1, note: 'x' });

test('what asks for the same columns by the same capability is alike, in the order of what comes first', () => {
  const groups = groupAlike([a, b, c, other]);
  expect(groups.map(({ items }) => items.map(({ proposal_id }) => proposal_id))).toEqual([
    ['wrp_a', 'wrp_c'],
    ['wrp_b'],
    ['wrp_d'],
  ]);
});

test('a group that is folded shows its head alone, and one of a single item none', () => {
  const groups = groupAlike([a, b, c]);
  const [first] = groups;
  expect(linesOf(groups, new Set()).map(({ kind }) => kind)).toEqual(['group', 'item', 'item', 'item']);
  expect(linesOf(groups, new Set([first?.key ?? ''])).map(({ kind }) => kind)).toEqual(['group', 'item']);
});

test('filters hold together', () => {
  expect(isWanted(a, {})).toBe(true);
  expect(isWanted(a, { capability: 'waive', source: 'src_billing' })).toBe(true);
  expect(isWanted(a, { capability: 'waive', source: 'src_other' })).toBe(false);
  expect(
    isWanted(item('wrp_e', 'waive', {}, { proposed_by: { kind: 'agent', id: 'crd_1' } }), { by: 'crd_1' }),
  ).toBe(true);
});
