import { detailOf } from '@countersign/client/proposal-detail';
import { describe, expect, test } from 'vitest';
import { approvalRefusedBecause, needText, refusalRefusedBecause } from './decisions.ts';

const ada = {
  kind: 'person',
  actor: 'https://login.example.com ada',
  name: 'Ada',
  project_id: 'prj_1',
  roles: ['approver'],
  approval_roles: ['billing_lead'],
  may: ['decide'],
};
const pending = {
  proposal_id: 'wrp_1',
  status: 'pending_review',
  proposal_version: 1,
  effect_digest: 'sha256:1',
  change_set: { patch: { fee: 0 } },
  proposed_by: { kind: 'agent', id: 'crd_1' },
  requirements: [{ role: 'billing_lead', approvals: 1, given: 0, by: [] }],
};
const why = (changes: object, caller = ada) =>
  approvalRefusedBecause(detailOf({ ...pending, ...changes }), caller);

describe('whoever looks at it', () => {
  test('may approve where nothing stands against it', () => {
    expect(why({})).toBeUndefined();
  });

  test.each([
    ['has no say', {}, { ...ada, may: [] }, /roles/],
    ['comes too late', { status: 'expired' }, ada, /expired/],
    ['proposed it', { proposed_by: { kind: 'person', id: ada.actor } }, ada, /somebody else/],
    ['has approved it', { decisions: [{ verdict: 'approved', by: `person:${ada.actor}` }] }, ada, /others/],
    ['sees no effect', { change_set: null }, ada, /nothing exact/],
    ['is not who is waited for', {}, { ...ada, approval_roles: ['support_lead'] }, /billing_lead/],
  ])('may not where they %s', (_what, changes, caller, text) => {
    expect(why(changes, caller)).toMatch(text);
  });

  test('may reject what they could not approve', () => {
    const caller = { ...ada, approval_roles: [] };
    expect(refusalRefusedBecause(detailOf({ ...pending, change_set: null }), caller)).toBeUndefined();
    expect(refusalRefusedBecause(detailOf(pending), { ...caller, may: [] })).toMatch(/roles/);
  });
});

test.each([
  [{ role: 'billing_lead', approvals: 2, given: 1, by: [] }, '1 of 2, waiting on billing_lead'],
  [{ role: null, approvals: 1, given: 0, by: [] }, '0 of 1, waiting on an approver'],
  [{ role: null, approvals: 1, given: 1, by: [] }, '1 of 1 given'],
])('%j', (requirement, text) => {
  expect(needText(requirement)).toBe(text);
});
