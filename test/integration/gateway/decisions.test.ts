import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { completeChangeSet, SOURCE } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import {
  approve,
  entryTypes,
  propose,
  RUNNER,
  read,
  report,
  request,
  requestAndRehearse,
} from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';
import { snapshot } from '../../support/snapshot.ts';
import { submission } from '../../support/submission.ts';
import type { Client, TestTenant } from '../../support/tenant.ts';

let plane: TestPlane;
let tenant: TestTenant;
beforeAll(async () => {
  plane = await startTestPlane();
  tenant = await plane.tenant();
});
afterAll(() => plane.stop());
afterEach(() => {
  expect(plane.logs.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

const decide = (client: Client, proposalId: string, verb: string, body = {}, options = {}) =>
  client.post(`/v1/proposals/${proposalId}/${verb}`, body, options);

/** What is asked changes nothing. */
async function unchanged<Value>(asked: () => Promise<Value>): Promise<Value> {
  const before = await snapshot(plane, tenant.project);
  const answer = await asked();
  expect(await snapshot(plane, tenant.project), 'nothing has changed').toEqual(before);
  return answer;
}

describe('a decision', () => {
  test('on a proposal that is decided already is refused, whichever it is', async () => {
    const rejected = await propose(tenant.service);
    must(await decide(tenant.ada, rejected, 'reject', { reason: 'no' }));
    for (const verb of ['approve', 'reject'] as const) {
      const answer = await unchanged(() => decide(tenant.aron, rejected, verb));
      expectProblem(answer, 'proposal_already_decided');
      expect(answer.body.message).toContain('rejected by ada');
    }
    const approved = await propose(tenant.service);
    await approve(tenant.ada, approved);
    expectProblem(await unchanged(() => decide(tenant.aron, approved, 'reject')), 'proposal_already_decided');
    expectProblem(await unchanged(() => decide(tenant.ada, approved, 'reject')), 'proposal_already_decided');
  });

  test('again by the same person changes nothing, and under the same key is the same answer', async () => {
    const id = await propose(tenant.service);
    const keyed = { headers: { 'idempotency-key': 'once' } };
    const first = must(await decide(tenant.ada, id, 'approve', {}, keyed));
    expectProblem(await unchanged(() => decide(tenant.ada, id, 'approve')), 'proposal_already_decided');
    const again = await unchanged(() => decide(tenant.ada, id, 'approve', {}, keyed));
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await entryTypes(tenant, id)).toEqual(['proposal.submitted', 'proposal.approved']);
  });

  test('on a proposal that was withdrawn is refused', async () => {
    const id = await requestAndRehearse(tenant);
    must(await decide(tenant.agent, id, 'cancel'));
    expectProblem(await unchanged(() => decide(tenant.ada, id, 'approve')), 'proposal_already_decided');
  });

  test('about another effect than the proposal’s is refused', async () => {
    const id = await propose(tenant.service);
    const outdated = { effect_digest: `sha256:${'0'.repeat(64)}` };
    for (const verb of ['approve', 'reject']) {
      expectProblem(await unchanged(() => decide(tenant.ada, id, verb, outdated)), 'decision_outdated');
    }
    const { effect_digest } = await read(tenant.ada, id);
    expect((await decide(tenant.ada, id, 'approve', { effect_digest })).status).toBe(200);
  });

  test('is never made by reading', async () => {
    const id = await propose(tenant.service);
    for (const verb of ['approve', 'reject', 'cancel']) {
      expectProblem(
        await unchanged(() => tenant.ada.get(`/v1/proposals/${id}/${verb}`)),
        'method_not_allowed',
      );
    }
  });

  test('through the path of existing tools is the same', async () => {
    const id = await propose(tenant.service);
    const path = `/v1/control/external-writebacks/proposals/${id}/approve`;
    const body = { reason: 'fine', project_id: tenant.project };
    expectProblem(await unchanged(() => tenant.service.post(path, body)), 'forbidden');
    expect(must(await tenant.ada.post(path, body)).body.job_id).toBe(`wbj_${id}`);
  });

  test('has whom, when, why and about what in the record', async () => {
    const id = await propose(tenant.service);
    must(await decide(tenant.ada, id, 'approve', { reason: 'goodwill' }));
    const { decisions, effect_digest } = await read(tenant.olivia, id);
    expect(decisions).toEqual([
      {
        verdict: 'approved',
        by: `person:${plane.issuers.get('members').personOf('ada')}`,
        name: 'ada',
        reason: 'goodwill',
        approval_roles: ['billing_lead'],
        effect_digest,
        at: expect.stringMatching(/Z$/),
      },
    ]);
  });
});

describe('whoever proposed', () => {
  test('cannot approve, but can reject', async () => {
    const id = await propose(tenant.adam);
    expectProblem(await unchanged(() => decide(tenant.adam, id, 'approve')), 'separation_of_duty');
    must(await decide(tenant.adam, id, 'reject'));
  });

  test('nor can the one in whose name it was proposed', async () => {
    const changes = { principal: { id: 'ada', source: 'cloud_session' } };
    const id = await propose(tenant.service, changes);
    expectProblem(await unchanged(() => decide(tenant.ada, id, 'approve')), 'separation_of_duty');
    await approve(tenant.aron, id);
  });

  test('nor an owner who proposed it', async () => {
    const id = await propose(tenant.olivia);
    expectProblem(await unchanged(() => decide(tenant.olivia, id, 'approve')), 'separation_of_duty');
  });
});

describe('a proposal that needs more than one word', () => {
  const quorum = (approvals: number) => ({ approval: { status: 'pending', required_approvals: approvals } });

  test('is approved by the last of them, and one person counts once', async () => {
    const id = await propose(tenant.service, quorum(2));
    const first = must(await decide(tenant.ada, id, 'approve'));
    expect(first.body).toMatchObject({ status: 'pending_review', approvals_missing: 1, job_id: null });
    expectProblem(await unchanged(() => decide(tenant.ada, id, 'approve')), 'proposal_already_decided');
    const second = must(await decide(tenant.aron, id, 'approve'));
    expect(second.body).toMatchObject({ status: 'approved', approvals_missing: 0, job_id: `wbj_${id}` });
    expect(await entryTypes(tenant, id)).toEqual([
      'proposal.submitted',
      'proposal.approval_recorded',
      'proposal.approved',
    ]);
  });

  test('is rejected by any of them', async () => {
    const id = await propose(tenant.service, quorum(3));
    must(await decide(tenant.ada, id, 'approve'));
    must(await decide(tenant.aron, id, 'reject'));
    expect((await read(tenant.ada, id)).status).toBe('rejected');
  });

  test('needs the role that it names; an owner is no exception', async () => {
    const role = { approval: { status: 'pending', required_role: 'billing_lead' } };
    const id = await propose(tenant.service, role);
    const answer = await unchanged(() => decide(tenant.aron, id, 'approve'));
    expectProblem(answer, 'approval_role_required');
    expect(answer.body.next).toContain('billing_lead');
    const owner = await unchanged(() => decide(tenant.olivia, id, 'approve'));
    expectProblem(owner, 'approval_role_required');
    await approve(tenant.ada, id);
  });

  test('by two at the same moment is approved once, by exactly as many as it needs', async () => {
    const id = await propose(tenant.service, quorum(2));
    const all = await Promise.all(
      [tenant.ada, tenant.aron, tenant.adam, tenant.olivia].map((who) => decide(who, id, 'approve')),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    expect((await entryTypes(tenant, id)).filter((type) => type === 'proposal.approved')).toHaveLength(1);
  });
});

describe('withdrawing', () => {
  test('is for the agent that proposed, once', async () => {
    const id = await request(tenant.agent);
    expectProblem(await unchanged(() => decide(tenant.otherAgent, id, 'cancel')), 'proposal_not_found');
    must(await decide(tenant.agent, id, 'cancel'));
    expectProblem(await unchanged(() => decide(tenant.agent, id, 'cancel')), 'proposal_not_cancelable');
  });

  test('is too late once a runner is at work, and after the end', async () => {
    const id = await requestAndRehearse(tenant);
    await approve(tenant.ada, id);
    const claim = { source_id: SOURCE, runner_id: RUNNER, limit: 50 };
    const { jobs } = must(await tenant.runner.post('/v1/writeback/jobs/claim', claim)).body;
    const job = jobs?.find(({ proposal_id }) => proposal_id === id);
    if (job === undefined) throw new TypeError('there was no job to lease');
    const late = await unchanged(() => decide(tenant.agent, id, 'cancel'));
    expectProblem(late, 'proposal_not_cancelable');
    expect(late.body.message).toContain('a runner is working on it');
    must(await report(tenant.runner, job));
    expectProblem(await unchanged(() => decide(tenant.otto, id, 'cancel')), 'proposal_not_cancelable');
  });

  test('takes a queued job out of the queue', async () => {
    const id = await propose(tenant.service);
    await approve(tenant.ada, id);
    must(await decide(tenant.otto, id, 'cancel', { reason: 'not today' }));
    const claimed = await tenant.runner.post('/v1/writeback/jobs/claim', {
      source_id: 'src_billing',
      runner_id: 'r',
      limit: 50,
    });
    expect(claimed.body.jobs?.map(({ proposal_id }) => proposal_id)).not.toContain(id);
    expect(await read(tenant.otto, id)).toMatchObject({ status: 'canceled', job: { status: 'canceled' } });
  });
});

describe('a proposal', () => {
  test('submitted again is an answer; another under its id is refused', async () => {
    const request = submission(`wrp_${'5a'.repeat(10)}`);
    expect((await tenant.runner.post('/v1/runner/proposals', request)).status).toBe(201);
    const again = await unchanged(() => tenant.runner.post('/v1/runner/proposals', request));
    expect([again.status, again.body.status]).toEqual([200, 'pending_review']);
    const other = submission(request.change_set.proposal_id, {
      integrity: { proposal_hash: `sha256:${'b'.repeat(64)}` },
    });
    expectProblem(
      await unchanged(() => tenant.runner.post('/v1/runner/proposals', other)),
      'proposal_hash_mismatch',
    );
  });

  test('that no worker may write is approved without a job', async () => {
    const { mode: _, ...rest } = completeChangeSet(`wrp_${'5b'.repeat(10)}`);
    const id = await propose(tenant.service, { ...rest, mode: 'shadow' });
    expect(must(await decide(tenant.ada, id, 'approve')).body).toMatchObject({
      status: 'approved',
      job_id: null,
    });
    expect((await read(tenant.ada, id)).job).toBeNull();
    must(await decide(tenant.otto, id, 'cancel'));
  });
});
