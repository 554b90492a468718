import { beforeAll, describe, expect, test } from 'vitest';
import { SOURCE } from '../../support/change-set.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { must } from '../../support/must.ts';
import { begin, claimTask, complete, explain, putInForce, readRun } from '../../support/run-flow.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';
import type { TestTenant } from '../../support/tenant.ts';

let plane: SharedPlane;
beforeAll(async () => {
  plane = await sharedPlane();
}, 60_000);

const echo = { task: 'echo' };

describe('the registry', () => {
  const route = (changes: object) => ({ task: 'echo', ...changes });

  async function next(tenant: TestTenant) {
    await begin(tenant.agent, { tasks: [echo] });
    return claimTask(tenant.runner);
  }

  test('says who does a task and with what; a change is for the next one', async () => {
    const tenant = await plane.tenant();
    const { agent, olivia, runner } = tenant;
    await putInForce(olivia, 'prompt', 'terse', { text: 'Be brief.' });
    await putInForce(olivia, 'skill', 'grep', { description: 'finds', text: 'Use grep.' });
    await putInForce(
      olivia,
      'route',
      'all-echoes',
      route({ handler: 'model', model: 'm-1', prompt: 'terse', skills: ['grep'] }),
    );
    const first = await next(tenant);
    expect(first).toMatchObject({
      plan: { handler: 'model', model: 'm-1', route: { name: 'all-echoes', version: 1 } },
      documents: { prompt: 'Be brief.', skills: [{ name: 'grep', text: 'Use grep.' }] },
    });
    await begin(agent, { tasks: [echo] });
    await putInForce(olivia, 'route', 'all-echoes', route({ handler: 'collect', model: 'm-2' }));
    const planned = await claimTask(runner);
    expect(planned.plan).toMatchObject({ model: 'm-1', route: { version: 1 } });
    expect((await next(tenant)).plan).toMatchObject({ handler: 'collect', model: 'm-2', prompt: null });
  });

  test('tells a worker with each claim how far it has come, and what it holds', async () => {
    const { olivia, runner } = await plane.tenant();
    const mark = async () =>
      must(await runner.post('/v1/tasks/claim', { runner_id: 'r', handlers: ['echo'] })).body.control as {
        revision: number;
        digest: string;
      };
    const before = await mark();
    await putInForce(olivia, 'prompt', 'terse', { text: 'Be brief.' });
    const after = await mark();
    expect(after.revision).toBe(before.revision + 1);
    const snapshot = must(await runner.get('/v1/control/snapshot')).body;
    expect(snapshot).toMatchObject({
      ...after,
      pieces: [{ kind: 'prompt', name: 'terse', version: 1, document: { text: 'Be brief.' } }],
    });
    expect(after.digest).not.toBe(before.digest);
  });

  test('is shown to workers, and to no runner that has no handler', async () => {
    const { bearing, olivia, project, service } = await plane.tenant();
    await putInForce(olivia, 'prompt', 'terse', { text: 'Be brief.' });
    const runnerWith = async (handlers: readonly string[]) => {
      const wanted = { name: 'one more', source_ids: [SOURCE], ...(handlers.length > 0 ? { handlers } : {}) };
      const issued = must(await olivia.post(`/v1/control/projects/${project}/runner-tokens`, wanted));
      return bearing(String(issued.body.runner_token));
    };
    const writer = await runnerWith([]);
    const refused = await writer.get('/v1/control/snapshot');
    expectProblem(refused, 'handler_not_permitted');
    expect(refused.text).not.toContain('brief');
    const claim = { runner_id: 'r', handlers: ['echo'] };
    expectProblem(await writer.post('/v1/tasks/claim', claim), 'handler_not_permitted');
    for (const who of [await runnerWith(['echo']), service, olivia]) {
      expect(must(await who.get('/v1/control/snapshot')).body.pieces).toHaveLength(1);
    }
  });

  test('ends a held claim of whoever waits when it changes, and one that comes with an old revision', async () => {
    const { olivia, runner } = await plane.tenant();
    const claim = async (changes = {}) =>
      must(
        await runner.post('/v1/tasks/claim', {
          runner_id: 'r',
          handlers: ['echo'],
          wait_seconds: 20,
          ...changes,
        }),
      ).body;
    const waiting = claim();
    // The poll is held by the time that the first answer to another one is there.
    await claim({ wait_seconds: 0 });
    await putInForce(olivia, 'prompt', 'terse', { text: 'Be brief.' });
    const told = await waiting;
    expect(told).toMatchObject({ tasks: [], control: { revision: 2 } });
    expect(await claim({ control_revision: 1 })).toMatchObject({ tasks: [], control: told.control });
  });

  test('is said to be taken by the worker itself, and by no other token', async () => {
    const { olivia, otherRunner, runner } = await plane.tenant();
    const registration = {
      schema_version: 'synapsor.runner-registration.v1',
      runner_id: 'worker-1',
      runner_version: '1.0.0',
      engines: [],
      capabilities: ['task:claim'],
      scope: { project_id: 'token_scope', source_ids: [] },
      registered_at: '2026-01-01T00:00:00Z',
    };
    must(await runner.post('/v1/runner/register', registration));
    const beat = (client: typeof runner, more: object) =>
      client.post('/v1/runner/heartbeat', { runner_id: 'worker-1', ...more });
    const { digest } = must(await runner.get('/v1/control/snapshot')).body;
    must(await beat(runner, { control_digest: digest }));
    expectProblem(await beat(otherRunner, { status: 'draining' }), 'runner_taken');
    expectProblem(await otherRunner.post('/v1/runner/register', registration), 'runner_taken');
    expectProblem(await beat(runner, { control_digest: 'sha256:bogus' }), 'validation_failed');
    const { runners } = must(await olivia.get('/v1/runners')).body;
    expect(runners).toMatchObject([{ runner_id: 'worker-1', control_digest: digest, status: 'online' }]);
  });

  test('lets an arbiter turn what a task came to into a failure, and a run with it', async () => {
    const tenant = await plane.tenant();
    const { agent, olivia, runner } = tenant;
    const rules = [
      { when: 'attempt < 2 && result.score < 0.5', verdict: 'retry', message: 'once more' },
      { when: 'result.score < 0.5', verdict: 'reject', message: 'too poor' },
    ];
    await putInForce(olivia, 'arbiter', 'quality', { rules });
    await putInForce(olivia, 'route', 'judged', route({ arbiter: 'quality' }));
    const runOf = async () => begin(agent, { tasks: [echo] });
    const good = await runOf();
    expect(await complete(runner, await claimTask(runner), { result: { score: 0.9 } })).toMatchObject({
      status: 'succeeded',
      verdict: { verdict: 'accept' },
    });
    expect(await readRun(agent, good)).toMatchObject({ status: 'succeeded' });
    const poor = await runOf();
    expect(await complete(runner, await claimTask(runner), { result: { score: 0.1 } })).toMatchObject({
      status: 'queued',
      verdict: { verdict: 'retry', message: 'once more' },
    });
    await complete(runner, await claimTask(runner), { result: { score: 0.2 } });
    expect(await readRun(agent, poor)).toMatchObject({ status: 'failed' });
    const mute = await runOf();
    await complete(runner, await claimTask(runner), { result: {} });
    expect(await explain(agent, mute)).toContain(
      'could not be evaluated: it reads a value that is not there',
    );
  });

  test('keeps its versions, can go back to one, and logs every change with those of contracts', async () => {
    const { adam, olivia, otto, service, vera } = await plane.tenant();
    await putInForce(olivia, 'prompt', 'p', { text: 'one' });
    const second = must(
      await otto.post('/v1/control/registry', { kind: 'prompt', name: 'p', document: { text: 'two' } }),
    ).body;
    expect(second).toMatchObject({ version: 2, status: 'draft' });
    const activate = (digest: unknown, client = adam) =>
      client.post('/v1/control/registry/prompt/p/activate', { digest, reason: 'better' });
    expectProblem(await activate(second.digest, otto), 'forbidden');
    expectProblem(await activate(second.digest, service), 'forbidden');
    must(await activate(second.digest));
    const shown = must(await olivia.get('/v1/control/registry/prompt/p')).body;
    expect(shown).toMatchObject({
      active_version: 2,
      versions: [
        { version: 2, document: { text: 'two' } },
        { version: 1, document: { text: 'one' } },
      ],
    });
    const [, first] = shown.versions as readonly { readonly digest: string }[];
    must(await activate(first?.digest));
    const changes = must(await service.get('/v1/control/changes?limit=3')).body;
    expect(changes.changes).toMatchObject([
      { type: 'control.activated', subject: 'control/prompt/p', reason: 'better' },
      { type: 'control.activated' },
      { type: 'control.activated' },
    ]);
    const toViewers = must(await vera.get('/v1/control/changes?limit=1')).body;
    expect(JSON.stringify(toViewers)).not.toContain('better');
    const all = must(await service.get(`/v1/control/changes?cursor=${changes.next_cursor}`)).body;
    expect(all.changes).toMatchObject([{ type: 'contract.activated' }]);
  });

  test('takes no route that names what is not in force, and lets nothing go that one names', async () => {
    const { olivia } = await plane.tenant();
    const saved = must(
      await olivia.post('/v1/control/registry', {
        kind: 'route',
        name: 'r',
        document: route({ prompt: 'p' }),
      }),
    ).body;
    const activate = () => olivia.post('/v1/control/registry/route/r/activate', { digest: saved.digest });
    expectProblem(await activate(), 'control_not_in_force');
    await putInForce(olivia, 'prompt', 'p', { text: 'one' });
    must(await activate());
    expectProblem(await olivia.post('/v1/control/registry/prompt/p/retire'), 'control_in_use');
    must(await olivia.post('/v1/control/registry/route/r/retire', { reason: 'over' }));
    must(await olivia.post('/v1/control/registry/prompt/p/retire'));
    expect(must(await olivia.get('/v1/control/snapshot')).body.pieces).toEqual([]);
    expect(must(await olivia.get('/v1/control/registry/prompt/p')).body.status).toBe('retired');
  });

  test.each([
    [
      'an arbiter that cannot be compiled',
      'arbiter',
      { rules: [{ when: 'result.', verdict: 'reject', message: 'x' }] },
      'control_invalid',
    ],
    [
      'an arbiter that looks at what is not there',
      'arbiter',
      { rules: [{ when: 'row.x == 1', verdict: 'reject', message: 'x' }] },
      'control_invalid',
    ],
    ['a field that is not known', 'prompt', { text: 'x', temperature: 1 }, 'unknown_field'],
    ['a kind that is not known', 'model', { text: 'x' }, 'validation_failed'],
  ])('refuses %s', async (_name, kind, document, code) => {
    const { olivia } = await plane.tenant();
    expectProblem(
      await olivia.post('/v1/control/registry', { kind, name: 'p', document }),
      code as 'control_invalid',
    );
  });
});
