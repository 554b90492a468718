import { setTimeout as pass } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { approve, propose, RUNNER } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

/** The platform lets an idle object leave memory after about ten seconds; a poll is held for 25 at most. */
const IDLE_MS = [12_000, 16_000, 20_000] as const;

let plane: SharedPlane;
beforeAll(async () => {
  plane = await sharedPlane();
});

const startedAt = async (tenant: TestTenant) =>
  Object(must(await tenant.vera.get('/v1/engine/health')).body.object).started_at;

/** Waits with a held claim, then approves: whether the object was started anew meanwhile. */
async function isGoneWhileHeld(tenant: TestTenant, idleMs: number): Promise<boolean> {
  const id = await propose(tenant.service);
  const before = await startedAt(tenant);
  const request = { source_id: SOURCE, runner_id: RUNNER, wait_seconds: 25 };
  const held = tenant.runner.post('/v1/writeback/jobs/claim', request);
  // Nothing but time may pass: whatever looked at the object would keep it in memory.
  await pass(idleMs);
  await approve(tenant.ada, id);
  expect(must(await held).body.jobs?.map(({ proposal_id }) => proposal_id)).toEqual([id]);
  return (await startedAt(tenant)) !== before;
}

test('an idle tenant with a waiting runner leaves memory, and the runner still gets its job', async () => {
  const tenant = await plane.tenant();
  for (const idleMs of IDLE_MS) {
    if (await isGoneWhileHeld(tenant, idleMs)) return;
  }
  expect.unreachable('the object stayed in memory the whole time');
}, 70_000);
