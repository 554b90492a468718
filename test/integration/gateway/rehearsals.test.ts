import { REHEARSAL_SECONDS } from '@countersign/protocol/rehearsal';
import { beforeAll, describe, expect, test } from 'vitest';
import { INVOICE } from '../../support/change-set.ts';
import { ADJUST, lateFeeCapability, pushRequest, testContract } from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import {
  approve,
  claimOne,
  claimRehearsals,
  propose,
  RUNNER,
  read,
  rehearse,
  reportRehearsal,
  request,
  requestAndRehearse,
} from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedClockedPlane;

beforeAll(async () => {
  plane = await sharedClockedPlane();
}, 60_000);

const drifted = {
  before: { late_fee_cents: 1_200, status: 'open' },
  after: { late_fee_cents: 0, status: 'open' },
  version: INVOICE.version + 1,
};
const look = (tenant: TestTenant, id: string) => tenant.ada.post(`/v1/proposals/${id}/look`);
const one = async (tenant: TestTenant) => {
  const [rehearsal] = await claimRehearsals(tenant.runner);
  if (rehearsal === undefined) throw new TypeError('there was no rehearsal');
  return rehearsal;
};

describe('what a runner is asked', () => {
  test('is the guarded change of one row within the tenant, and what of it may be seen', async () => {
    const tenant = await plane.tenant();
    await request(tenant.agent);
    expect(await one(tenant)).toMatchObject({
      source_id: 'src_billing',
      engine: 'postgres',
      agent: 'crd_agent',
      target: {
        schema: 'public',
        table: 'invoices',
        primary_key: { column: 'invoice_id', value: INVOICE.id },
        tenant_guard: { column: 'tenant_id', value: 'acme' },
      },
      visible_columns: ['late_fee_cents', 'status'],
      version_column: 'version',
      patch: { late_fee_cents: 0 },
    });
  });

  test('goes to one runner, at once to one that waits', async () => {
    const tenant = await plane.tenant();
    const claim = { source_id: 'src_billing', runner_id: RUNNER, wait_seconds: 20 };
    const held = tenant.runner.post('/v1/rehearsals/claim', claim);
    const id = await request(tenant.agent);
    expect(must(await held).body.rehearsals).toMatchObject([{ proposal_id: id }]);
    expect(await claimRehearsals(tenant.runner)).toEqual([]);
  });
});

describe('a rehearsal', () => {
  test('shows the row before and after, the version, and how long the lock was held', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant);
    expect(await read(tenant.agent, id)).toMatchObject({
      status: 'pending_review',
      rehearsal: {
        status: 'done',
        before: { late_fee_cents: INVOICE.lateFee },
        after: { late_fee_cents: 0 },
        version: INVOICE.version,
        lock_held_ms: 1.5,
      },
      change_set: { guards: { expected_version: { column: 'version', value: INVOICE.version } } },
    });
  });

  test('that nobody answers in time lets people look, and nobody approve before somebody has seen the row', async () => {
    const tenant = await plane.tenant();
    const id = await request(tenant.agent);
    await plane.advance(tenant, REHEARSAL_SECONDS * 1_000);
    const view = await read(tenant.ada, id);
    expect(view).toMatchObject({ status: 'pending_review', rehearsal: { status: 'missed' } });
    expect(view.cause).toMatchObject({ by: 'rehearsal', next: 'ask for a fresh look' });
    const decision = { effect_digest: view.effect_digest };
    expectProblem(await tenant.ada.post(`/v1/proposals/${id}/approve`, decision), 'look_required');
    must(await look(tenant, id));
    await rehearse(tenant, id);
    await approve(tenant.ada, id);
    expect(await claimOne(tenant.runner)).toMatchObject({ proposal_id: id });
  });

  test('that is handed out and never answered ends in time too', async () => {
    const tenant = await plane.tenant();
    const id = await request(tenant.agent);
    const rehearsal = await one(tenant);
    await plane.advance(tenant, REHEARSAL_SECONDS * 1_000);
    expectProblem(await reportRehearsal(tenant.runner, rehearsal), 'lease_lost');
    expect(await read(tenant.ada, id)).toMatchObject({ rehearsal: { status: 'missed' } });
  });

  test.each<[string, object, string]>([
    ['under another lease', { lease_id: 'lse_other' }, 'lease_unknown'],
    ['of another runner', { runner_id: 'runner-2' }, 'lease_foreign'],
    [
      'with a column that is kept out',
      { before: { late_fee_cents: 1, card_number: '4' } },
      'outside_contract',
    ],
    ['without what it saw', { before: undefined }, 'validation_failed'],
  ])('%s is refused', async (_name, changes, code) => {
    const tenant = await plane.tenant();
    await request(tenant.agent);
    const answer = await reportRehearsal(tenant.runner, await one(tenant), changes);
    expect(answer.body.error_code, answer.text).toBe(code);
  });

  test('that finds no such row within the tenant ends the proposal, and says so to the agent', async () => {
    const tenant = await plane.tenant();
    const id = await request(tenant.agent);
    const nothing = { status: 'row_not_found', before: undefined, after: undefined, version: undefined };
    must(await reportRehearsal(tenant.runner, await one(tenant), nothing));
    expect(await read(tenant.agent, id)).toMatchObject({
      status: 'rejected',
      cause: { code: 'row_not_found', next: 'name a row that is there' },
    });
  });

  test('from whose state the contract allows no such step ends the proposal, and says what would pass', async () => {
    const tenant = await plane.tenant();
    const closing = lateFeeCapability('billing.close', {
      source: 'src_billing',
      args: {
        invoice_id: { type: 'string', max_length: 64 },
        status: { type: 'string', enum: ['paid', 'void'] },
      },
      proposal: {
        action: 'billing.close',
        allowed_fields: ['status'],
        patch: { status: { from_arg: 'status' } },
        transition_guards: { status: { allowed: { open: ['paid'] } } },
        conflict_guard: { column: 'version' },
      },
    });
    const contract = { ...testContract(), metadata: { name: 'closing' }, capabilities: [closing] };
    const contracts = `/v1/control/projects/${tenant.project}/agent-contracts`;
    must(await tenant.olivia.post(contracts, pushRequest(contract)));
    const args = { invoice_id: INVOICE.id, status: 'void' };
    const asked = must(await tenant.agent.post('/v1/proposals', { capability: 'billing.close', args })).body;
    must(await reportRehearsal(tenant.runner, await one(tenant)));
    expect(await read(tenant.agent, String(asked.proposal_id))).toMatchObject({
      status: 'rejected',
      cause: { code: 'transition_not_allowed', next: expect.stringContaining('paid') },
    });
  });
});

describe('a fresh look', () => {
  test('at a row that nobody changed leaves the proposal as it was', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant);
    const before = await read(tenant.ada, id);
    must(await look(tenant, id));
    await rehearse(tenant, id);
    const after = await read(tenant.ada, id);
    expect(after).toMatchObject({ proposal_version: 1, effect_digest: before.effect_digest });
    expect(after.rehearsal).toMatchObject({ status: 'done', drift: [], number: 2 });
  });

  test('at one that somebody changed makes a new version; what was approved before counts no more', async () => {
    const tenant = await plane.tenant();
    const contracts = `/v1/control/projects/${tenant.project}/agent-contracts`;
    const [capability] = [lateFeeCapability(ADJUST, { source: 'src_billing' })];
    const proposal = capability?.proposal;
    if (capability === undefined || proposal === undefined) throw new TypeError('it proposes');
    const approval = { required_approvals: 2 };
    const contract = {
      ...testContract(),
      capabilities: [{ ...capability, proposal: { ...proposal, approval } }],
    };
    must(await tenant.olivia.post(contracts, pushRequest(contract, { reason: 'two people' })));
    const id = await requestAndRehearse(tenant);
    const first = await read(tenant.ada, id);
    await approve(tenant.ada, id);
    must(await look(tenant, id));
    await rehearse(tenant, id, drifted);
    const second = await read(tenant.ada, id);
    expect(second).toMatchObject({
      proposal_version: 2,
      status: 'pending_review',
      approvals: { given: 0 },
      rehearsal: { drift: ['late_fee_cents', 'version'] },
    });
    const stale = { effect_digest: first.effect_digest };
    expectProblem(await tenant.aron.post(`/v1/proposals/${id}/approve`, stale), 'decision_outdated');
    expectProblem(await tenant.aron.post(`/v1/proposals/${id}/approve`), 'effect_digest_required');
    await approve(tenant.ada, id);
    await approve(tenant.aron, id);
    const job = await claimOne(tenant.runner);
    expect(job).toMatchObject({ conflict_guard: { expected_value: INVOICE.version + 1 } });
  });

  test('at the row of a complete change set shows what has drifted, and changes nothing', async () => {
    const tenant = await plane.tenant();
    const id = await propose(tenant.service);
    const before = await read(tenant.ada, id);
    must(await look(tenant, id));
    await rehearse(tenant, id, drifted);
    const after = await read(tenant.ada, id);
    expect(after).toMatchObject({ proposal_version: 1, effect_digest: before.effect_digest });
    expect(after.rehearsal).toMatchObject({ drift: ['late_fee_cents', 'version'] });
  });

  test('asked for twice is one, and what waits for it stays in the list', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant);
    must(await look(tenant, id));
    must(await look(tenant, id));
    const listed = must(await tenant.ada.get('/v1/proposals?status=pending_review')).body.proposals;
    expect(listed).toMatchObject([{ proposal_id: id }]);
    expect(await claimRehearsals(tenant.runner)).toHaveLength(1);
  });
});

describe('a question', () => {
  test('stops the decision until it is answered; the words are kept', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant);
    must(await tenant.ada.post(`/v1/proposals/${id}/send-back`, { question: 'why all of it?' }));
    const { effect_digest, waiting } = await read(tenant.agent, id);
    expect(waiting).toMatchObject({ why: expect.stringContaining('why all of it?') });
    expectProblem(
      await tenant.ada.post(`/v1/proposals/${id}/approve`, { effect_digest }),
      'decision_outdated',
    );
    must(await tenant.agent.post(`/v1/proposals/${id}/revise`, { answer: 'the reminder was late' }));
    expect(await read(tenant.ada, id)).toMatchObject({
      status: 'pending_review',
      conversation: [
        { kind: 'question', text: 'why all of it?' },
        { kind: 'answer', text: 'the reminder was late' },
      ],
    });
    await approve(tenant.ada, id);
  });

  test('may lead to another effect, which is rehearsed and decided anew', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant);
    const args = { invoice_id: INVOICE.id, late_fee_cents: 2_000 };
    const revised = must(await tenant.agent.post(`/v1/proposals/${id}/revise`, { args })).body;
    expect(revised).toMatchObject({ proposal_id: id, proposal_version: 2, status: 'rehearsing' });
    await rehearse(tenant, id, { after: { late_fee_cents: 2_000, status: 'open' } });
    expect(await read(tenant.ada, id)).toMatchObject({
      proposal_version: 2,
      patch: { late_fee_cents: 2_000 },
    });
  });

  test('is answered by the proposer alone, and no revision goes beyond the contract', async () => {
    const tenant = await plane.tenant();
    const id = await requestAndRehearse(tenant);
    const revise = (who: TestTenant['agent'], body: object) => who.post(`/v1/proposals/${id}/revise`, body);
    expectProblem(await revise(tenant.otherAgent, { answer: 'me' }), 'proposal_not_found');
    const args = { invoice_id: INVOICE.id, late_fee_cents: -5 };
    expectProblem(await revise(tenant.agent, { args }), 'bound_exceeded');
    await approve(tenant.ada, id);
    expectProblem(await revise(tenant.agent, { answer: 'late' }), 'proposal_not_revisable');
  });
});

test('a viewer sees what is asked and where it stands, and no value, argument or word of it', async () => {
  const tenant = await plane.tenant();
  const id = await requestAndRehearse(tenant, {}, { reason: 'unmistakable' });
  must(await tenant.ada.post(`/v1/proposals/${id}/send-back`, { question: 'unmistakable' }));
  const one = must(await tenant.vera.get(`/v1/proposals/${id}`));
  const all = must(await tenant.vera.get('/v1/proposals'));
  expect(one.body).toMatchObject({ proposal_id: id, status: 'changes_requested', action: ADJUST });
  for (const { text } of [one, all]) {
    expect(text).toContain(id);
    for (const secret of ['unmistakable', INVOICE.id, String(INVOICE.lateFee), 'late_fee_cents']) {
      expect(text).not.toContain(secret);
    }
  }
});
