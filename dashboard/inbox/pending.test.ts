import { actionDetailOf } from '@countersign/client/action-detail';
import { detailOf } from '@countersign/client/proposal-detail';
import { expect, test } from 'vitest';
import { groupAlike, inOneList, isWanted, linesOf, pendingAction, pendingProposal } from './pending.ts';

const proposalOf = (proposal_id: string, action: string, patch: object, more: object = {}) =>
  detailOf({ proposal_id, status: 'pending_review', action, patch, source_id: 'src_billing', ...more });
const item = (...of: Parameters<typeof proposalOf>) => pendingProposal(proposalOf(...of));
const actionOf = (action_id: string, more: object = {}) =>
  actionDetailOf({
    action_id,
    status: 'proposed',
    action: 'refund',
    target: 'payments',
    input: { cents: 5 },
    ...more,
  });
const act = (...of: Parameters<typeof actionOf>) => pendingAction(actionOf(...of));

const a = item('wrp_a', 'waive', { fee: 0 });
const b = item('wrp_b', 'refund', { cents: 5 });
const c = item('wrp_c', 'waive', { fee: 1 });
const other = item('wrp_d', 'waive', { fee: 1, note: 'x' });

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);

test('what asks for the same columns by the same capability is alike, in the order of what comes first', () => {
  const groups = groupAlike([a, b, c, other]);
  expect(groups.map(({ items }) => idsOf(items))).toEqual([['wrp_a', 'wrp_c'], ['wrp_b'], ['wrp_d']]);
});

test('actions are alike that send the same fields to the same account, and never like a change of a row', () => {
  const groups = groupAlike([
    b,
    act('act_a'),
    act('act_b', { target: 'other' }),
    act('act_c', { input: { cents: 9 } }),
    act('act_d', { input: { cents: 9, note: 'x' } }),
  ]);
  expect(groups.map(({ items }) => idsOf(items))).toEqual([
    ['wrp_b'],
    ['act_a', 'act_c'],
    ['act_b'],
    ['act_d'],
  ]);
});

test('what has probably been done already is in no group with what has not', () => {
  expect(groupAlike([act('act_a'), act('act_b', { status: 'held' })])).toHaveLength(2);
});

test('a group that is folded shows its head alone, and one of a single item none', () => {
  const groups = groupAlike([a, b, c]);
  const [first] = groups;
  expect(linesOf(groups, new Set()).map(({ kind }) => kind)).toEqual(['group', 'item', 'item', 'item']);
  expect(linesOf(groups, new Set([first?.key ?? ''])).map(({ kind }) => kind)).toEqual(['group', 'item']);
});

test('both kinds stand in one list, what runs out first before the rest', () => {
  const all = inOneList(
    [
      proposalOf('wrp_late', 'waive', {}, { expires_at: '2027-01-03T00:00:00.000Z' }),
      proposalOf('wrp_never', 'waive', {}),
    ],
    [
      actionOf('act_soon', { expires_at: '2027-01-02T00:00:00.000Z' }),
      actionOf('act_tied', { expires_at: '2027-01-01T00:00:00.000Z', decided_with: 'wrp_late' }),
    ],
  );
  expect(idsOf(all)).toEqual(['act_soon', 'wrp_late', 'wrp_never']);
});

test('filters hold together', () => {
  expect(isWanted(a, {})).toBe(true);
  expect(isWanted(a, { capability: 'waive', source: 'src_billing' })).toBe(true);
  expect(isWanted(a, { capability: 'waive', source: 'src_other' })).toBe(false);
  expect(
    isWanted(item('wrp_e', 'waive', {}, { proposed_by: { kind: 'agent', id: 'crd_1' } }), { by: 'crd_1' }),
  ).toBe(true);
});

test('a source is a database, and a target an account: neither finds the other', () => {
  expect(isWanted(act('act_a'), { target: 'payments' })).toBe(true);
  expect(isWanted(act('act_a'), { target: 'letters' })).toBe(false);
  expect(isWanted(act('act_a'), { source: 'src_billing' })).toBe(false);
  expect(isWanted(a, { target: 'payments' })).toBe(false);
});

test('what was chosen is chosen no more once it asks for something else', () => {
  const [before, after] = ['sha256:1', 'sha256:2'].map((effect_digest) =>
    pendingProposal(detailOf({ proposal_id: 'wrp_1', status: 'pending_review', effect_digest })),
  );
  expect(before?.id).toBe(after?.id);
  expect(before?.choice).not.toBe(after?.choice);
});
