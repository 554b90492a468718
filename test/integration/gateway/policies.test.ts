import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { beforeAll, describe, expect, test } from 'vitest';
import { changeSet } from '../../support/change-set.ts';
import { lateFeeCapability, pushRequest, testContract } from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, propose, read } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;

beforeAll(async () => {
  plane = await sharedPlane();
}, 60_000);

const SMALL = 'billing.waive_small_fee';
const change = (lateFee: number, objectId = 'INV-1') => ({
  action: SMALL,
  source: { ...changeSet().source, primary_key: { column: 'invoice_id', value: objectId } },
  scope: { tenant_id: 'acme', business_object: 'invoice', object_id: objectId },
  patch: { late_fee_cents: lateFee },
  after: { late_fee_cents: lateFee },
});

/** A capability whose decision the contract leaves to a policy; its own approves nothing. */
function leavingToPolicy(): AgentContract {
  const capability = lateFeeCapability(SMALL);
  const proposal = capability.proposal;
  if (proposal === undefined) throw new TypeError('it proposes');
  const approval = { mode: 'policy', required_role: 'billing_lead', policy: 'nothing' } as const;
  const contract = testContract();
  return {
    ...contract,
    metadata: { name: 'small fees', version: '1.0.0' },
    capabilities: [{ ...capability, proposal: { ...proposal, approval } }],
    policies: [{ name: 'nothing', kind: 'approval', rules: [] }],
  };
}

/** Approves fees up to 100, `count` times a day. */
function approving(count: number) {
  return {
    name: 'small-fees',
    applies_to: [SMALL],
    when: 'after.late_fee_cents <= 100',
    effect: 'approve',
    limits: [{ count, per: 'policy', period: 'day' }],
    tests: [
      {
        name: 'a small one',
        given: { capability: SMALL, after: { late_fee_cents: 100 } },
        expect: 'approve',
      },
      {
        name: 'a large one',
        given: { capability: SMALL, after: { late_fee_cents: 101 } },
        expect: 'no_match',
      },
    ],
  };
}

async function tenantWith(...documents: object[]): Promise<TestTenant> {
  const tenant = await plane.tenant();
  const contracts = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(contracts, pushRequest(leavingToPolicy())));
  for (const policy of documents) await inForce(tenant, policy);
  return tenant;
}

async function inForce(tenant: TestTenant, policy: object): Promise<void> {
  const { body } = must(await tenant.olivia.post('/v1/policies', { policy }));
  must(await tenant.olivia.post(`/v1/policies/${String(body.name)}/activate`, { digest: body.digest }));
}

describe('a policy that approves', () => {
  test('decides within its limit, exactly, however many ask at once; the others wait for people', async () => {
    const tenant = await tenantWith(approving(20));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, place) => propose(tenant.service, change(50, `INV-${place}`))),
    );
    const views = await Promise.all(answers.map((id) => read(tenant.olivia, id)));
    expect(views.filter(({ status }) => status === 'approved')).toHaveLength(20);
    expect(views.filter(({ status }) => status === 'pending_review')).toHaveLength(80);
    const [approved] = views.filter(({ status }) => status === 'approved');
    expect(approved).toMatchObject({ decisions: [{ by: 'policy:small-fees', verdict: 'approved' }] });
    const [waiting] = views.filter(({ status }) => status === 'pending_review');
    expect(waiting).toMatchObject({
      cause: { by: 'policy:small-fees', message: expect.stringContaining('leaves 0') },
    });
  });

  test('cannot decide where the contract asks people', async () => {
    const tenant = await plane.tenant();
    const given = { capability: 'billing.waive_late_fee' };
    await inForce(tenant, {
      ...approving(20),
      applies_to: ['billing.waive_late_fee'],
      tests: [
        { name: 'yes', given: { ...given, after: { late_fee_cents: 0 } }, expect: 'approve' },
        { name: 'no', given: { ...given, after: { late_fee_cents: 500 } }, expect: 'no_match' },
      ],
    });
    const id = await propose(tenant.service);
    expect(await read(tenant.olivia, id)).toMatchObject({ status: 'pending_review' });
  });

  test('shows the document that holds beside a newer draft, which changes nothing', async () => {
    const tenant = await tenantWith(approving(20));
    must(await tenant.olivia.post('/v1/policies', { policy: approving(1) }));
    const { body } = must(await tenant.olivia.get('/v1/policies/small-fees'));
    const [newest, held] = [approving(1), approving(20)].map(({ limits }) => limits);
    expect(body.policy).toMatchObject({ policy: { limits: newest }, in_force: { limits: held } });
    must(await tenant.olivia.post('/v1/policies', { policy: { ...approving(3), name: 'another' } }));
    const { body: other } = must(await tenant.olivia.get('/v1/policies/another'));
    expect(other.policy).toMatchObject({ in_force: null });
  });

  test('decides no more once it is retired', async () => {
    const tenant = await tenantWith(approving(20));
    must(await tenant.olivia.post('/v1/policies/small-fees/retire'));
    const id = await propose(tenant.service, change(50));
    expect(await read(tenant.olivia, id)).toMatchObject({ status: 'pending_review' });
  });
});

describe('a policy that asks', () => {
  const asking = {
    name: 'two-leads',
    applies_to: [SMALL],
    when: 'after.late_fee_cents > 100',
    effect: 'ask',
    requires: { approvals: 2 },
  };

  test('adds to what the contract requires; each person counts once for each role', async () => {
    const tenant = await tenantWith(approving(20), asking);
    const id = await propose(tenant.service, change(5_000));
    expect(await read(tenant.olivia, id)).toMatchObject({
      requirements: [
        { role: null, approvals: 2, given: 0 },
        { role: 'billing_lead', approvals: 1, given: 0 },
      ],
    });
    await approve(tenant.aron, id);
    await approve(tenant.ada, id);
    expect(await read(tenant.olivia, id)).toMatchObject({ status: 'approved' });
  });

  test('is refused on save where nobody could satisfy it', async () => {
    const tenant = await tenantWith();
    const answer = await tenant.olivia.post('/v1/policies', {
      policy: { ...asking, requires: { role: 'cfo', approvals: 1 } },
    });
    expectProblem(answer, 'rule_unsatisfiable');
  });
});

test('a policy that refuses says what would pass', async () => {
  const tenant = await tenantWith({
    name: 'no-fees-above',
    applies_to: ['*'],
    when: "capability == 'billing.waive_small_fee'",
    effect: 'refuse',
    message: 'propose a waiver of the late fee instead',
  });
  const refused = await tenant.service.post('/v1/proposals', {
    source_id: 'src_billing',
    change_set: changeSet(change(50)),
  });
  expectProblem(refused, 'refused_by_policy');
  expect(refused.body.next).toBe('propose a waiver of the late fee instead');
});

test('unknown names, wrong types and failing tests are found on save', async () => {
  const tenant = await tenantWith();
  const save = (changes: object) =>
    tenant.olivia.post('/v1/policies', { policy: { ...approving(20), ...changes } });
  expectProblem(await save({ when: 'after.nosuch <= 100' }), 'policy_invalid');
  expectProblem(await save({ when: 'after.late_fee_cents + 1' }), 'policy_invalid');
  expectProblem(await save({ when: 'after.late_fee_cents <= 99' }), 'policy_invalid');
  expectProblem(await save({ applies_to: ['billing.unknown'] }), 'policy_invalid');
  expectProblem(await save({ limits: [] }), 'policy_invalid');
});

test('a policy can be tried without being saved', async () => {
  const tenant = await tenantWith();
  const tried = (policy: object) => tenant.otto.post('/v1/policies/test', { policy });
  expect(must(await tried(approving(20))).body).toMatchObject({ tests_passed: 2 });
  expectProblem(await tried({ ...approving(20), when: 'after.late_fee_cents <= 99' }), 'policy_invalid');
  expect(must(await tenant.olivia.get('/v1/policies')).body.policies).toEqual([]);
});

test('a draft is tried on what was proposed: what it would have approved, and whom people refused', async () => {
  const tenant = await tenantWith();
  const small = await propose(tenant.service, change(50, 'INV-1'));
  const rejected = await propose(tenant.service, change(60, 'INV-2'));
  await propose(tenant.service, change(5_000, 'INV-3'));
  must(await tenant.olivia.post(`/v1/proposals/${rejected}/reject`, { reason: 'no' }));
  must(await tenant.olivia.post('/v1/policies', { policy: approving(20) }));
  const { body } = must(await tenant.olivia.get('/v1/policies/small-fees/replay'));
  expect(body).toMatchObject({
    looked_at: 3,
    is_complete: true,
    would_approve: [small, rejected],
    of_these_rejected_by_people: [{ proposal_id: rejected }],
  });
});

describe('permission rules', () => {
  const rule = (changes: object = {}) => ({
    name: 'nobody-at-night',
    asks: ['decide'],
    effect: 'deny',
    when: "who.kind == 'person' && !('owner' in who.roles)",
    ...changes,
  });

  test('hold once they are enforced, at the next request, and no longer once they are relaxed', async () => {
    const tenant = await tenantWith();
    const id = await propose(tenant.service, change(50));
    must(await tenant.olivia.post('/v1/permission-rules', { rules: [rule()] }));
    const enforce = (on: boolean) =>
      tenant.olivia.post('/v1/permission-rules/enforcement', { on, reason: 'as agreed' });
    must(await enforce(true));
    expectProblem(await tenant.ada.post(`/v1/proposals/${id}/approve`), 'denied_by_rule');
    must(await enforce(false));
    await approve(tenant.ada, id);
  });

  test('that would lock the owners out are not enforced', async () => {
    const tenant = await tenantWith();
    must(await tenant.olivia.post('/v1/permission-rules', { rules: [rule({ asks: ['*'], when: 'true' })] }));
    const answer = await tenant.olivia.post('/v1/permission-rules/enforcement', {
      on: true,
      reason: 'strict',
    });
    expectProblem(answer, 'lock_out');
  });

  test("are an owner's to set", async () => {
    const tenant = await tenantWith();
    expectProblem(await tenant.adam.post('/v1/permission-rules', { rules: [] }), 'forbidden');
  });
});
