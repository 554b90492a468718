import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  approveAction,
  claimAction,
  claimActions,
  confirm,
  DONE,
  intend,
  letAct,
  notice,
  readAction,
  refund,
} from '../../support/action-flow.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, read, report, requestAndRehearse } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedClockedPlane;
let tenant: TestTenant;

beforeAll(async () => {
  plane = await sharedClockedPlane();
}, 60_000);
beforeEach(async () => {
  tenant = await letAct(await plane.tenantWithOwnRows());
});

const following = (proposal_id: string) => ({ after: { proposal_id, state: 'applied' } });
const state = async (id: string) => (await readAction(tenant.olivia, id)).status;

describe('an action that waits for a proposal', () => {
  test('goes out only after the row says so', async () => {
    const proposalId = await requestAndRehearse(tenant);
    const id = await intend(tenant.agent, { ...notice(), ...following(proposalId) });
    expect(await readAction(tenant.olivia, id)).toMatchObject({
      status: 'queued',
      waiting: { why: `it waits until ${proposalId} is applied` },
    });
    expect(await claimActions(tenant.runner)).toEqual([]);
    await approve(tenant.ada, proposalId);
    expect(await claimActions(tenant.runner)).toEqual([]);
    must(await report(tenant.runner, await claimOne(tenant.runner)));
    const claim = await claimAction(tenant.runner);
    expect(claim.action_id).toBe(id);
    must(await confirm(tenant.runner, claim, DONE));
    expect((await read(tenant.olivia, proposalId)).actions).toEqual([
      { action_id: id, decided_digest: null },
    ]);
  });

  test('and for people waits for both, in either order', async () => {
    const proposalId = await requestAndRehearse(tenant);
    const id = await intend(tenant.agent, { ...refund(), ...following(proposalId) });
    await approve(tenant.ada, proposalId);
    must(await report(tenant.runner, await claimOne(tenant.runner)));
    expect(await claimActions(tenant.runner)).toEqual([]);
    must(await approveAction(tenant.ada, id));
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id });
  });

  test.each([
    ['rejected', (id: string) => tenant.ada.post(`/v1/proposals/${id}/reject`, { reason: 'no' })],
    ['canceled', (id: string) => tenant.agent.post(`/v1/proposals/${id}/cancel`)],
  ])('is dropped with that reason when the proposal is %s', async (ending, end) => {
    const proposalId = await requestAndRehearse(tenant);
    const id = await intend(tenant.agent, { ...notice(), ...following(proposalId) });
    must(await end(proposalId));
    expect(await readAction(tenant.olivia, id)).toMatchObject({
      status: 'canceled',
      cause: {
        by: `proposal:${proposalId}`,
        message: `the proposal ${proposalId}, which it was to follow, is ${ending}`,
      },
    });
  });

  test('is dropped at a conflict, and when the proposal expires', async () => {
    const first = await requestAndRehearse(tenant);
    const one = await intend(tenant.agent, { ...notice('A'), ...following(first) });
    await approve(tenant.ada, first);
    const changes = { status: 'conflict', affected_rows: 0, error_code: 'VERSION_CONFLICT' };
    must(await report(tenant.runner, await claimOne(tenant.runner), changes));
    expect(await state(one)).toBe('canceled');
    const second = await requestAndRehearse(tenant, {}, { expires_in_seconds: 600 });
    const other = await intend(tenant.agent, { ...notice('B'), ...following(second) });
    await plane.advance(tenant, 601_000);
    expect(await state(other)).toBe('canceled');
  });

  test('cannot wait for what is over, or for what is not the agent’s', async () => {
    const over = await requestAndRehearse(tenant);
    must(await tenant.ada.post(`/v1/proposals/${over}/reject`, { reason: 'no' }));
    const ask = (id: string, who = tenant.agent) =>
      who.post('/v1/actions', { ...notice(), ...following(id) });
    expectProblem(await ask(over), 'after_unreachable');
    const mine = await requestAndRehearse(tenant);
    expectProblem(await ask(mine, tenant.otherAgent), 'proposal_not_found');
    expectProblem(await ask('wrp_none'), 'proposal_not_found');
  });
});

describe('an action that is decided with a proposal', () => {
  const joined = (proposalId: string) => ({
    ...refund(),
    ...following(proposalId),
    decided_with_proposal: true,
  });

  test('is part of what is decided: who saw the proposal without it has seen something else', async () => {
    const proposalId = await requestAndRehearse(tenant);
    const before = (await read(tenant.ada, proposalId)).effect_digest;
    const id = await intend(tenant.agent, joined(proposalId));
    const decision = { effect_digest: before };
    expectProblem(
      await tenant.ada.post(`/v1/proposals/${proposalId}/approve`, decision),
      'decision_outdated',
    );
    expectProblem(await approveAction(tenant.ada, id), 'action_already_decided');
    await approve(tenant.ada, proposalId);
    expect(await readAction(tenant.olivia, id)).toMatchObject({
      status: 'queued',
      after_proposal: proposalId,
    });
    expect(await claimActions(tenant.runner)).toEqual([]);
    must(await report(tenant.runner, await claimOne(tenant.runner)));
    expect(await claimAction(tenant.runner)).toMatchObject({ action_id: id });
  });

  test('takes approvals back that were given before it came', async () => {
    const proposalId = await requestAndRehearse(tenant);
    await intend(tenant.agent, joined(proposalId));
    expect((await read(tenant.olivia, proposalId)).decisions).toEqual([]);
    await approve(tenant.ada, proposalId);
    const late = await tenant.agent.post('/v1/actions', {
      ...refund('pi_9'),
      ...following(proposalId),
      decided_with_proposal: true,
    });
    expectProblem(late, 'after_unreachable');
  });

  test('falls with the proposal', async () => {
    const proposalId = await requestAndRehearse(tenant);
    const id = await intend(tenant.agent, joined(proposalId));
    must(await tenant.ada.post(`/v1/proposals/${proposalId}/reject`, { reason: 'no' }));
    expect(await state(id)).toBe('canceled');
  });

  test('needs a proposal', async () => {
    const body = { ...refund(), decided_with_proposal: true };
    expectProblem(await tenant.agent.post('/v1/actions', body), 'validation_failed');
  });
});

test('a record with actions in every state folds into the rows that stand', async () => {
  const proposalId = await requestAndRehearse(tenant);
  await intend(tenant.agent, { ...notice('tied'), ...following(proposalId) });
  await intend(tenant.agent, { ...refund('pi_8'), ...following(proposalId), decided_with_proposal: true });
  for (const cents of [100, 200])
    must(await approveAction(tenant.ada, await intend(tenant.agent, refund('pi_1', cents))));
  await intend(tenant.agent, refund('pi_2'));
  await intend(tenant.agent, notice('twice'));
  await intend(tenant.agent, notice('twice'));
  const [claim] = await claimActions(tenant.runner);
  if (claim === undefined) throw new TypeError('nothing was claimed');
  must(await confirm(tenant.runner, claim, { outcome: 'retry', code: 'later' }));
  const { body } = must(await tenant.olivia.post('/v1/maintenance/rebuild'));
  expect(body).toMatchObject({ matches: true, differences: [] });
});
