import { beforeAll, describe, expect, test } from 'vitest';
import {
  approveAction,
  claimAction,
  claimActions,
  confirm,
  DONE,
  intend,
  letAct,
  notice,
  refund,
} from '../../support/action-flow.ts';
import { EVENTS, TARGET } from '../../support/contract.ts';
import { eventually } from '../../support/eventually.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;

beforeAll(async () => {
  plane = await sharedPlane();
}, 60_000);

const idsOf = async (claims: ReturnType<typeof claimActions>) =>
  (await claims).map(({ action_id }) => action_id);

describe('a held claim of actions', () => {
  test('gets what goes on at once', async () => {
    const tenant = await letAct(await plane.tenant());
    const held = idsOf(claimActions(tenant.runner, { wait_seconds: 20 }));
    const id = await intend(tenant.agent, notice());
    expect(await held).toEqual([id]);
  });

  test('gets what somebody lets go, if it is for its targets', async () => {
    const tenant = await letAct(await plane.tenant());
    const events = idsOf(claimActions(tenant.runner, { wait_seconds: 2, targets: [EVENTS] }));
    const payments = idsOf(claimActions(tenant.runner, { wait_seconds: 20, targets: [TARGET] }));
    const id = await intend(tenant.agent, refund());
    must(await approveAction(tenant.ada, id));
    expect(await payments).toEqual([id]);
    expect(await events).toEqual([]);
  });

  test('gets the next of an order as soon as the one before has ended', async () => {
    const tenant = await letAct(await plane.tenant());
    const ids = [];
    for (const cents of [100, 200]) {
      const id = await intend(tenant.agent, refund('pi_1', cents));
      must(await approveAction(tenant.ada, id));
      ids.push(id);
    }
    const first = await claimAction(tenant.runner);
    const held = idsOf(claimActions(tenant.otherRunner, { wait_seconds: 20, runner_id: 'runner-2' }));
    must(await confirm(tenant.runner, first, DONE));
    expect(await held).toEqual([ids[1]]);
  });

  test('of a worker that has vanished gets nothing; the next one does', async () => {
    const tenant = await letAct(await plane.tenant());
    const gone = new AbortController();
    const request = { runner_id: 'runner-1', targets: [EVENTS], wait_seconds: 20 };
    const held = tenant.runner
      .post('/v1/actions/claim', request, { signal: gone.signal })
      .catch(() => 'gone');
    await untilHeld(tenant, 1);
    gone.abort();
    expect(await held).toBe('gone');
    await untilHeld(tenant, 0);
    const id = await intend(tenant.agent, notice());
    expect(await claimAction(tenant.otherRunner, { runner_id: 'runner-2' })).toMatchObject({
      action_id: id,
      attempt: 1,
    });
  });
});

async function untilHeld(tenant: TestTenant, count: number): Promise<void> {
  await eventually(
    async () => must(await tenant.olivia.get('/v1/engine/health')).body.object,
    (object) => (object as { held_polls: number }).held_polls === count,
  );
}
