import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { beforeAll, expect, test } from 'vitest';
import { changeSet, SOURCE } from '../../support/change-set.ts';
import { CONTRACT, lateFeeCapability, pushRequest, testContract } from '../../support/contract.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, entryTypes, propose, RUNNER, read, report } from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

/** What docs/authorization.md promises. The clock stands still: what happens at once happens in one millisecond. */
let plane: SharedClockedPlane;
beforeAll(async () => {
  plane = await sharedClockedPlane();
}, 60_000);

/** Each says what they saw, all at once. */
async function decideAtOnce(
  proposalId: string,
  words: readonly (readonly [who: Client, verb: 'approve' | 'reject'])[],
): Promise<Answer[]> {
  const [first] = words;
  if (first === undefined) throw new TypeError('somebody decides');
  const { effect_digest } = await read(first[0], proposalId);
  return Promise.all(
    words.map(([who, verb]) => who.post(`/v1/proposals/${proposalId}/${verb}`, { effect_digest })),
  );
}

test('two people who decide in the same moment: one decision counts, and the other is told so', async () => {
  const tenant = await plane.tenant();
  for (let round = 0; round < 10; round += 1) {
    const id = await propose(tenant.service);
    const answers = await decideAtOnce(id, [
      [tenant.ada, 'approve'],
      [tenant.aron, 'reject'],
    ]);
    const [counts] = answers.filter(({ status }) => status === 200);
    const [late] = answers.filter(({ status }) => status !== 200);
    if (counts === undefined || late === undefined) throw new TypeError('one of them is first');
    expectProblem(late, 'proposal_already_decided');
    const { status, decisions } = await read(tenant.olivia, id);
    expect(status).toBe(counts.body.status);
    expect(decisions).toHaveLength(1);
    expect(late.body.message).toContain(`by ${decisions?.[0]?.name}`);
    expect(await entryTypes(tenant, id)).toHaveLength(2);
  }
});

test('a quorum that is reached twice approves once, by exactly as many as it needs', async () => {
  const tenant = await plane.tenant();
  const id = await propose(tenant.service, { approval: { status: 'pending', required_approvals: 2 } });
  const all = [tenant.ada, tenant.aron, tenant.adam, tenant.olivia];
  const answers = await decideAtOnce(
    id,
    all.map((who) => [who, 'approve'] as const),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
  for (const late of answers.filter(({ status }) => status === 409))
    expectProblem(late, 'proposal_already_decided');
  expect(await entryTypes(tenant, id)).toEqual([
    'proposal.submitted',
    'proposal.approval_recorded',
    'proposal.approved',
  ]);
  expect(await claimOne(tenant.runner)).toMatchObject({ proposal_id: id, attempt_count: 1 });
  await expect(claimOne(tenant.runner)).rejects.toThrow('no job');
});

test('an approval after the expiry is refused, and the proposal has expired', async () => {
  const tenant = await plane.tenant();
  const id = await propose(tenant.service, {}, { expires_in_seconds: 60 });
  await plane.advance(tenant, 60_000);
  const [late] = await decideAtOnce(id, [[tenant.ada, 'approve']]);
  if (late === undefined) throw new TypeError('it is answered');
  expectProblem(late, 'proposal_expired');
  expect((await read(tenant.ada, id)).status).toBe('expired');
  await expect(claimOne(tenant.runner)).rejects.toThrow('no job');
});

/** Another version of the contract that every test tenant has, in force. */
async function activateAnother(tenant: TestTenant): Promise<void> {
  const contract = { ...testContract(), metadata: { name: 'billing', version: '1.1.0' } };
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(path, pushRequest(contract, { reason: 'a newer one' })));
}

async function contractOf(tenant: TestTenant, proposalId: string): Promise<string> {
  const { contract } = (await read(tenant.olivia, proposalId)) as { contract?: { digest: string } };
  return String(contract?.digest);
}

test('an activation during a proposal: it stays bound to its version, and is not approved under another', async () => {
  const tenant = await plane.tenant();
  const before = await propose(tenant.service);
  await activateAnother(tenant);
  const [answer] = await decideAtOnce(before, [[tenant.ada, 'approve']]);
  if (answer === undefined) throw new TypeError('it is answered');
  expectProblem(answer, 'contract_not_active');
  expect(await contractOf(tenant, before)).toBe(CONTRACT.digest);
  const after = await propose(tenant.service);
  expect(await contractOf(tenant, after)).not.toBe(CONTRACT.digest);
  await approve(tenant.ada, after);
  expect((await read(tenant.ada, before)).status).toBe('pending_review');
});

test('a rolled-back contract refuses the approval of what was proposed under it; an approved job goes on', async () => {
  const tenant = await plane.tenant();
  await activateAnother(tenant);
  const approved = await propose(tenant.service);
  await approve(tenant.ada, approved);
  const open = await propose(tenant.service);
  const { contract_id, contract_version_id } = CONTRACT;
  must(
    await tenant.olivia.post(
      `/v1/control/projects/${tenant.project}/agent-contracts/${contract_id}/versions/${contract_version_id}/rollback`,
      { reason: 'it was too wide' },
    ),
  );
  const [answer] = await decideAtOnce(open, [[tenant.ada, 'approve']]);
  if (answer === undefined) throw new TypeError('it is answered');
  expectProblem(answer, 'contract_not_active');
  must(await report(tenant.runner, await claimOne(tenant.runner)));
  expect((await read(tenant.ada, approved)).status).toBe('applied');
  await expect(claimOne(tenant.runner)).rejects.toThrow('no job');
});

const SMALL = 'billing.waive_small_fee';

/** A capability whose decision the contract leaves to a policy. */
function leavingToPolicy(): AgentContract {
  const capability = lateFeeCapability(SMALL);
  const { proposal } = capability;
  if (proposal === undefined) throw new TypeError('it proposes');
  const approval = { mode: 'policy', required_role: 'billing_lead', policy: 'nothing' } as const;
  return {
    ...testContract(),
    metadata: { name: 'small fees', version: '1.0.0' },
    capabilities: [{ ...capability, proposal: { ...proposal, approval } }],
    policies: [{ name: 'nothing', kind: 'approval', rules: [] }],
  };
}

const twentyADay = {
  name: 'small-fees',
  applies_to: [SMALL],
  when: 'after.late_fee_cents <= 100',
  effect: 'approve',
  limits: [{ count: 20, per: 'policy', period: 'day' }],
  tests: [
    { name: 'small', given: { capability: SMALL, after: { late_fee_cents: 1 } }, expect: 'approve' },
    { name: 'large', given: { capability: SMALL, after: { late_fee_cents: 101 } }, expect: 'no_match' },
  ],
};

test('a limit of twenty that a hundred ask for at once approves exactly twenty', async () => {
  const tenant = await plane.tenant();
  const contracts = `/v1/control/projects/${tenant.project}/agent-contracts`;
  must(await tenant.olivia.post(contracts, pushRequest(leavingToPolicy())));
  const { digest } = must(await tenant.olivia.post('/v1/policies', { policy: twentyADay })).body;
  must(await tenant.olivia.post('/v1/policies/small-fees/activate', { digest }));
  const change = (place: number) => ({
    action: SMALL,
    source: { ...changeSet().source, primary_key: { column: 'invoice_id', value: `INV-${place}` } },
    scope: { tenant_id: 'acme', business_object: 'invoice', object_id: `INV-${place}` },
    patch: { late_fee_cents: 50 },
    after: { late_fee_cents: 50 },
  });
  await Promise.all(Array.from({ length: 100 }, (_, place) => propose(tenant.service, change(place))));
  const counted = async (status: string) => {
    const { body } = must(await tenant.olivia.get(`/v1/proposals?status=${status}&limit=500`));
    return body.proposals?.length;
  };
  expect([await counted('approved'), await counted('pending_review')]).toEqual([20, 80]);
});

test('a revoked credential with a held poll is handed nothing; the job stays for the next', async () => {
  const tenant = await plane.tenant();
  const held = tenant.runner.post('/v1/writeback/jobs/claim', {
    source_id: SOURCE,
    runner_id: RUNNER,
    wait_seconds: 4,
  });
  await eventually(
    async () => Object(must(await tenant.vera.get('/v1/engine/health')).body.object).held_polls,
    (count) => count === 1,
  );
  const path = `/v1/control/projects/${tenant.project}/runner-tokens/crd_runner/revoke`;
  must(await tenant.olivia.post(path, { reason: 'leaked' }));
  const id = await propose(tenant.service);
  await approve(tenant.ada, id);
  expect((await held).body.jobs).toEqual([]);
  expectProblem(
    await tenant.runner.post('/v1/writeback/jobs/claim', { source_id: SOURCE, runner_id: RUNNER }),
    'token_revoked',
  );
  expect(await claimOne(tenant.otherRunner)).toMatchObject({ proposal_id: id, attempt_count: 1 });
});
