import { randomUUID } from 'node:crypto';
import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { beforeAll, describe, expect, test } from 'vitest';
import { INVOICE, SOURCE } from '../../support/change-set.ts';
import { ADJUST, lateFeeCapability, pushRequest, testContract, WAIVE } from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, propose, read, rehearse, requestAndRehearse } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import { submission } from '../../support/submission.ts';
import type { TestTenant } from '../../support/tenant.ts';

/* Ways around the law of a project that somebody has tried. */

let plane: SharedPlane;

beforeAll(async () => {
  plane = await sharedPlane();
}, 60_000);

const contracts = ({ project }: TestTenant) => `/v1/control/projects/${project}/agent-contracts`;

async function inForce(tenant: TestTenant, policy: object): Promise<void> {
  const { body } = must(await tenant.olivia.post('/v1/policies', { policy }));
  const path = `/v1/policies/${String(body.name)}/activate`;
  must(await tenant.olivia.post(path, { digest: body.digest }));
}

function bindingTo(name: string): AgentContract {
  const contract = testContract();
  return {
    ...contract,
    metadata: { name: 'odd bindings', version: '1' },
    contexts: [
      {
        name: 'desk',
        tenant_binding: name,
        principal_binding: 'principal',
        bindings: [
          { name, source: 'cloud_session', key: 'tenant', required: true },
          { name: 'principal', source: 'cloud_session', key: 'sub', required: true },
        ],
      },
    ],
    capabilities: [lateFeeCapability('odd.bindings', { source: SOURCE })],
  };
}

describe('a contract', () => {
  test('that names a member of every object for the tenant gives nobody a tenant, and disturbs nobody', async () => {
    const tenant = await plane.tenant();
    must(await tenant.olivia.post(contracts(tenant), pushRequest(bindingTo('constructor'))));
    const args = { invoice_id: INVOICE.id, late_fee_cents: 0 };
    const odd = () => tenant.agent.post('/v1/proposals', { capability: 'odd.bindings', args });
    const good = () => tenant.agent.post('/v1/proposals', { capability: ADJUST, args });
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, place) => (place % 8 === 0 ? odd() : good())),
    );
    for (const [place, answer] of answers.entries()) {
      if (place % 8 === 0) expectProblem(answer, 'hidden_binding');
      else expect(answer.status, answer.text).toBe(201);
    }
  });

  test('pushed into force is under the rules of an activation', async () => {
    const tenant = await plane.tenant();
    const rule = {
      name: 'owners-activate',
      asks: ['activate-contract'],
      effect: 'deny',
      when: "!('owner' in who.roles)",
    };
    must(await tenant.olivia.post('/v1/permission-rules', { rules: [rule] }));
    must(await tenant.olivia.post('/v1/permission-rules/enforcement', { on: true, reason: 'as agreed' }));
    const other = { ...bindingTo('tenant_id') };
    expectProblem(await tenant.adam.post(contracts(tenant), pushRequest(other)), 'denied_by_rule');
    must(await tenant.adam.post(contracts(tenant), pushRequest(other, { activate: false })));
    expectProblem(await tenant.otto.post(contracts(tenant), pushRequest(other)), 'forbidden');
  });

  test('takes over a name that was in use, or leaves decisions to a policy, by a person only', async () => {
    const tenant = await plane.tenant();
    const narrow = { ...testContract(), capabilities: [lateFeeCapability(WAIVE)] };
    must(await tenant.service.post(contracts(tenant), pushRequest(narrow)));
    const thief = {
      ...testContract(),
      metadata: { name: 'thief' },
      capabilities: [lateFeeCapability(ADJUST)],
    };
    expectProblem(await tenant.service.post(contracts(tenant), pushRequest(thief)), 'forbidden');
    const capability = lateFeeCapability('own.name');
    const proposal = capability.proposal;
    if (proposal === undefined) throw new TypeError('it proposes');
    const approval = { mode: 'policy', required_role: 'billing_lead', policy: 'all' } as const;
    const loose = {
      ...testContract(),
      metadata: { name: 'loose' },
      capabilities: [{ ...capability, proposal: { ...proposal, approval } }],
      policies: [
        { name: 'all', kind: 'approval' as const, rules: [{ field: 'late_fee_cents', max: 1_000_000 }] },
      ],
    };
    expectProblem(await tenant.service.post(contracts(tenant), pushRequest(loose)), 'forbidden');
  });
});

describe('what waits', () => {
  test('is under the policies of the moment in which it would be approved', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    await inForce(tenant, {
      name: 'two',
      applies_to: ['*'],
      when: 'true',
      effect: 'ask',
      requires: { approvals: 2 },
    });
    await approve(tenant.ada, id);
    expect(await read(tenant.ada, id)).toMatchObject({
      status: 'pending_review',
      requirements: [{ role: null, approvals: 2, given: 1 }],
    });
    await inForce(tenant, {
      name: 'stop',
      applies_to: ['*'],
      when: 'true',
      effect: 'refuse',
      message: 'a freeze',
    });
    const { effect_digest } = await read(tenant.aron, id);
    const decision = { effect_digest };
    expectProblem(await tenant.aron.post(`/v1/proposals/${id}/approve`, decision), 'refused_by_policy');
    must(await tenant.olivia.post('/v1/policies/stop/retire'));
    await approve(tenant.aron, id);
    expect(await read(tenant.ada, id)).toMatchObject({ status: 'approved' });
  });

  test('is approved by those who are still members; whoever approved may still reject', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service, { approval: { status: 'pending', required_approvals: 2 } });
    await approve(tenant.ada, id);
    const members = must(await tenant.olivia.get('/v1/members')).body.members as {
      person: string;
      name: string;
    }[];
    const ada = members.find(({ name }) => name === 'ada')?.person ?? '';
    must(
      await tenant.olivia.post(`/v1/members/${encodeURIComponent(ada)}/remove`, { reason: 'compromised' }),
    );
    await approve(tenant.aron, id);
    expect(await read(tenant.aron, id)).toMatchObject({ status: 'pending_review' });
    must(await tenant.aron.post(`/v1/proposals/${id}/reject`, { reason: 'on second thoughts' }));
  });

  test('and whose row has drifted, as a look has shown, is not approved as it was', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    must(await tenant.ada.post(`/v1/proposals/${id}/look`));
    await rehearse(tenant, id, { before: { late_fee_cents: INVOICE.lateFee + 1, status: 'open' } });
    const { effect_digest } = await read(tenant.ada, id);
    expectProblem(
      await tenant.ada.post(`/v1/proposals/${id}/approve`, { effect_digest }),
      'decision_outdated',
    );
  });
});

describe('a rehearsal', () => {
  test('that shows another effect than the proposal would have is no look at it', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant, { late_fee_cents: 999_999 });
    const view = await read(tenant.ada, id);
    expect(view).toMatchObject({ status: 'pending_review', change_set: null });
    const decision = { effect_digest: view.effect_digest };
    expectProblem(await tenant.ada.post(`/v1/proposals/${id}/approve`, decision), 'look_required');
  });
});

describe('separation of duty', () => {
  test('is not evaded with a credential that one has issued', async () => {
    const tenant = await plane.tenant();
    const wanted = {
      name: 'mine',
      bindings: { tenant_id: 'acme', principal: 'nobody' },
      source_ids: [SOURCE],
    };
    const issued = must(await tenant.adam.post('/v1/agents', wanted)).body;
    const mine = tenant.bearing(String(issued.agent_token));
    const args = { invoice_id: INVOICE.id, late_fee_cents: 0 };
    const asked = must(await mine.post('/v1/proposals', { capability: ADJUST, args })).body;
    const id = String(asked.proposal_id);
    await rehearse(tenant, id);
    const { effect_digest } = await read(tenant.adam, id);
    const decision = { effect_digest };
    expectProblem(await tenant.adam.post(`/v1/proposals/${id}/approve`, decision), 'separation_of_duty');
    await approve(tenant.ada, id);
  });

  test('knows whoever issued a runner’s token as nobody who proposes: its runner names whom it carries for', async () => {
    const tenant = await plane.tenant();
    const path = `/v1/control/projects/${tenant.project}/runner-tokens`;
    const wanted = { name: 'mine', source_ids: [SOURCE] };
    const { runner_token } = must(await tenant.adam.post(path, wanted)).body;
    const mine = tenant.bearing(String(runner_token));
    const submit = async (principal: string) => {
      const id = `wrp_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
      must(
        await mine.post(
          '/v1/runner/proposals',
          submission(id, { principal: { id: principal, source: 'trusted_session' } }),
        ),
      );
      return id;
    };
    const own = await submit('adam');
    expectProblem(await tenant.adam.post(`/v1/proposals/${own}/approve`), 'separation_of_duty');
    await approve(tenant.adam, await submit('agent-7'));
  });

  test.each(['ada', ' ADA ', 'Ada'])('is not evaded by writing the principal as "%s"', async (principal) => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service, { principal: { id: principal, source: 'trusted_session' } });
    expectProblem(await tenant.ada.post(`/v1/proposals/${id}/approve`), 'separation_of_duty');
  });
});

test('a policy that is activated is the one that was looked at', async () => {
  const tenant = await plane.tenant();
  const policy = { name: 'p', applies_to: ['*'], when: 'true', effect: 'ask', requires: { approvals: 2 } };
  const first = must(await tenant.olivia.post('/v1/policies', { policy })).body;
  must(await tenant.otto.post('/v1/policies', { policy: { ...policy, requires: { approvals: 1 } } }));
  const activate = (body: object) => tenant.olivia.post('/v1/policies/p/activate', body);
  expectProblem(await activate({ digest: first.digest }), 'decision_outdated');
  expectProblem(await activate({}), 'validation_failed');
});
