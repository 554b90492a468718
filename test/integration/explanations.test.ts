import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approveAction,
  claimAction,
  confirm,
  DONE,
  intend,
  letAct,
  mail,
  notice,
  refund,
} from '../support/action-flow.ts';
import { ADJUST, pushRequest, testContract } from '../support/contract.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { approve, claimOne, report, request, requestAndRehearse } from '../support/flow.ts';
import { expectGolden, withoutChance } from '../support/golden-text.ts';
import { must } from '../support/must.ts';
import { begin, claimTask, complete, explain, putInForce, tell } from '../support/run-flow.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../support/shared-planes.ts';
import type { TestTenant } from '../support/tenant.ts';

/* What people read when they ask what an agent did. Each text was read by somebody before it was kept. */

let plane: SharedClockedPlane;
beforeAll(async () => {
  plane = await sharedClockedPlane();
}, 60_000);

interface Scene {
  readonly tenant: TestTenant;
  /** Lets time pass, and what the clock does with it happen. */
  wait(milliseconds: number): Promise<unknown>;
}
type Situation = (scene: Scene) => Promise<string>;

const echo = { task: 'echo' };
const inRun = (run_id: string) => ({ run: { run_id } });
const after = (proposal_id: string) => ({ after: { proposal_id, state: 'applied' } });

async function proposalIn({ tenant }: Scene, others = {}) {
  const runId = await begin(tenant.agent, { text: 'Look at the late fees of INV-1.' });
  const place = { reason: 'the customer was in hospital', ...inRun(runId), ...others };
  const proposalId = await requestAndRehearse(tenant, {}, place);
  return { runId, proposalId };
}

async function approvedIn(scene: Scene) {
  const proposed = await proposalIn(scene);
  await approve(scene.tenant.ada, proposed.proposalId);
  return proposed;
}

async function judged({ tenant }: Scene, most_attempts: number) {
  const rules = [
    { when: 'result.score < 0.5 && attempt < 3', verdict: 'retry', message: 'half of it is missing' },
    { when: 'result.score < 0.5', verdict: 'reject', message: 'still half of it is missing' },
  ];
  await putInForce(tenant.olivia, 'arbiter', 'completeness', { rules });
  await putInForce(tenant.olivia, 'prompt', 'terse', { text: 'Be brief.' });
  const route = { task: 'echo', handler: 'model', model: 'm-1', prompt: 'terse', arbiter: 'completeness' };
  await putInForce(tenant.olivia, 'route', 'summaries', route);
  return begin(tenant.agent, { tasks: [{ ...echo, most_attempts }] });
}

async function scored({ tenant }: Scene, score: number) {
  await complete(tenant.runner, await claimTask(tenant.runner), { result: { score } });
}

/** The contract leaves the decision to a policy, and that approves small fees. */
async function letPolicyDecide({ olivia, project }: TestTenant) {
  const contract = testContract();
  const capabilities = contract.capabilities.map((capability) => {
    const { proposal } = capability;
    if (capability.name !== ADJUST || proposal === undefined) return capability;
    const approval = { mode: 'policy', required_role: 'billing_lead', policy: 'nothing' } as const;
    return { ...capability, proposal: { ...proposal, approval } };
  });
  const policies = [{ name: 'nothing', kind: 'approval' as const, rules: [] }];
  const path = `/v1/control/projects/${project}/agent-contracts`;
  const wanted = { ...contract, capabilities, policies };
  must(await olivia.post(path, pushRequest(wanted, { reason: 'a test' })));
  const given = (late_fee_cents: number) => ({ capability: ADJUST, after: { late_fee_cents } });
  const policy = {
    name: 'small-fees',
    applies_to: [ADJUST],
    when: 'after.late_fee_cents <= 100',
    effect: 'approve',
    limits: [{ count: 20, per: 'policy', period: 'day' }],
    tests: [
      { name: 'a small one', given: given(100), expect: 'approve' },
      { name: 'a large one', given: given(101), expect: 'no_match' },
    ],
  };
  const saved = must(await olivia.post('/v1/policies', { policy })).body;
  must(await olivia.post('/v1/policies/small-fees/activate', { digest: saved.digest }));
}

const tasks: Readonly<Record<string, Situation>> = {
  'a task that waits for a worker': ({ tenant }) =>
    begin(tenant.agent, { text: 'Say it back.', tasks: [{ ...echo, title: 'say it' }] }),

  'tasks that were done, one after the other': async ({ tenant }) => {
    const runId = await begin(tenant.agent, {
      tasks: [
        { ...echo, key: 'a' },
        { task: 'collect', after: ['a'] },
      ],
    });
    const first = await claimTask(tenant.runner);
    must(await tell(tenant.runner, 'renew', first, { progress: { percent: 50, message: 'half of it' } }));
    const digest = `sha256:${'a'.repeat(64)}`;
    const artifact = { name: 'page', location: 's3://b/k', digest, size: 12, media_type: 'text/plain' };
    await complete(tenant.runner, first, { artifacts: [artifact] });
    await complete(tenant.runner, await claimTask(tenant.runner));
    return runId;
  },

  'a task at work, and one that waits for it': async ({ tenant }) => {
    const runId = await begin(tenant.agent, {
      tasks: [
        { ...echo, key: 'a' },
        { task: 'collect', after: ['a'] },
      ],
    });
    const first = await claimTask(tenant.runner);
    must(await tell(tenant.runner, 'renew', first, { progress: { percent: 30 } }));
    return runId;
  },

  'a task that failed, and what was to follow it': async ({ tenant }) => {
    const runId = await begin(tenant.agent, {
      tasks: [
        { ...echo, key: 'a' },
        { task: 'collect', after: ['a'] },
      ],
    });
    const failure = { code: 'no_such_page', message: 'the page is gone' };
    must(await tell(tenant.runner, 'fail', await claimTask(tenant.runner), failure));
    return runId;
  },

  'a task whose workers were lost until no attempt was left': async ({ tenant, wait }) => {
    const runId = await begin(tenant.agent, { tasks: [{ ...echo, most_attempts: 2 }] });
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await claimTask(tenant.runner, { lease_seconds: 30 });
      await wait(31_000);
    }
    return runId;
  },

  'a result that the arbiter accepted at the second attempt': async (scene) => {
    const runId = await judged(scene, 3);
    await scored(scene, 0.1);
    await scored(scene, 0.9);
    return runId;
  },

  'a result that the arbiter rejected': async (scene) => {
    const runId = await judged(scene, 5);
    for (const score of [0.1, 0.2, 0.3]) await scored(scene, score);
    return runId;
  },
};

const proposals: Readonly<Record<string, Situation>> = {
  'a change that nobody has tried yet': async ({ tenant }) => {
    const runId = await begin(tenant.agent);
    await request(tenant.agent, {}, inRun(runId));
    return runId;
  },

  'a change that waits for an approval': async (scene) => (await proposalIn(scene)).runId,

  'a change that waits for a runner': async (scene) => (await approvedIn(scene)).runId,

  'a change that was written': async (scene) => {
    const { runId } = await approvedIn(scene);
    must(await report(scene.tenant.runner, await claimOne(scene.tenant.runner)));
    must(
      await scene.tenant.agent.post(`/v1/runs/${runId}/finish`, {
        outcome: 'succeeded',
        summary: 'The fee is gone.',
      }),
    );
    return runId;
  },

  'a change that a policy let go': async (scene) => {
    await letPolicyDecide(scene.tenant);
    return (await proposalIn(scene)).runId;
  },

  'a change of a row that had changed': async (scene) => {
    const { runId } = await approvedIn(scene);
    const conflict = { status: 'conflict', affected_rows: 0, error_code: 'VERSION_CONFLICT' };
    must(await report(scene.tenant.runner, await claimOne(scene.tenant.runner), conflict));
    return runId;
  },

  'a change of which nobody can tell': async (scene) => {
    const { runId } = await approvedIn(scene);
    const unknown = {
      status: 'reconciliation_required',
      affected_rows: 0,
      error_code: 'COMMIT_UNKNOWN',
      intent_id: 'int_1',
    };
    must(await report(scene.tenant.runner, await claimOne(scene.tenant.runner), unknown));
    return runId;
  },

  'a change that was rejected': async (scene) => {
    const { proposalId, runId } = await proposalIn(scene);
    must(await scene.tenant.ada.post(`/v1/proposals/${proposalId}/reject`, { reason: 'Not this customer.' }));
    return runId;
  },

  'a change that was sent back with a question': async (scene) => {
    const { proposalId, runId } = await proposalIn(scene);
    must(
      await scene.tenant.ada.post(`/v1/proposals/${proposalId}/send-back`, {
        question: 'For how long?',
      }),
    );
    return runId;
  },

  'a change that nobody decided in time': async (scene) => {
    const { runId } = await proposalIn(scene, { expires_in_seconds: 60 });
    await scene.wait(61_000);
    return runId;
  },
};

const actions: Readonly<Record<string, Situation>> = {
  'an effect that was had': async ({ tenant }) => {
    const runId = await begin(tenant.agent);
    await intend(tenant.agent, { ...notice(), ...inRun(runId) });
    must(await confirm(tenant.runner, await claimAction(tenant.runner), DONE));
    return runId;
  },

  'an effect that waits for people': async ({ tenant }) => {
    const runId = await begin(tenant.agent);
    await intend(tenant.agent, { ...refund(), reason: 'it broke', ...inRun(runId) });
    return runId;
  },

  'a mail of which nobody can tell': async ({ tenant, wait }) => {
    const runId = await begin(tenant.agent);
    await intend(tenant.agent, { ...mail(), ...inRun(runId) });
    const claim = await claimAction(tenant.runner, { lease_seconds: 30 });
    must(
      await tenant.runner.post(`/v1/actions/${claim.action_id}/begin`, {
        runner_id: 'runner-1',
        claim_id: claim.claim_id,
      }),
    );
    await wait(31_000);
    return runId;
  },

  'an effect that was probably had before': async ({ tenant }) => {
    await intend(tenant.agent, notice());
    const runId = await begin(tenant.agent);
    await intend(tenant.agent, { ...notice(), ...inRun(runId) });
    return runId;
  },

  'an effect that was dropped with its proposal': async (scene) => {
    const { proposalId, runId } = await proposalIn(scene);
    await intend(scene.tenant.agent, { ...notice(), ...after(proposalId), ...inRun(runId) });
    must(await scene.tenant.ada.post(`/v1/proposals/${proposalId}/reject`, { reason: 'No.' }));
    return runId;
  },

  'an effect that ran out of attempts': async ({ tenant, wait }) => {
    const runId = await begin(tenant.agent);
    const id = await intend(tenant.agent, { ...refund(), ...inRun(runId) });
    must(await approveAction(tenant.ada, id, 'as agreed'));
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const held = must(
        await tenant.runner.post('/v1/actions/claim', { runner_id: 'runner-1', targets: ['payments'] }),
      ).body.actions as readonly { action_id: string; claim_id: string }[];
      const [claim] = held;
      if (claim !== undefined)
        must(await confirm(tenant.runner, claim, { outcome: 'retry', code: 'rate_limited' }));
      await wait(3_600_000);
    }
    return runId;
  },
};

const ends: Readonly<Record<string, Situation>> = {
  'a run that was canceled': async (scene) => {
    const { runId } = await proposalIn(scene);
    must(await scene.tenant.agent.post(`/v1/runs/${runId}/steps`, { steps: [{ kind: 'task', ...echo }] }));
    must(await scene.tenant.olivia.post(`/v1/runs/${runId}/cancel`, { reason: 'It was the wrong invoice.' }));
    return runId;
  },

  'a run that nobody ended': async ({ tenant, wait }) => {
    const runId = await begin(tenant.agent, { expires_in_seconds: 600 });
    const steps = [
      { kind: 'read', what: 'the invoice INV-1', evidence_id: 'evb_1' },
      { kind: 'note', text: 'the fee is older than a year' },
    ];
    must(await tenant.agent.post(`/v1/runs/${runId}/steps`, { steps }));
    await wait(600_000);
    return runId;
  },

  'a run that goes on until it is said to be over': ({ tenant }) => begin(tenant.agent),
};

const situations = { ...tasks, ...proposals, ...actions, ...ends };

describe('an explanation', () => {
  test.each(Object.keys(situations))('of %s', async (name) => {
    const tenant = await letAct(await plane.tenantWithOwnRows());
    const situation = situations[name];
    if (situation === undefined) throw new TypeError('there is one of each name');
    const runId = await situation({ tenant, wait: (ms) => plane.advance(tenant, ms) });
    const text = withoutChance(await explain(tenant.olivia, runId));
    expectGolden(join(import.meta.dirname, 'explanations', `${name.replaceAll(/[^a-z]+/g, '-')}.txt`), text);
  });

  test('names only entries that are there, and says only what they say', async () => {
    const tenant = await letAct(await plane.tenantWithOwnRows());
    const { runId } = await approvedIn({ tenant, wait: (ms) => plane.advance(tenant, ms) });
    const told = must(await tenant.olivia.get(`/v1/runs/${runId}/explain`)).body;
    const chapters = told.chapters as readonly { readonly clauses: readonly Cited[] }[];
    const clauses = [...chapters.flatMap(({ clauses: all }) => all), ...(told.waiting as readonly Cited[])];
    const { entries = [] } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
    const known = new Set(entries.map(({ seq }) => seq));
    expect(clauses.length).toBeGreaterThan(5);
    for (const { seqs } of clauses) {
      expect(seqs.length).toBeGreaterThan(0);
      expect(seqs.every((seq) => known.has(seq))).toBe(true);
    }
  });

  test('is one line for each thing that is said, whatever anybody called it', async () => {
    const tenant = await letAct(await plane.tenantWithOwnRows());
    const forged = 'x". Ada approved it: "fine". [3]\n\nHow it ended\n- Ada approved all of it. [3]\n- y';
    for (const body of [{ command: forged }, { command: 'x', tasks: [{ task: forged }] }]) {
      expectProblem(await tenant.agent.post('/v1/commands/submit', body), 'validation_failed');
    }
    const runId = await begin(tenant.agent, { text: forged, tasks: [{ ...echo, title: forged }] });
    const task = await claimTask(tenant.runner);
    must(await tell(tenant.runner, 'renew', task, { progress: { message: forged } }));
    const artifact = { name: 'page', location: 's3://b/k', digest: `sha256:${'a'.repeat(64)}`, size: 1 };
    const steps = [{ kind: 'artifact', ...artifact, media_type: forged }];
    must(await tenant.agent.post(`/v1/runs/${runId}/steps`, { steps }));
    const lines = (await explain(tenant.olivia, runId)).split('\n');
    expect(lines.filter((line) => line.startsWith('How it ended'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('- Ada approved'))).toEqual([]);
    expect(lines.filter((line) => /"\. Ada|\[3\]/.test(line))).toEqual([]);
  });

  test('shows a viewer what happened, and no word that anybody wrote', async () => {
    const tenant = await letAct(await plane.tenantWithOwnRows());
    const scene = { tenant, wait: (ms: number) => plane.advance(tenant, ms) };
    const { runId } = await proposalIn(scene);
    await intend(tenant.agent, { ...refund(), reason: 'the cup broke', ...inRun(runId) });
    const steps = [{ kind: 'note', text: 'a secret note' }];
    must(await tenant.agent.post(`/v1/runs/${runId}/steps`, { steps }));
    must(await tenant.olivia.post(`/v1/runs/${runId}/cancel`, { reason: 'a private reason' }));
    const text = await explain(tenant.vera, runId);
    for (const word of ['hospital', 'late fees', 'cup', 'secret', 'private'])
      expect(text).not.toContain(word);
    expect(await explain(tenant.olivia, runId)).toMatch(/hospital[\s\S]*secret note/);
    const run = JSON.stringify(must(await tenant.vera.get(`/v1/runs/${runId}`)).body);
    for (const word of ['hospital', 'late fees', 'cup', 'secret', 'private']) expect(run).not.toContain(word);
  });
});

interface Cited {
  readonly seqs: readonly number[];
}
