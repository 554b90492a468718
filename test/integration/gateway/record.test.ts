import { type LedgerEntry, verifyLedger, verifySubject } from '@countersign/protocol/ledger';
import { beforeAll, describe, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import {
  approve,
  claimOne,
  leaseJob,
  propose,
  queueJob,
  RUNNER,
  read,
  rehearse,
  report,
  request,
  requestAndRehearse,
} from '../../support/flow.ts';
import type { Answer } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
});

/** All pages of a list, from the first to the last. */
async function* pages(client: Client, path: string): AsyncGenerator<Answer> {
  const separator = path.includes('?') ? '&' : '?';
  for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined; ) {
    const page: Answer = must(await client.get(cursor === '' ? path : `${path}${separator}cursor=${cursor}`));
    yield page;
    cursor = page.body.next_cursor;
  }
}

async function wholeLedger(limit: number): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const { body } of pages(tenant.audra, `/v1/ledger?limit=${limit}`))
    entries.push(...(body.entries ?? []));
  return entries;
}

describe('the ledger', () => {
  test('is read page by page and verifies from the first entry to the head', async () => {
    must(await report(tenant.runner, await leaseJob(tenant)));
    const whole = await wholeLedger(500);
    for (const limit of [1, 7]) expect(await wholeLedger(limit)).toEqual(whole);
    const { body } = must(await tenant.audra.get('/v1/ledger?limit=1'));
    expect(verifyLedger(tenant.project, whole)).toEqual({
      ok: true,
      entries: whole.length,
      head_hash: whole.at(-1)?.hash,
    });
    expect(body.head).toEqual({ seq: whole.length, hash: whole.at(-1)?.hash });
  });

  test('is not for whoever acts in it', async () => {
    for (const who of [tenant.agent, tenant.runner, tenant.ada, tenant.otto, tenant.vera]) {
      expectProblem(await who.get('/v1/ledger'), 'forbidden');
    }
    must(await tenant.service.get('/v1/ledger'));
  });
});

describe('the replay of a proposal', () => {
  test('tells what was read, proposed, decided, attempted and applied, with a chain that verifies', async () => {
    const id = await propose(tenant.service);
    must(
      await tenant.runner.post('/v1/runner/activity', {
        schema_version: 'synapsor.runner-activity.v1',
        event_id: `evidence:${id}:evb_1`,
        event_type: 'evidence.recorded',
        runner_id: RUNNER,
        source_id: SOURCE,
        proposal_id: id,
        evidence_ids: ['evb_1'],
      }),
    );
    await approve(tenant.ada, id);
    const job = await claimOne(tenant.runner);
    must(await report(tenant.runner, job));
    const { body } = must(await tenant.audra.get(`/v1/proposals/${id}/replay`));
    expect(body.steps).toMatchObject([
      { phase: 'proposed', type: 'proposal.submitted', actor: { kind: 'service', id: 'crd_service' } },
      { phase: 'read', type: 'evidence.recorded', actor: { kind: 'runner', id: 'crd_runner' } },
      { phase: 'decided', type: 'proposal.approved', actor: { kind: 'person' } },
      { phase: 'attempted', type: 'job.leased' },
      { phase: 'applied', type: 'writeback.result' },
    ]);
    expect(body.integrity).toEqual({ ok: true, entries: 5, head_hash: body.entries?.at(-1)?.hash });
    expect(verifySubject(tenant.project, id, body.entries ?? [])).toEqual(body.integrity);
  });

  test('shows what was tampered with', async () => {
    const own = await plane.tenant();
    const id = await propose(own.service);
    await approve(own.ada, id);
    const { body } = must(await own.audra.get(`/v1/proposals/${id}/replay`));
    const approval = body.entries?.at(-1);
    await plane.query(
      "UPDATE ledger SET body = json_set(body, '$.reason', 'forged') WHERE tenant = ?1 AND seq = ?2",
      own.project,
      approval?.seq ?? 0,
    );
    const forged = must(await own.audra.get(`/v1/proposals/${id}/replay`));
    expect(forged.body.integrity).toEqual({ ok: false, seq: approval?.seq, reason: 'edited' });
  });
});

describe('the list of proposals', () => {
  test('is newest first, page by page, and does not shift when there are new ones', async () => {
    const own = await plane.tenant();
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.push(await propose(own.service));
    const seen: (string | undefined)[] = [];
    for await (const { body } of pages(own.otto, '/v1/proposals?limit=2')) {
      seen.push(...(body.proposals ?? []).map(({ proposal_id }) => proposal_id));
      await propose(own.service);
    }
    expect(seen).toEqual(made.toReversed());
  });

  test('of what is pending is in the order in which it runs out', async () => {
    const own = await plane.tenant();
    const later = await propose(own.service, {}, { expires_in_seconds: 3_000 });
    const sooner = await propose(own.service, {}, { expires_in_seconds: 1_000 });
    const decided = await propose(own.service, {}, { expires_in_seconds: 100 });
    must(await own.ada.post(`/v1/proposals/${decided}/reject`));
    const found: (string | undefined)[] = [];
    for await (const { body } of pages(own.ada, '/v1/proposals?status=pending_review&limit=1')) {
      found.push(...(body.proposals ?? []).map(({ proposal_id }) => proposal_id));
    }
    expect(found).toEqual([sooner, later]);
  });

  test.each([
    ['status=rejected', 'rejected'],
    ['status=approved', 'approved'],
    ['job_status=queued', 'approved'],
    [`job_status=queued&source_id=${SOURCE}`, 'approved'],
    ['source_id=src_orders', undefined],
  ])('is narrowed by %s', async (query, status) => {
    const own = await plane.tenant();
    must(await own.ada.post(`/v1/proposals/${await propose(own.service)}/reject`));
    await queueJob(own);
    const { body } = must(await own.otto.get(`/v1/proposals?${query}`));
    expect(body.proposals?.map((one) => one.status)).toEqual(status === undefined ? [] : [status]);
  });

  test('shows an agent its own only', async () => {
    const own = await plane.tenant();
    const id = await requestAndRehearse(own);
    const foreign = await request(own.otherAgent);
    await rehearse(own, foreign);
    const { body } = must(await own.agent.get('/v1/proposals'));
    expect(body.proposals?.map(({ proposal_id }) => proposal_id)).toEqual([id]);
    expectProblem(await own.otherAgent.get(`/v1/proposals/${id}`), 'proposal_not_found');
    const all = must(await own.service.get('/v1/control/external-writebacks/proposals?limit=100'));
    expect(all.body.proposals).toHaveLength(2);
    expect(all.body.proposals?.[0]).toMatchObject({
      source_database_mutated: false,
      allowed_columns: ['late_fee_cents'],
      conflict: { kind: 'version_column' },
      evidence_metadata: { payload_uploaded: false },
      query_audit: { payload_uploaded: false },
    });
  });
});

describe('a runner', () => {
  const registration = {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id: RUNNER,
    runner_version: '1.0.0',
    engines: ['postgres'],
    capabilities: ['writeback:claim'],
    scope: { project_id: 'token_scope', source_ids: [SOURCE] },
    registered_at: '2026-01-01T00:00:00Z',
  };
  const listed = async () => must(await tenant.vera.get('/v1/runners')).body.runners;

  test('registers, drains, comes back, and is listed as what it is', async () => {
    must(await tenant.runner.post('/v1/runner/register', registration));
    expect(await listed()).toMatchObject([{ runner_id: RUNNER, status: 'online' }]);
    must(await tenant.runner.post('/v1/runner/heartbeat', { runner_id: RUNNER, status: 'draining' }));
    expect(await listed()).toMatchObject([{ status: 'draining' }]);
    must(
      await tenant.runner.post('/v1/runner/register', {
        ...registration,
        registered_at: '2026-01-02T00:00:00Z',
      }),
    );
    expect(await listed()).toMatchObject([{ status: 'online' }]);
  });

  test('follows its proposal as existing tools need it: a new time at every look while it is open', async () => {
    const id = await propose(tenant.service);
    const look = async () => must(await tenant.runner.get(`/v1/runner/proposals/${id}`)).body;
    const [one, two] = [await look(), await look()];
    expect(one).toMatchObject({ status: 'pending_review', terminal: false, job: null, result: null });
    expect(two.updated_at).not.toBe(one.updated_at);
    await approve(tenant.ada, id);
    must(await report(tenant.runner, await claimOne(tenant.runner)));
    const [end, again] = [await look(), await look()];
    expect(end).toMatchObject({
      status: 'applied',
      terminal: true,
      decision: { status: 'approved', actor: 'ada' },
    });
    expect(again).toEqual(end);
    expect((await read(tenant.service, id)).status).toBe('applied');
  });
});
