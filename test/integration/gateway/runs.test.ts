import { beforeAll, describe, expect, test } from 'vitest';
import { intend, letAct, notice } from '../../support/action-flow.ts';
import { ADJUST } from '../../support/contract.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, read, report, requestAndRehearse } from '../../support/flow.ts';
import type { WireBody } from '../../support/http.ts';
import { must } from '../../support/must.ts';
import {
  begin,
  claimTask,
  claimTasks,
  complete,
  explain,
  readRun,
  submit,
  tell,
} from '../../support/run-flow.ts';
import {
  type SharedClockedPlane,
  type SharedPlane,
  sharedClockedPlane,
  sharedPlane,
} from '../../support/shared-planes.ts';

let plane: SharedPlane;
/** Where time passes only when a test says so. */
let clocked: SharedClockedPlane;
beforeAll(async () => {
  [plane, clocked] = await Promise.all([sharedPlane(), sharedClockedPlane()]);
}, 60_000);

const echo = { task: 'echo' };

interface ShownStep {
  readonly step_id: string;
  readonly number: number;
  readonly kind: string;
  readonly status: string;
  readonly linked: string | null;
  readonly artifact: { readonly name: string; readonly version: number } | null;
  readonly cause: { readonly by: string; readonly message: string } | null;
}

function stepsOf(run: WireBody): readonly ShownStep[] {
  return run.steps as readonly ShownStep[];
}

const states = (run: WireBody) => stepsOf(run).map(({ status }) => status);

describe('a command', () => {
  test('becomes a run whose first tasks are there at once, and which ends with them', async () => {
    const { agent, runner } = await plane.tenant();
    const submitted = await submit(agent, { text: 'look at it', input: { id: 1 }, tasks: [echo, echo] });
    expect(submitted).toMatchObject({ status: 'open', step_ids: [expect.any(String), expect.any(String)] });
    const runId = String(submitted.run_id);
    const tasks = await claimTasks(runner);
    expect(tasks).toHaveLength(2);
    expect(tasks[0]).toMatchObject({ run_id: runId, task: 'echo', attempt: 1, plan: { handler: 'echo' } });
    for (const task of tasks) await complete(runner, task, { result: { said: task.task } });
    expect(await readRun(agent, runId)).toMatchObject({
      status: 'succeeded',
      terminal: true,
      text: 'look at it',
      steps_open: 0,
      integrity: { ok: true },
    });
  });

  test('wakes a worker that waits, with what the task is given', async () => {
    const { agent, runner } = await plane.tenant();
    const held = claimTasks(runner, { wait_seconds: 20 });
    await begin(agent, { tasks: [{ ...echo, input: { deep: { list: [1, 'two', null] } } }] });
    expect(await held).toMatchObject([{ input: { deep: { list: [1, 'two', null] } } }]);
  });

  test('without tasks is driven by whoever began it, until they say that it is over', async () => {
    const { agent } = await plane.tenant();
    const runId = await begin(agent);
    const steps = [
      { kind: 'note', text: 'nothing to do' },
      { kind: 'read', what: 'the invoice', evidence_id: 'evb_1' },
    ];
    must(await agent.post(`/v1/runs/${runId}/steps`, { steps }));
    expect(await readRun(agent, runId)).toMatchObject({ status: 'open', steps_total: 2 });
    must(await agent.post(`/v1/runs/${runId}/finish`, { outcome: 'succeeded', summary: 'all is well' }));
    expect(await readRun(agent, runId)).toMatchObject({ status: 'succeeded' });
    must(await agent.post(`/v1/runs/${runId}/finish`, { outcome: 'succeeded' }));
    expectProblem(await agent.post(`/v1/runs/${runId}/finish`, { outcome: 'failed' }), 'run_ended');
    expectProblem(await agent.post(`/v1/runs/${runId}/steps`, { steps }), 'run_ended');
  });

  test('of another agent is as if it did not exist, unless it names this one', async () => {
    const { agent, otherAgent } = await plane.tenant();
    const runId = await begin(agent);
    expectProblem(await otherAgent.get(`/v1/runs/${runId}`), 'run_not_found');
    expectProblem(await otherAgent.get(`/v1/runs/${runId}/explain`), 'run_not_found');
    expectProblem(await otherAgent.post(`/v1/runs/${runId}/cancel`), 'run_not_found');
    expect(must(await otherAgent.get('/v1/runs')).body.runs).toEqual([]);
    const shared = await begin(agent, { agents: ['crd_otherAgent'] });
    expect(await readRun(otherAgent, shared)).toMatchObject({ status: 'open' });
    expectProblem(
      await agent.post('/v1/commands/submit', { command: 'x', agents: ['crd_runner'] }),
      'validation_failed',
    );
  });

  test('is ended by the agent that began it, and by no other that may add to it; a list names no other', async () => {
    const tenant = await plane.tenant();
    const { agent, otherAgent } = tenant;
    const runId = await begin(agent, { agents: ['crd_otherAgent'] });
    await begin(agent);
    must(await otherAgent.post(`/v1/runs/${runId}/steps`, { steps: [{ kind: 'note', text: 'me too' }] }));
    expectProblem(await otherAgent.post(`/v1/runs/${runId}/cancel`), 'forbidden');
    expectProblem(await otherAgent.post(`/v1/runs/${runId}/finish`, { outcome: 'failed' }), 'forbidden');
    const theirs = await begin(otherAgent, { agents: ['crd_agent'] });
    const proposalId = await requestAndRehearse(tenant, {}, { run: { run_id: theirs } });
    must(await otherAgent.post(`/v1/runs/${theirs}/cancel`));
    expect(await read(agent, proposalId)).toMatchObject({ status: 'pending_review' });
    const page = must(await otherAgent.get('/v1/runs?limit=2')).body;
    expect((page.runs as readonly { readonly run_id: string }[]).map((run) => run.run_id)).toEqual([
      theirs,
      runId,
    ]);
    const small = must(await otherAgent.get('/v1/runs?limit=1')).body;
    expect(small.next_cursor).toBe(theirs);
  });

  test('that is read with a wait is answered when it changes', async () => {
    const { agent, runner } = await plane.tenant();
    const submitted = await submit(agent, { tasks: [echo] });
    const waiting = agent.get(`/v1/runs/${submitted.run_id}?wait_seconds=20`);
    await complete(runner, await claimTask(runner));
    expect(must(await waiting).body.ledger_seq).toBeGreaterThan(Number(submitted.ledger_seq) + 1);
  });
});

describe('a step that follows others', () => {
  test('waits for all of them, and gets what they came to', async () => {
    const { agent, runner } = await plane.tenant();
    const runId = await begin(agent, {
      tasks: [
        { ...echo, key: 'a' },
        { ...echo, key: 'b', title: 'the other one' },
        { task: 'collect', after: ['a', 'b'] },
      ],
    });
    const [one, other] = [await claimTask(runner), await claimTask(runner)];
    expect([one.task, other.task]).toEqual(['echo', 'echo']);
    const digest = `sha256:${'1'.repeat(64)}`;
    const artifact = { name: 'page', location: 's3://b/k', digest, size: 3, media_type: 'text/plain' };
    await complete(runner, one, { result: { said: 1 }, artifacts: [artifact] });
    expect(await claimTasks(runner)).toEqual([]);
    await complete(runner, other, { result: { said: 2 } });
    const last = await claimTask(runner);
    expect(last).toMatchObject({
      task: 'collect',
      parents: [
        { kind: 'task', state: 'succeeded', result: { said: 1 } },
        { title: 'the other one', result: { said: 2 } },
      ],
    });
    await complete(runner, last, { artifacts: [artifact] });
    const run = await readRun(agent, runId);
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(stepsOf(run).flatMap(({ artifact: made }) => made?.version ?? [])).toEqual([1, 2]);
  });

  test('is canceled when one of them failed, and the run fails with that', async () => {
    const { agent, runner } = await plane.tenant();
    const runId = await begin(agent, {
      tasks: [
        { ...echo, key: 'a' },
        { ...echo, key: 'b', after: ['a'] },
        { ...echo, after: ['b'] },
      ],
    });
    must(
      await tell(runner, 'fail', await claimTask(runner), { code: 'no_such_page', message: 'it is gone' }),
    );
    const run = await readRun(agent, runId);
    expect(states(run)).toEqual(['failed', 'canceled', 'canceled']);
    expect(run).toMatchObject({ status: 'failed' });
    expect(stepsOf(run)[1]?.cause?.message).toBe('step 1, which it was to follow, ended as failed');
  });

  test('that only waits for their end goes on, and a failure that is so awaited does not fail the run', async () => {
    const { agent, runner } = await plane.tenant();
    const runId = await begin(agent, {
      tasks: [
        { ...echo, key: 'a' },
        { task: 'collect', after: ['a'], once: 'ended' },
      ],
    });
    must(await tell(runner, 'fail', await claimTask(runner), { code: 'no' }));
    const cleanUp = await claimTask(runner);
    expect(cleanUp).toMatchObject({ task: 'collect', parents: [{ state: 'failed' }] });
    await complete(runner, cleanUp);
    expect(await readRun(agent, runId)).toMatchObject({ status: 'succeeded' });
  });

  test.each(['fail', 'cancel', 'lose'])(
    'in a long chain is told in one turn when the first did not succeed (%s)',
    async (how) => {
      const tenant = await clocked.tenantWithOwnRows();
      const { agent, olivia, runner } = tenant;
      const chain = Array.from({ length: 40 }, (_, place) => ({
        ...echo,
        key: `k${place}`,
        most_attempts: 1,
        after: place === 0 ? [] : [`k${place - 1}`],
      }));
      const runId = await begin(agent, { tasks: chain });
      const first = await claimTask(runner, { lease_seconds: 30 });
      if (how === 'fail') must(await tell(runner, 'fail', first, { code: 'no' }));
      if (how === 'cancel') must(await agent.post(`/v1/tasks/${first.task_id}/cancel`));
      if (how === 'lose') await clocked.advance(tenant, 31_000);
      const run = await readRun(agent, runId);
      expect(run).toMatchObject({ status: 'failed', steps_open: 0 });
      expect(states(run).slice(1)).toEqual(Array.from({ length: 39 }, () => 'canceled'));
      expect(must(await olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ differences: [] });
    },
  );

  test('may follow twenty others that are there, and two hundred may be added that follow different ones', async () => {
    const { agent } = await plane.tenant();
    const runId = await begin(agent, {
      agents: Array.from({ length: 2 }, (_, n) => ['crd_otherAgent', 'crd_agent'][n]),
    });
    const note = { kind: 'note', text: 'so it is' };
    const many = Array.from({ length: 25 }, () => note);
    const { step_ids = [] } = must(await agent.post(`/v1/runs/${runId}/steps`, { steps: many })).body;
    const all = { ...note, after: step_ids.slice(0, 20) };
    const each = step_ids.map((id) => ({ ...note, after: [id] }));
    must(await agent.post(`/v1/runs/${runId}/steps`, { steps: [all, ...each] }));
    const place = { run: { run_id: runId, after: step_ids.slice(0, 20) } };
    must(
      await agent.post('/v1/proposals', {
        capability: ADJUST,
        args: { invoice_id: 'INV-1', late_fee_cents: 5 },
        ...place,
      }),
    );
    const crowd = Array.from({ length: 50 }, () => ({ ...note, after: [step_ids[24]] }));
    must(await agent.post(`/v1/runs/${runId}/steps`, { steps: crowd }));
    expectProblem(await agent.post(`/v1/runs/${runId}/steps`, { steps: crowd }), 'run_full');
  });

  test('cannot follow a step of another run, or one that is not there', async () => {
    const { agent } = await plane.tenant();
    const other = await submit(agent, { tasks: [echo] });
    const [foreign] = other.step_ids ?? [];
    for (const after of [[foreign], ['nothing']]) {
      expectProblem(
        await agent.post('/v1/commands/submit', { command: 'x', tasks: [{ ...echo, after }] }),
        'step_not_found',
      );
    }
  });
});

describe('a task', () => {
  test('belongs to whoever claimed it; the same word again is the same answer, another one is refused', async () => {
    const { agent, otherRunner, runner } = await plane.tenant();
    await begin(agent, { tasks: [echo] });
    expectProblem(
      await tell(runner, 'complete', { task_id: 'stp_none', claim_id: 'tcl_none' }),
      'task_not_found',
    );
    const task = await claimTask(runner);
    expectProblem(await tell(runner, 'complete', { ...task, claim_id: 'tcl_none' }), 'claim_required');
    expectProblem(await tell(otherRunner, 'complete', task), 'claim_foreign');
    const body = { runner_id: 'another', claim_id: task.claim_id };
    expectProblem(await runner.post(`/v1/tasks/${task.task_id}/complete`, body), 'claim_foreign');
    await complete(runner, task, { result: { n: 1 } });
    expect(await complete(runner, task, { result: { n: 1 } })).toMatchObject({ status: 'succeeded' });
    expectProblem(await tell(runner, 'complete', task, { result: { n: 2 } }), 'confirm_differs');
    expectProblem(await tell(runner, 'fail', task, { code: 'late' }), 'confirm_differs');
    expectProblem(await tell(runner, 'renew', task), 'claim_expired');
  });

  test('is only handed to a credential that covers its handler', async () => {
    const { agent, runner } = await plane.tenant();
    await begin(agent, { tasks: [{ task: 'payroll' }] });
    expectProblem(
      await runner.post('/v1/tasks/claim', { runner_id: 'r', handlers: ['payroll'] }),
      'handler_not_permitted',
    );
    expect(await claimTasks(runner)).toEqual([]);
  });

  test('says how far it is, and learns with the next word that it was canceled', async () => {
    const { agent, runner } = await plane.tenant();
    const runId = await begin(agent, { tasks: [echo] });
    const task = await claimTask(runner);
    must(await tell(runner, 'renew', task, { progress: { percent: 40, message: 'reading' } }));
    must(await tell(runner, 'renew', task, { progress: { percent: 40, message: 'reading' } }));
    expect(await explain(agent, runId)).toContain('is at work on it (40 %, "reading")');
    must(await agent.post(`/v1/tasks/${task.task_id}/cancel`, { reason: 'not needed' }));
    expectProblem(await tell(runner, 'renew', task), 'task_canceled');
    expectProblem(await tell(runner, 'complete', task), 'task_canceled');
    const run = await readRun(agent, runId);
    expect(run).toMatchObject({ status: 'failed' });
    expect(run.entries?.filter(({ type }) => type === 'task.progressed')).toHaveLength(1);
    expectProblem(await agent.post(`/v1/tasks/${task.task_id}/finish`), 'not_found');
  });

  test('is canceled by the agent that began its run, and not by one that is named in it or a stranger', async () => {
    const { agent, otherAgent, runner } = await plane.tenant();
    for (const [agents, code] of [
      [[], 'task_not_found'],
      [['crd_otherAgent'], 'forbidden'],
    ] as const) {
      const { step_ids } = await submit(agent, { tasks: [echo], agents });
      const cancel = `/v1/tasks/${step_ids?.[0]}/cancel`;
      expectProblem(await otherAgent.post(cancel), code);
      await complete(runner, await claimTask(runner));
      expectProblem(await otherAgent.post(cancel), code);
      expectProblem(await agent.post(cancel), 'task_ended');
    }
  });

  test('that is given back costs no attempt; one that fails for now is tried again after its rest', async () => {
    const tenant = await clocked.tenantWithOwnRows();
    const { agent, runner } = tenant;
    const runId = await begin(agent, { tasks: [{ ...echo, most_attempts: 2 }] });
    for (let round = 0; round < 3; round += 1) {
      must(await tell(runner, 'return', await claimTask(runner), { reason: 'draining' }));
    }
    const fourth = await claimTask(runner);
    expect(fourth.attempt).toBe(4);
    const again = { code: 'busy', is_retryable: true, retry_after_ms: 5_000 };
    expect(must(await tell(runner, 'fail', fourth, again)).body.status).toBe('queued');
    await clocked.advance(tenant, 4_999);
    expect(await claimTasks(runner)).toEqual([]);
    await clocked.advance(tenant, 1);
    must(await tell(runner, 'fail', await claimTask(runner), again));
    expect(await readRun(agent, runId)).toMatchObject({ status: 'failed' });
    expect(states(await readRun(agent, runId))).toEqual(['dead_letter']);
  });

  test('adds what follows from it when it is completed, behind itself', async () => {
    const { agent, runner } = await plane.tenant();
    const runId = await begin(agent, { tasks: [echo] });
    const first = await claimTask(runner);
    const steps = [
      { kind: 'note', text: 'there is more' },
      { kind: 'task', task: 'collect', key: 'next' },
      { kind: 'task', task: 'echo', after: ['next'] },
    ];
    expect(await complete(runner, first, { steps })).toMatchObject({ step_ids: { length: 3 } });
    await complete(runner, await claimTask(runner));
    await complete(runner, await claimTask(runner));
    const run = await readRun(agent, runId);
    expect(run).toMatchObject({ status: 'succeeded', steps_total: 4 });
  });
});

describe('the clock', () => {
  test('takes a task from a worker that is lost, and ends a run that nobody ended', async () => {
    const tenant = await clocked.tenantWithOwnRows();
    const { agent, olivia, runner } = tenant;
    const runId = await begin(agent, { tasks: [{ ...echo, most_attempts: 2 }] });
    const driven = await begin(agent, { expires_in_seconds: 600 });
    const first = await claimTask(runner, { lease_seconds: 30 });
    await clocked.advance(tenant, 31_000);
    const second = await claimTask(runner, { lease_seconds: 30 });
    expect(second).toMatchObject({ task_id: first.task_id, attempt: 2 });
    expectProblem(await tell(runner, 'complete', first), 'claim_expired');
    await clocked.advance(tenant, 31_000);
    expect(await readRun(agent, runId)).toMatchObject({ status: 'failed' });
    expect(states(await readRun(agent, runId))).toEqual(['dead_letter']);
    must(await agent.post(`/v1/runs/${driven}/steps`, { steps: [{ kind: 'task', ...echo }] }));
    await clocked.advance(tenant, 600_000);
    expect(await readRun(agent, driven)).toMatchObject({ status: 'failed' });
    expect(states(await readRun(agent, driven))).toEqual(['canceled']);
    expect(must(await olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ differences: [] });
  });
});

describe('proposals and actions of a run', () => {
  test('end once, where they and their run are due at the same time', async () => {
    const tenant = await clocked.tenantWithOwnRows();
    const runId = await begin(tenant.agent, { expires_in_seconds: 600 });
    const place = { run: { run_id: runId }, expires_in_seconds: 600 };
    const proposalId = await requestAndRehearse(tenant, {}, place);
    await clocked.advance(tenant, 700_000);
    expect(await read(tenant.agent, proposalId)).toMatchObject({ status: 'expired' });
    const run = await readRun(tenant.agent, runId);
    expect(run).toMatchObject({ status: 'failed' });
    expect(states(run)).toEqual(['canceled']);
    const { entries = [] } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
    const ends = entries.filter(({ type }) => type === 'proposal.expired' || type === 'proposal.canceled');
    expect(ends).toHaveLength(1);
  });

  test('are steps of it, and end with what became of them', async () => {
    const tenant = await letAct(await plane.tenant());
    const { ada, agent, runner } = tenant;
    const runId = await begin(agent);
    const proposalId = await requestAndRehearse(tenant, {}, { run: { run_id: runId } });
    const actionId = await intend(agent, { ...notice(), run: { run_id: runId } });
    expect(stepsOf(await readRun(agent, runId))).toMatchObject([
      { kind: 'proposal', status: 'open', linked: proposalId },
      { kind: 'action', linked: actionId },
    ]);
    const text = await explain(agent, runId);
    expect(text).toContain('Step 1: it needs an approval of anyone who may approve');
    expectProblem(await agent.post(`/v1/runs/${runId}/finish`, { outcome: 'succeeded' }), 'run_not_idle');
    await approve(ada, proposalId);
    must(await report(runner, await claimOne(runner)));
    expect(states(await readRun(agent, runId))[0]).toBe('succeeded');
    expect(await explain(agent, runId)).toMatch(/The row was written, by the receipt sha256:/);
  });

  test('that were refused fail their step, and what follows it is not done', async () => {
    const tenant = await plane.tenant();
    const { ada, agent } = tenant;
    const runId = await begin(agent);
    const proposalId = await requestAndRehearse(tenant, {}, { run: { run_id: runId } });
    const [{ step_id } = { step_id: '' }] = stepsOf(await readRun(agent, runId));
    const steps = [{ kind: 'task', ...echo, after: [step_id] }];
    must(await agent.post(`/v1/runs/${runId}/steps`, { steps }));
    must(await ada.post(`/v1/proposals/${proposalId}/reject`, { reason: 'not this customer' }));
    expect(states(await readRun(agent, runId))).toEqual(['failed', 'canceled']);
  });

  test('belong to no run that is over or another agent has', async () => {
    const { agent, otherAgent } = await plane.tenant();
    const runId = await begin(agent);
    const place = (client: typeof agent) =>
      client.post('/v1/proposals', {
        capability: ADJUST,
        args: { invoice_id: 'INV-1', late_fee_cents: 5 },
        run: { run_id: runId },
      });
    expectProblem(await place(otherAgent), 'run_not_found');
    must(await agent.post(`/v1/runs/${runId}/cancel`, { reason: 'a mistake' }));
    expectProblem(await place(agent), 'run_ended');
  });

  test('that nobody has decided are withdrawn with the run; what was decided goes its way', async () => {
    const tenant = await plane.tenant();
    const { ada, agent, runner } = tenant;
    const runId = await begin(agent);
    const [open, decided] = [
      await requestAndRehearse(tenant, {}, { run: { run_id: runId } }),
      await requestAndRehearse(tenant, { invoice_id: 'INV-2' }, { run: { run_id: runId } }),
    ];
    await approve(ada, decided);
    must(await agent.post(`/v1/runs/${runId}/steps`, { steps: [{ kind: 'task', ...echo }] }));
    const task = await claimTask(runner);
    must(await agent.post(`/v1/runs/${runId}/cancel`, { reason: 'a mistake' }));
    must(await agent.post(`/v1/runs/${runId}/cancel`, { reason: 'a mistake' }));
    expectProblem(await tell(runner, 'renew', task), 'task_canceled');
    expect(await read(agent, open)).toMatchObject({ status: 'canceled' });
    must(await report(runner, await claimOne(runner)));
    const run = await readRun(agent, runId);
    expect(run).toMatchObject({ status: 'canceled' });
    expect(states(run)).toEqual(['canceled', 'succeeded', 'canceled']);
  });
});

test('a request that was retried is one run', async () => {
  const { agent } = await plane.tenant();
  const body = { command: 'review', tasks: [echo] };
  const options = { headers: { 'idempotency-key': 'k-1' } };
  const post = async (changes = {}) => agent.post('/v1/commands/submit', { ...body, ...changes }, options);
  const first = must(await post()).body;
  expect(must(await post()).body).toEqual(first);
  expectProblem(await post({ command: 'other' }), 'idempotency_key_reused');
});
