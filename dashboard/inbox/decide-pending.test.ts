import { actionDetailOf } from '@countersign/client/action-detail';
import { detailOf } from '@countersign/client/proposal-detail';
import { expect, test } from 'vitest';
import { bulkRefusedBecause } from './decide-pending.ts';
import { pendingAction, pendingProposal } from './pending.ts';

const ada = {
  kind: 'person',
  actor: 'https://login.example.com ada',
  name: 'Ada',
  project_id: 'prj_1',
  roles: ['approver'],
  approval_roles: ['billing_lead'],
  may: ['decide', 'decide-action'],
};
const action = (status: string) =>
  pendingAction(
    actionDetailOf({ action_id: 'act_1', status, effect_digest: 'sha256:1', input: { amount: 1 } }),
  );
const proposal = pendingProposal(
  detailOf({
    proposal_id: 'wrp_1',
    status: 'pending_review',
    effect_digest: 'sha256:1',
    change_set: { patch: { fee: 0 } },
  }),
);
const [approve, reject] = [{ kind: 'approve' }, { kind: 'reject', reason: 'no' }] as const;

test.each([approve, reject])('both kinds can be decided with others: %j', (verdict) => {
  expect(bulkRefusedBecause(proposal, verdict, ada)).toBeUndefined();
  expect(bulkRefusedBecause(action('proposed'), verdict, ada)).toBeUndefined();
});

test('each is held to the say that its own kind asks for', () => {
  expect(bulkRefusedBecause(proposal, approve, { ...ada, may: ['decide-action'] })).toMatch(/roles/);
  expect(bulkRefusedBecause(action('proposed'), reject, { ...ada, may: ['decide'] })).toMatch(/roles/);
});

test('what has probably been done already can be rejected with others, and is approved alone', () => {
  expect(bulkRefusedBecause(action('held'), approve, ada)).toMatch(/on its own/);
  expect(bulkRefusedBecause(action('held'), reject, ada)).toBeUndefined();
});
