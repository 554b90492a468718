import { afterAll, beforeAll, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { ADJUST } from '../../support/contract.ts';
import { approve, claimOne, RUNNER, read } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: TestPlane;
let tenant: TestTenant;

beforeAll(async () => {
  plane = await startTestPlane();
  tenant = await plane.tenant();
}, 60_000);
afterAll(() => plane?.stop());

test('a capability is asked, rehearsed, approved and handed to a runner', async () => {
  const asked = must(
    await tenant.agent.post('/v1/proposals', {
      capability: ADJUST,
      args: { invoice_id: 'INV-3001', late_fee_cents: 0 },
      reason: 'late by a day',
    }),
  ).body;
  expect(asked).toMatchObject({ status: 'rehearsing', proposal_version: 1 });
  const id = String(asked.proposal_id);
  const claimed = must(
    await tenant.runner.post('/v1/rehearsals/claim', { source_id: SOURCE, runner_id: RUNNER }),
  ).body.rehearsals;
  expect(claimed).toHaveLength(1);
  const [rehearsal] = claimed as { rehearsal_id: string; lease_id: string }[];
  must(
    await tenant.runner.post(`/v1/rehearsals/${rehearsal?.rehearsal_id}/result`, {
      rehearsal_id: rehearsal?.rehearsal_id,
      lease_id: rehearsal?.lease_id,
      runner_id: RUNNER,
      status: 'done',
      before: { late_fee_cents: 5_500, status: 'open' },
      after: { late_fee_cents: 0, status: 'open' },
      version: 7,
      lock_held_ms: 1.5,
      rehearsed_at: '2026-01-01T00:00:00.000Z',
    }),
  );
  expect(await read(tenant.ada, id)).toMatchObject({
    status: 'pending_review',
    rehearsal: { status: 'done', before: { late_fee_cents: 5_500 } },
    waiting: { why: 'it needs an approval of anyone who may approve' },
  });
  await approve(tenant.ada, id);
  expect(await claimOne(tenant.runner)).toMatchObject({ proposal_id: id, patch: { late_fee_cents: 0 } });
});
