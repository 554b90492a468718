import { strict as assert } from 'node:assert';
import { passes, reads, refuses } from '../checks.ts';
import { newProposalId } from '../documents.ts';
import {
  createKey,
  createRunnerToken,
  pushActive,
  registration,
  startWork,
  submission,
  submit,
} from '../doing.ts';
import { listOf, projectRow, protocolAnswer, runnerRow, sessionOfService, writebackRow } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';

/** Longer than the five seconds after which an ordinary Node server hangs up (PROTOCOL 1.1). */
const IDLE_MS = 6_000;

export const transportScenarios = scenariosOf(
  'transport',
  [
    'anybody learns which protocol is spoken',
    '2.1; 6.2 step 1',
    async ({ nobody }) => {
      reads(protocolAnswer, await nobody.get('/v1/runner/protocol'));
    },
  ],
  [
    'anybody learns that the plane is there',
    '2.1',
    async ({ nobody }) => {
      passes(await nobody.get('/health'));
    },
  ],
  [
    'what a client says of the kind of its credential counts for nothing',
    '1.2',
    async (stand) => {
      const { service } = await createKey(stand);
      for (const kind of ['human', 'runner', 'none']) {
        const headers = { 'x-synapsor-credential-kind': kind };
        reads(sessionOfService, await service.get('/v1/control/sessions/self', { headers }));
      }
      const approve = '/v1/control/external-writebacks/proposals/wrp_none/approve';
      const asHuman = { headers: { 'x-synapsor-credential-kind': 'human' } };
      refuses(await service.post(approve, { reason: 'r', project_id: stand.project }, asHuman), 403);
    },
  ],
  [
    'whoever brings no credential, or one that is not known, is told so with 401',
    '1.3, 1.4',
    async ({ bearing, nobody }) => {
      for (const one of [nobody, bearing('syn_run_unknown', 'runner'), bearing('unknown', 'service')]) {
        refuses(await one.get('/v1/control/sessions/self'), 401);
        refuses(await one.get('/v1/writeback/runner/doctor'), 401);
        refuses(await one.post('/v1/writeback/jobs/claim', {}), 401);
      }
    },
  ],
  [
    'a runner token is refused on control routes, and others are on those of runners',
    '1.3',
    async (stand) => {
      const { project, source } = stand;
      const { runner } = await createRunnerToken(stand);
      const { service } = await createKey(stand);
      for (const path of [
        `/v1/control/status?project_id=${project}`,
        `/v1/control/projects/${project}/agent-contracts`,
        `/v1/control/projects/${project}/runners`,
        `/v1/control/api-keys?project_id=${project}`,
      ])
        refuses(await runner.get(path), 403);
      const claim = { source_id: source, runner_id: 'r', limit: 1 };
      for (const one of [service, stand.human]) {
        refuses(await one.get('/v1/writeback/runner/doctor'), 403);
        refuses(await one.post('/v1/writeback/jobs/claim', claim), 403);
      }
    },
  ],
  [
    'every error has the members that clients read, and nothing is answered with a bare 500',
    '1.4',
    async (stand) => {
      const { human, project } = stand;
      refuses(await human.get(`/v1/control/projects/${project}/agent-contracts/none`), 404);
      refuses(await human.get('/v1/control/nothing'), 404);
      refuses(await human.post('/v1/control/status', {}), 405);
      refuses(await human.get('/v1/control/projects/prj_of_somebody_else'), 403, 404);
      const { service } = await createKey(stand, ['project:read']);
      refuses(await service.get(`/v1/control/projects/${project}/agent-contracts`), 403);
    },
  ],
  [
    'what does not pass validation is 422, each fault with its path, code and message',
    '1.4',
    async (stand) => {
      const { service } = await createKey(stand);
      const path = `/v1/control/projects/${stand.project}/agent-contracts`;
      const { errors = [] } = refuses(await service.post(path, { contract: 7 }), 422);
      assert.ok(errors.length > 0);
      const { runner } = await createRunnerToken(stand);
      const bad = registration('runner_1', stand.source, { engines: ['oracle'] });
      const told = refuses(await runner.post('/v1/runner/register', bad), 422);
      assert.ok((told.errors ?? []).some((fault) => fault.path.includes('engines')));
    },
  ],
  [
    'trouble with what a runner sends for good is 409 or 422, by which its outbox parks it',
    '1.4',
    async (stand) => {
      const working = await startWork(stand);
      const strange = { ...working, contract: { ...working.contract, digest: `sha256:${'0'.repeat(64)}` } };
      const body = submission(strange, stand.source, newProposalId());
      refuses(await working.runner.post('/v1/runner/proposals', body), 409, 422);
    },
  ],
  [
    'lists go page by page to their end, under a key of their own',
    '1.6',
    async (stand) => {
      const working = await startWork(stand);
      const ids = [await submit(working, stand.source), await submit(working, stand.source)];
      const { service } = await createKey(stand);
      const { project, source } = stand;
      const list = `/v1/control/external-writebacks/proposals?project_id=${project}&source_id=${source}`;
      const rows = listOf('proposals', writebackRow);
      const found: unknown[] = [];
      for (let cursor = ''; found.length < 10; ) {
        const page = reads(rows, await service.get(`${list}&limit=1${cursor}`));
        found.push(...page.items.map(({ proposal_id }) => proposal_id));
        if (page.next === undefined) break;
        cursor = `&cursor=${encodeURIComponent(page.next)}`;
      }
      assert.deepEqual(found.toSorted(), ids.toSorted(), 'each once, and then the end');
    },
  ],
  [
    'a page takes up to 500 items, and what is newest stands in the first 100',
    '1.6',
    async (stand) => {
      const working = await startWork(stand);
      const newest = await submit(working, stand.source);
      const query = `project_id=${stand.project}&source_id=${stand.source}&limit`;
      const list = `/v1/control/external-writebacks/proposals?${query}`;
      const { items } = reads(listOf('proposals', writebackRow), await stand.human.get(`${list}=100`));
      assert.equal(items[0]?.proposal_id, newest);
      for (const [path, key, row] of [
        [list, 'proposals', writebackRow],
        [`/v1/control/projects?limit`, 'projects', projectRow],
        [`/v1/control/projects/${stand.project}/runners?limit`, 'runners', runnerRow],
      ] as const)
        reads(listOf(key, row), await stand.human.get(`${path}=500`));
    },
  ],
  [
    'a key that comes again with another body is no conflict of its own where the call has a natural key',
    '1.5',
    async (stand) => {
      await pushActive(stand);
      const { runner } = await createRunnerToken(stand);
      const twice = { key: 'one-key-for-ever' };
      for (const version of ['1.7.10', '1.7.11']) {
        const body = registration('runner_1', stand.source, { runner_version: version });
        passes(await runner.post('/v1/runner/register', body, twice));
      }
    },
  ],
  [
    'a connection that was idle for six seconds still takes a request',
    '1.1; 8 (13)',
    async ({ nobody }) => {
      const first = passes(await nobody.get('/health'));
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      const second = passes(await nobody.get('/health'));
      assert.ok(second.isReused || first.headers.connection === 'close', 'it was kept, or said to end');
    },
  ],
);
