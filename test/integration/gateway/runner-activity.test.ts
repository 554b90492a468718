import { digest } from '@countersign/protocol/canonical-json';
import { beforeAll, describe, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, propose, RUNNER, report, request } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await sharedPlane();
  tenant = await plane.tenant();
}, 60_000);

interface Event {
  readonly event_id: string;
  readonly event_type: string;
  readonly proposal_id: string | null;
  readonly principal: string | null;
  readonly tenant_id: string | null;
  readonly object_id: string | null;
}

const base = ({ project }: TestTenant) => `/v1/control/projects/${project}/runner-activity`;

async function events(client: Client, of: TestTenant, query = ''): Promise<readonly Event[]> {
  const { body } = must(await client.get(`${base(of)}?limit=100${query}`));
  return body.events as readonly Event[];
}

function diagnose(client: Client, eventId: string) {
  return client.post('/v1/runner/activity', {
    schema_version: 'synapsor.runner-activity.v1',
    event_id: eventId,
    event_type: 'worker.diagnostic',
    runner_id: RUNNER,
    source_id: SOURCE,
    status: 'drained',
  });
}

async function applied(own: TestTenant): Promise<string> {
  const id = await propose(own.service);
  await approve(own.ada, id);
  must(await report(own.runner, await claimOne(own.runner)));
  return id;
}

describe('the chronology', () => {
  test('is the chain of a proposal in the ledger, and its integrity is that of the chain', async () => {
    const own = await plane.tenant();
    const id = await applied(own);
    const whole = must(await own.audra.get(`${base(own)}/${id}`)).body;
    expect(whole).toMatchObject({ integrity: { ok: true }, job: { job_id: `wbj_${id}` } });
    await plane.query(
      "UPDATE ledger SET body = json_set(body, '$.reason', 'another') WHERE tenant = ?1 AND subject = ?2 AND type = 'proposal.approved'",
      own.project,
      id,
    );
    const broken = must(await own.audra.get(`${base(own)}/${id}`)).body;
    expect(broken.integrity).toMatchObject({ ok: false, reason: 'edited' });
    const exported = must(await own.audra.get(`${base(own)}/${id}/export`)).body;
    expect(exported.export).toMatchObject({ integrity: { ok: false } });
  });

  test('exported has the entries themselves, and the digest of all of it', async () => {
    const id = await applied(tenant);
    const { body } = must(await tenant.audra.get(`${base(tenant)}/${id}/export`));
    const { entries } = must(await tenant.audra.get(`/v1/proposals/${id}/replay`)).body;
    expect(body.export).toMatchObject({ format: 'countersign.activity-export.v1', entries });
    expect(body.export_digest).toBe(digest(body.export));
  });

  test('begins with what an agent asked for, before anybody has seen the row', async () => {
    const id = await request(tenant.agent);
    const [event] = await events(tenant.audra, tenant, `&lookup=${id}`);
    expect(event).toMatchObject({
      event_type: 'proposal.requested',
      status: 'pending_review',
      capability: 'billing.adjust_late_fee',
      tenant_id: 'acme',
    });
  });

  test('shows an event that is about no proposal alone', async () => {
    must(await diagnose(tenant.runner, 'worker:7'));
    const newest = (await events(tenant.audra, tenant))[0];
    expect(newest).toMatchObject({ event_id: 'worker:7', proposal_id: null, status: 'drained' });
    const { body } = must(await tenant.audra.get(`${base(tenant)}/worker:7`));
    expect(body).toMatchObject({ proposal: null, events: [newest], job: null, integrity: { ok: true } });
    expectProblem(await tenant.audra.get(`${base(tenant)}/worker:7/export`), 'handle_not_found');
  });

  test('of nothing is not found', async () => {
    expectProblem(await tenant.audra.get(`${base(tenant)}/evt_none`), 'handle_not_found');
    expect(await events(tenant.audra, tenant, '&lookup=evt_none')).toEqual([]);
  });
});

describe('who may not see payloads', () => {
  test('gets the chronology without them', async () => {
    const own = await plane.tenant();
    const id = await applied(own);
    const rules = [{ name: 'blind', asks: ['read-payloads'], effect: 'deny', when: "who.name == 'audra'" }];
    must(await own.olivia.post('/v1/permission-rules', { rules }));
    must(await own.olivia.post('/v1/permission-rules/enforcement', { on: true, reason: 'a test' }));
    const blind = must(await own.audra.get(`${base(own)}/${id}`));
    const seeing = must(await own.olivia.get(`${base(own)}/${id}`));
    expect(seeing.body).toMatchObject({ proposal: { patch: { late_fee_cents: 0 } } });
    expect(blind.body).toMatchObject({ evidence: null, proposal: { proposal_id: id } });
    for (const word of ['late_fee_cents', 'INV-3001', '"acme"']) {
      expect(seeing.text).toContain(word);
      expect(blind.text).not.toContain(word);
    }
    const hidden = { principal: null, tenant_id: null, object_id: null };
    for (const event of await events(own.audra, own)) expect(event).toMatchObject(hidden);
  });

  test('nor does the export leave the project by them', async () => {
    const id = await applied(tenant);
    for (const who of ['vera', 'otto', 'ada', 'agent', 'runner'] as const)
      expectProblem(await tenant[who].get(`${base(tenant)}/${id}/export`), 'forbidden');
    for (const who of ['vera', 'agent', 'runner'] as const)
      expectProblem(await tenant[who].get(`${base(tenant)}/${id}`), 'forbidden');
  });
});
