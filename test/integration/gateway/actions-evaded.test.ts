import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  approveAction,
  claimAction,
  claimActions,
  confirm,
  DONE,
  intend,
  LATER,
  letAct,
  mail,
  notice,
  readAction,
  refund,
} from '../../support/action-flow.ts';
import { EVENTS, REFUND, testActions } from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, RUNNER, read, report, requestAndRehearse } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

/* Ways around the outbox that somebody found, each closed. */

let plane: SharedClockedPlane;
let tenant: TestTenant;

beforeAll(async () => {
  plane = await sharedClockedPlane();
}, 60_000);
beforeEach(async () => {
  tenant = await letAct(await plane.tenantWithOwnRows());
});

const state = async (id: string) => (await readAction(tenant.olivia, id)).status;
const joined = (proposal_id: string) => ({
  ...refund(),
  after: { proposal_id, state: 'applied' },
  decided_with_proposal: true,
});

async function approveProposal(proposalId: string) {
  const { effect_digest } = await read(tenant.ada, proposalId);
  return tenant.ada.post(`/v1/proposals/${proposalId}/approve`, { effect_digest });
}

async function refuse(action: string): Promise<void> {
  const policy = { name: 'none', applies_to: [action], when: 'true', effect: 'refuse', message: 'not now' };
  const { digest } = must(await tenant.olivia.post('/v1/policies', { policy })).body;
  must(await tenant.olivia.post('/v1/policies/none/activate', { digest, reason: 'a stop' }));
}

/** Lets refunds go up to this much, from now on. */
async function boundRefunds(maximum: number): Promise<void> {
  const cents = { type: 'number' as const, minimum: 1, maximum };
  await letAct(
    tenant,
    testActions.map((one) => (one.name === REFUND ? { ...one, args: { ...one.args, cents } } : one)),
  );
}

/** Five attempts in a row that came to nothing; then 31 seconds. */
async function restOver(): Promise<void> {
  for (let time = 0; time < 5; time += 1) {
    await intend(tenant.agent, notice(`trouble-${time}`));
    const result = { ...LATER, retry_after_ms: 3_600_000 };
    must(await confirm(tenant.runner, await claimAction(tenant.runner), result));
  }
  await plane.advance(tenant, 31_000);
}

describe('an action that is decided with a proposal', () => {
  test('is refused by the policies about it, and the proposal with it', async () => {
    const proposalId = await requestAndRehearse(tenant);
    const id = await intend(tenant.agent, joined(proposalId));
    await refuse(REFUND);
    expectProblem(await approveProposal(proposalId), 'refused_by_policy');
    expect(await state(id)).toBe('proposed');
  });

  test('needs its own contract in force', async () => {
    const proposalId = await requestAndRehearse(tenant);
    await intend(tenant.agent, joined(proposalId));
    await boundRefunds(10);
    expectProblem(await approveProposal(proposalId), 'contract_not_active');
  });

  test('is decided alone where it is held: somebody must say that it is to happen twice', async () => {
    await intend(tenant.agent, refund());
    const proposalId = await requestAndRehearse(tenant);
    const id = await intend(tenant.agent, joined(proposalId));
    expect(await readAction(tenant.olivia, id)).toMatchObject({ status: 'held', decided_with: null });
    await approve(tenant.ada, proposalId);
    must(await report(tenant.runner, await claimOne(tenant.runner)));
    expect(await state(id)).toBe('held');
    must(await approveAction(tenant.ada, id));
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id });
  });

  test('does not wait for what nobody can tell of', async () => {
    const proposalId = await requestAndRehearse(tenant);
    const id = await intend(tenant.agent, joined(proposalId));
    await approve(tenant.ada, proposalId);
    const changes = { status: 'reconciliation_required', affected_rows: 0, intent_id: 'i' };
    must(await report(tenant.runner, await claimOne(tenant.runner), changes));
    expect(await state(id)).toBe('canceled');
  });
});

describe('the same effect', () => {
  test('is remembered by the action that had it, whatever became of the first', async () => {
    const first = await intend(tenant.agent, notice());
    const second = await intend(tenant.agent, notice());
    must(await approveAction(tenant.ada, second));
    must(await tenant.agent.post(`/v1/actions/${first}/cancel`));
    must(await confirm(tenant.runner, await claimAction(tenant.runner), DONE));
    const { body } = must(await tenant.agent.post('/v1/actions', notice()));
    expect(body).toMatchObject({ status: 'held', likely_done: { action_id: second, state: 'succeeded' } });
  });

  test('is about the same thing, in whatever words it is asked for', async () => {
    await intend(tenant.agent, { ...notice(), args: { ...notice().args, note: 'one' } });
    const other = { ...notice(), args: { ...notice().args, note: 'One.' } };
    expect(must(await tenant.agent.post('/v1/actions', other)).body.status).toBe('held');
  });
});

describe('a claim', () => {
  test('that perhaps did not arrive leaves a doubt', async () => {
    const id = await intend(tenant.agent, notice());
    const { claim_id } = await claimAction(tenant.runner);
    const request = { runner_id: RUNNER, claim_id, reason: 'not_delivered' };
    must(await tenant.runner.post(`/v1/actions/${id}/return`, request));
    expect((await claimAction(tenant.runner)).first_begun_at).not.toBeNull();
  });

  test('is not confirmed by another credential, before its end or after', async () => {
    await intend(tenant.agent, notice());
    const claim = await claimAction(tenant.runner);
    must(await confirm(tenant.runner, claim, DONE));
    expectProblem(await confirm(tenant.otherRunner, claim, DONE), 'claim_foreign');
    expectProblem(await confirm(tenant.otherRunner, claim, LATER), 'claim_foreign');
  });

  test('whose word is repeated when another has ended the action gets the same answer as then', async () => {
    const id = await intend(tenant.agent, notice());
    const first = await claimAction(tenant.runner);
    must(await confirm(tenant.runner, first, LATER));
    await plane.advance(tenant, 2_000);
    must(await confirm(tenant.runner, await claimAction(tenant.runner), DONE));
    must(await confirm(tenant.runner, first, LATER));
    expect(await readAction(tenant.olivia, id)).toMatchObject({ status: 'succeeded', refused: null });
  });

  test('whose word comes too late is heard once', async () => {
    await intend(tenant.agent, notice());
    const late = await claimAction(tenant.runner, { lease_seconds: 30 });
    await plane.advance(tenant, 31_000);
    for (const result of [DONE, LATER, DONE, LATER]) {
      expectProblem(await confirm(tenant.runner, late, result), 'claim_expired');
    }
    const { entries = [] } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
    expect(entries.filter(({ type }) => type === 'action.confirm_refused')).toHaveLength(1);
  });
});

describe('what was let go too long ago', () => {
  const expiring = (parcel: string) => ({ ...notice(parcel), expires_in_seconds: 60 });

  test('keeps nothing behind it waiting', async () => {
    for (let place = 0; place < 30; place += 1) await intend(tenant.agent, expiring(`old-${place}`));
    const id = await intend(tenant.agent, notice());
    await plane.advance(tenant, 61_000);
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id });
  });

  test('and brings no turn to a stop, however many wait or stand in one order', async () => {
    for (let cents = 1; cents <= 30; cents += 1) {
      const id = await intend(tenant.agent, { ...refund('pi_1', cents), expires_in_seconds: 60 });
      must(await approveAction(tenant.ada, id));
    }
    await plane.advance(tenant, 61_000);
    const claims = await Promise.all(
      Array.from({ length: 40 }, () => claimActions(tenant.runner, { limit: 1 })),
    );
    expect(claims.flat()).toEqual([]);
    expect(must(await tenant.olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ matches: true });
  });

  test('is tried all the same when a person brings it back', async () => {
    const id = await intend(tenant.agent, expiring('P-1'));
    for (const rest of [2_000, 4_000, 0]) {
      must(await confirm(tenant.runner, await claimAction(tenant.runner), LATER));
      await plane.advance(tenant, rest);
    }
    await plane.advance(tenant, 120_000);
    expect(await state(id)).toBe('dead_letter');
    const recovery = { target: EVENTS, expected: 1, reason: 'they are back' };
    must(await tenant.otto.post('/v1/action-targets/recover', recovery));
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id });
  });
});

describe('a target whose rest is over', () => {
  test('is tried and opened again however many workers wait', async () => {
    await restOver();
    for (let place = 0; place < 14; place += 1) await intend(tenant.agent, notice(`P-${place}`));
    const trial = await claimAction(tenant.runner);
    const held = Array.from({ length: 12 }, (_, place) =>
      claimActions(tenant.otherRunner, { runner_id: `runner-${place}`, limit: 1, wait_seconds: 8 }),
    );
    must(await confirm(tenant.runner, trial, DONE));
    const given = (await Promise.all(held)).flat().map(({ action_id }) => action_id);
    expect(new Set(given).size).toBe(12);
  });

  test('is not kept by a trial that was given back', async () => {
    await restOver();
    const id = await intend(tenant.agent, notice('P-1'));
    const { claim_id } = await claimAction(tenant.runner, { lease_seconds: 600 });
    must(
      await tenant.runner.post(`/v1/actions/${id}/return`, {
        runner_id: RUNNER,
        claim_id,
        reason: 'draining',
      }),
    );
    expect(await claimAction(tenant.otherRunner, { runner_id: 'runner-2' })).toMatchObject({ action_id: id });
  });
});

describe('a person', () => {
  test('who says that a mail was not sent has it sent', async () => {
    const id = await intend(tenant.agent, mail());
    const claim = await claimAction(tenant.runner, { lease_seconds: 30 });
    const request = { runner_id: RUNNER, claim_id: claim.claim_id };
    must(await tenant.runner.post(`/v1/actions/${id}/begin`, request));
    await plane.advance(tenant, 31_000);
    must(
      await tenant.otto.post(`/v1/actions/${id}/settle`, { outcome: 'retry', reason: 'not in their log' }),
    );
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id, first_begun_at: null });
  });

  test('brings no more dead letters back than were counted, and no call doubles the pace', async () => {
    for (const parcel of ['A', 'B', 'C', 'D']) await intend(tenant.agent, notice(parcel));
    const other = await intend(tenant.agent, notice('E'));
    for (let round = 0; round < 60; round += 1) {
      for (const claim of await claimActions(tenant.runner)) {
        must(await confirm(tenant.runner, claim, claim.action_id === other ? DONE : LATER));
      }
      await plane.advance(tenant, 20 * 60_000);
    }
    const recover = (expected: number) =>
      tenant.otto.post('/v1/action-targets/recover', {
        target: EVENTS,
        expected,
        per_minute: 1,
        reason: 'they are back',
      });
    expectProblem(await recover(5_000), 'recovery_outdated');
    const first = must(await recover(4)).body;
    expectProblem(await recover(4), 'recovery_outdated');
    expect(first).toMatchObject({ recovered: 4, left: 0 });
  });
});

test('an approver who was removed keeps nobody from approving', async () => {
  const approval = { mode: 'human' as const, required_approvals: 2 };
  await letAct(
    tenant,
    testActions.map((one) => (one.name === REFUND ? { ...one, approval } : one)),
  );
  const id = await intend(tenant.agent, refund());
  must(await approveAction(tenant.ada, id));
  const { members = [] } = must(await tenant.olivia.get('/v1/members')).body as {
    members?: { person: string; name: string }[];
  };
  const ada = members.find(({ name }) => name === 'ada')?.person ?? '';
  must(await tenant.olivia.post(`/v1/members/${encodeURIComponent(ada)}/remove`));
  must(await approveAction(tenant.aron, id));
  expect(must(await approveAction(tenant.adam, id)).body.status).toBe('queued');
});
