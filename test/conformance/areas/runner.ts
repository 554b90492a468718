import { strict as assert } from 'node:assert';
import { passes, reads, refuses } from '../checks.ts';
import { newProposalId } from '../documents.ts';
import {
  askForJob,
  connect,
  createKey,
  createRunnerToken,
  decide,
  follow,
  keyed,
  registration,
  startWork,
  submission,
  submit,
} from '../doing.ts';
import {
  claimAnswer,
  doctorAnswer,
  followed,
  listOf,
  runnerAnswer,
  runnerRow,
  submitAnswer,
} from '../reads.ts';
import { scenariosOf } from '../scenario.ts';

const HOUR_MS = 3_600_000;
const REGISTER = '/v1/runner/register';

export const runnerScenarios = scenariosOf(
  'runner',
  [
    'the doctor says that the token counts, to a request without any other header',
    '1.2, 2.2',
    async (stand) => {
      const { runner } = await createRunnerToken(stand);
      reads(doctorAnswer, await runner.get('/v1/writeback/runner/doctor'));
    },
  ],
  [
    'a runner registers as often as it likes, and old ones without what newer ones send',
    '2.2, 3.9',
    async (stand) => {
      const { runner } = await createRunnerToken(stand);
      const { contracts: _c, protocol_version: _p, ...old } = registration('runner_1', stand.source);
      passes(await keyed(runner, REGISTER, old));
      for (let turn = 0; turn < 2; turn += 1)
        passes(await keyed(runner, REGISTER, registration('runner_1', stand.source)));
      const scope = { project_id: stand.project, source_ids: [stand.source] };
      passes(await keyed(runner, REGISTER, registration('runner_1', stand.source, { scope })));
    },
  ],
  [
    'a runner says which contracts it serves',
    '3.9',
    async (stand) => {
      const { contract, runner, runnerId } = await startWork(stand);
      const body = registration(runnerId, stand.source, { contracts: [contract] });
      passes(await keyed(runner, REGISTER, body));
    },
  ],
  [
    'a runner is bound to its project and its sources',
    '1.3, 2.2',
    async (stand) => {
      const { runner } = await createRunnerToken(stand);
      refuses(await keyed(runner, REGISTER, registration('runner_1', 'src_other')), 403);
      const scope = { project_id: 'prj_other', source_ids: [stand.source] };
      refuses(await keyed(runner, REGISTER, registration('runner_1', stand.source, { scope })), 403);
      const claim = { source_id: 'src_other', runner_id: 'runner_1', limit: 1 };
      refuses(await keyed(runner, '/v1/writeback/jobs/claim', claim), 403);
    },
  ],
  [
    'a heartbeat needs no more than a name',
    '2.2',
    async (stand) => {
      const { runner, runnerId } = await startWork(stand);
      passes(await runner.post('/v1/runner/heartbeat', { runner_id: runnerId }));
      const full = { runner_id: runnerId, current_job_id: 'wbj_1', details: { any: ['thing'] } };
      passes(await runner.post('/v1/runner/heartbeat', full));
    },
  ],
  [
    'right after it has connected, a runner is listed online with when it was seen last',
    '2.3; 6.2 step 11',
    async (stand) => {
      const { runner, runnerId } = await startWork(stand);
      const second = `${runnerId}_second`;
      await connect(runner, second, stand.source);
      await connect(runner, second, stand.source);
      const { service } = await createKey(stand);
      const list = `/v1/control/projects/${stand.project}/runners`;
      const { items } = reads(listOf('runners', runnerRow), await service.get(`${list}?limit=100`));
      assert.deepEqual(
        items.map(({ runner_id }) => runner_id),
        [second, runnerId],
        'newest first, one row each',
      );
      for (const { last_seen_at, status } of items) {
        assert.equal(status, 'online');
        assert.ok(Date.now() - Date.parse(last_seen_at) < HOUR_MS);
      }
      for (const more of ['', '/doctor']) {
        const { runner: shown } = reads(runnerAnswer, await service.get(`${list}/${runnerId}${more}`));
        assert.equal(shown.runner_id, runnerId);
        refuses(await service.get(`${list}/runner_none${more}`), 404);
      }
    },
  ],
  [
    'runners are listed page by page',
    '1.6, 2.3',
    async (stand) => {
      const { runner, runnerId } = await startWork(stand);
      for (const name of ['b.c', 'a']) await connect(runner, `${runnerId}_${name}`, stand.source);
      const list = `/v1/control/projects/${stand.project}/runners?limit=1`;
      const found: string[] = [];
      for (let cursor = ''; found.length < 10; ) {
        const page = reads(listOf('runners', runnerRow), await stand.human.get(`${list}${cursor}`));
        found.push(...page.items.map(({ runner_id }) => runner_id));
        if (page.next === undefined) break;
        cursor = `&cursor=${encodeURIComponent(page.next)}`;
      }
      assert.deepEqual(found.toSorted(), [runnerId, `${runnerId}_a`, `${runnerId}_b.c`]);
      refuses(await stand.human.get(`${list}&cursor=nonsense`), 400);
    },
  ],
  [
    'a proposal is submitted, and again as often as the outbox sends it',
    '2.2, 3.10; 8 (5)',
    async (stand) => {
      const working = await startWork(stand);
      const proposalId = newProposalId();
      const body = submission(working, stand.source, proposalId);
      for (let turn = 0; turn < 2; turn += 1) {
        const answer = reads(submitAnswer, await keyed(working.runner, '/v1/runner/proposals', body));
        assert.deepEqual([answer.proposal_id, answer.status], [proposalId, 'pending_review']);
      }
    },
  ],
  [
    'another proposal under a known id is refused by the code that parks it',
    '1.4, 2.2',
    async (stand) => {
      const working = await startWork(stand);
      const proposalId = await submit(working, stand.source);
      const other = submission(working, stand.source, proposalId, 'INV-another');
      const { error } = refuses(await keyed(working.runner, '/v1/runner/proposals', other), 409);
      assert.equal(error, 'proposal_hash_mismatch');
    },
  ],
  [
    'a proposal is followed; while it is open, no two answers are the same',
    '2.2, 4.7',
    async (stand) => {
      const working = await startWork(stand);
      const proposalId = await submit(working, stand.source);
      const seen = new Set<string>();
      for (let turn = 0; turn < 3; turn += 1) {
        const answer = reads(followed, await follow(working, proposalId));
        assert.deepEqual([answer.status, answer.terminal], ['pending_review', false]);
        assert.deepEqual([answer.contract_digest, answer.source_id], [working.contract.digest, stand.source]);
        seen.add(answer.updated_at);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      assert.equal(seen.size, 3);
    },
  ],
  [
    'a rejection reaches the runner, and there is nothing to claim',
    '4.1; 6.2 step 19',
    async (stand) => {
      const working = await startWork(stand);
      const proposalId = await submit(working, stand.source);
      passes(await decide(stand, proposalId, 'reject'));
      const answer = reads(followed, await follow(working, proposalId));
      assert.deepEqual([answer.status, answer.terminal, answer.job], ['rejected', true, null]);
      assert.deepEqual(reads(claimAnswer, await askForJob(working, stand.source)).jobs, []);
    },
  ],
  [
    'a proposal in shadow mode never becomes a job',
    '3.10',
    async (stand) => {
      const working = await startWork(stand);
      const proposalId = newProposalId();
      const body = submission(working, stand.source, proposalId);
      const change_set = { ...Object(body.change_set), mode: 'shadow' };
      passes(await keyed(working.runner, '/v1/runner/proposals', { ...body, change_set }));
      passes(await decide(stand, proposalId, 'approve'));
      assert.deepEqual(reads(claimAnswer, await askForJob(working, stand.source)).jobs, []);
    },
  ],
);
