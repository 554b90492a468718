import { actionDetailOf } from '@countersign/client/action-detail';
import { describe, expect, test } from 'vitest';
import { approvalRefusedBecause, cancelRefusedBecause, refusalRefusedBecause } from './action-decisions.ts';

const ada = {
  kind: 'person',
  actor: 'https://login.example.com ada',
  name: 'Ada',
  project_id: 'prj_1',
  roles: ['approver'],
  approval_roles: ['billing_lead'],
  may: ['decide-action', 'cancel-action'],
};
const proposed = {
  action_id: 'act_1',
  status: 'proposed',
  effect_digest: 'sha256:1',
  input: { amount: 5 },
  proposed_by: { kind: 'agent', id: 'crd_1' },
  requirements: [{ role: 'billing_lead', approvals: 1, given: 0, by: [] }],
};
const action = (changes: object = {}) => actionDetailOf({ ...proposed, ...changes });

describe('whoever looks at an action', () => {
  test.each(['proposed', 'held'])('may let it go while it is %s', (status) => {
    expect(approvalRefusedBecause(action({ status }), ada)).toBeUndefined();
    expect(refusalRefusedBecause(action({ status }), ada)).toBeUndefined();
  });

  test.each([
    ['has no say', {}, { ...ada, may: [] }, /roles/],
    ['comes too late', { status: 'expired' }, ada, /expired/],
    ['asked for it', { proposed_by: { kind: 'person', id: ada.actor } }, ada, /somebody else/],
    ['has approved it', { decisions: [{ verdict: 'approved', by: `person:${ada.actor}` }] }, ada, /others/],
    ['does not see it', { input: null, effect_digest: null }, ada, /nothing exact/],
    ['has to decide its proposal', { decided_with: 'wrp_1' }, ada, /its proposal/],
    ['is not who is waited for', {}, { ...ada, approval_roles: [] }, /billing_lead/],
  ])('may not where they %s', (_what, changes, caller, text) => {
    expect(approvalRefusedBecause(action(changes), caller)).toMatch(text);
  });

  test('may take back what nobody has begun', () => {
    expect(cancelRefusedBecause(action({ status: 'queued' }), ada)).toBeUndefined();
    expect(cancelRefusedBecause(action({ status: 'claimed' }), ada)).toMatch(/claimed/);
    const begun = action({ status: 'queued', unknown_since: '2027-01-01T00:00:00.000Z' });
    expect(cancelRefusedBecause(begun, ada)).toMatch(/may have reached/);
    expect(cancelRefusedBecause(action(), { ...ada, may: [] })).toMatch(/roles/);
  });
});
