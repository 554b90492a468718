import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { must } from '../support/must.ts';
import type { SharedPlane } from '../support/shared-planes.ts';
import type { Client } from '../support/tenant.ts';
import { useCli } from '../support/use-cli.ts';

/* As `cli-and-plane.test.ts`, for what steers agents, and for what they and the workers are at. */

let plane: SharedPlane;
const { at, file, secretIn, user } = useCli((started) => {
  plane = started;
});

interface Held {
  readonly task_id: string;
  readonly claim_id: string;
  readonly task: string;
}

/** What a worker for one handler does: it waits for a task, and completes it. */
async function work(runner: Client, handler: string, result: object): Promise<Held> {
  const claim = { runner_id: 'worker-1', handlers: [handler], wait_seconds: 20 };
  const [task] = must(await runner.post('/v1/tasks/claim', claim)).body.tasks as readonly Held[];
  if (task === undefined) throw new TypeError(`there was no task for ${handler}`);
  const { claim_id, task_id } = task;
  must(await runner.post(`/v1/tasks/${task_id}/complete`, { runner_id: 'worker-1', claim_id, result }));
  return task;
}

const judge = { task: 'judge', handler: 'echo', command: 'review' };

test('a run is submitted, routed, worked at, watched and explained', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const change = ['--reason', 'agreed'];
  expect(await olivia.does('registry', 'save', 'route', 'judging', await file('r.json', judge))).toContain(
    'saved as version 1; `registry activate`',
  );
  expect(await olivia.ends(10, 'registry', 'diff', 'route', 'judging')).toContain('+   "handler": "echo",');
  expect(await olivia.does('registry', 'activate', 'route', 'judging', ...change)).toContain(
    'route judging, version 1, is in force',
  );
  const tasks = [
    { task: 'collect', key: 'all', title: 'the invoices' },
    { task: 'judge', after: ['all'] },
  ];
  const begin = [
    'runs',
    'submit',
    'review',
    '--text',
    'those of March',
    '--tasks',
    await file('t.json', tasks),
  ];
  const { run_id } = await olivia.json(...begin, '--input', await file('i.json', { month: 3 }));
  const id = String(run_id);
  const shown = await olivia.does('runs', 'show', id);
  expect(shown).toMatch(/^1 +task +collect: the invoices +queued +a worker for collect$/m);
  expect(shown).toMatch(/^2 +task +judge +waiting +step 1$/m);
  expect(shown).toMatch(/^task 2 +stp_\w{26}$/m);
  let seen = '';
  const watched = olivia.run(['runs', 'watch', id, '--json'], '', (text) => {
    seen += text;
  });
  const told = (line: string) =>
    eventually(
      async () => seen,
      (text) => text.includes(`${line}\n`),
    );
  await told('step 1: task collect: the invoices, queued: a worker for collect');
  await work(tenant.runner, 'collect', { found: 2 });
  await told('step 2: waiting -> queued: a worker for echo');
  await work(tenant.runner, 'echo', { odd: 0 });
  const { code, out } = await watched;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ run_id: id, status: 'succeeded' });
  expect(seen).toMatch(/^step 2: .* -> succeeded$/m);
  const story = await olivia.does('runs', 'explain', id);
  expect(story).toMatch(/^The run has succeeded after 2 steps\.$/m);
  expect(story).toMatch(/asked for review: "those of March"\. \[\d+\]/);
  expect(story).toContain('by the route judging');
  expect(await olivia.does('runs', 'list', '--state', 'succeeded')).toContain(id);
  expect(await olivia.does('runs', 'list', '--state', 'open')).toBe('nothing\n');
});

test('another version of a route sends the next task elsewhere, and an older one back again', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const saved = (document: object) =>
    file('route.json', document).then((path) => olivia.does('registry', 'save', 'route', 'judging', path));
  const activate = ['registry', 'activate', 'route', 'judging'];
  const worksFor = async (handler: string) => {
    const { run_id } = await olivia.json('runs', 'submit', 'review', '--task', 'judge');
    expect((await work(tenant.runner, handler, {})).task).toBe('judge');
    expect(await olivia.does('runs', 'watch', String(run_id))).toMatch(/\nsucceeded: .*\n$/);
  };
  await saved(judge);
  await olivia.does(...activate);
  await worksFor('echo');
  await saved({ ...judge, handler: 'collect' });
  expect(await olivia.does(...activate, '--reason', 'it is cheaper')).toContain(
    '-   "handler": "echo",\n+   "handler": "collect",\n',
  );
  await worksFor('collect');
  await olivia.does(...activate, '--version', '1');
  await worksFor('echo');
  expect(await olivia.ends(10, 'registry', 'diff', 'route', 'judging', '2', '1')).toContain(
    'version 1 (in force)',
  );
  const changes = await olivia.does('registry', 'changes');
  for (const fact of ['control.activated', 'contract.activated', 'it is cheaper'])
    expect(changes).toContain(fact);
  const pulled = await olivia.does('registry', 'show', 'route', 'judging', '--version', '2');
  expect(await saved(JSON.parse(pulled))).toContain('saved as version 2');
  expect(await olivia.does('registry', 'retire', 'route', 'judging')).toContain('out of force');
  expect(await olivia.does('registry', 'snapshot')).toMatch(/\nnothing\n$/);
});

test('a route needs what it names, in force; and text files are prompts and skills', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const words = await file('tone.md', 'Be kind.\nBe brief.\n');
  const route = { task: '*', provider: 'house', model: 'm-1', prompt: 'tone', skills: ['letters'] };
  await olivia.does('registry', 'save', 'route', 'all', await file('all.json', route));
  expect(await olivia.ends(4, 'registry', 'activate', 'route', 'all')).toContain(
    'prompt tone, skill letters',
  );
  await olivia.does('registry', 'save', 'prompt', 'tone', words);
  await olivia.does('registry', 'save', 'skill', 'letters', words, '--description', 'how we write');
  await olivia.does('registry', 'activate', 'prompt', 'tone');
  await olivia.does('registry', 'activate', 'skill', 'letters');
  await olivia.does('registry', 'activate', 'route', 'all');
  expect(await olivia.does('registry', 'show', 'prompt', 'tone')).toContain(
    '"text": "Be kind.\\nBe brief.\\n"',
  );
  expect(await olivia.ends(4, 'registry', 'retire', 'prompt', 'tone')).toContain('control_in_use');
  expect(await olivia.does('registry', 'list')).toMatch(/^skill +letters +active +1 +1/m);
  expect(await olivia.does('registry', 'snapshot')).toMatch(/^route +all +1$/m);
  expect(
    await olivia.ends(3, 'registry', 'save', 'route', 'all', await file('x.json', { tsk: 'a' })),
  ).toContain('$');
});

test('a run is finished by whoever drives it, canceled as a whole, and by its tasks', async () => {
  const tenant = await plane.tenant();
  const [olivia, vera] = [user(tenant, tenant.olivia.token), user(tenant, tenant.vera.token)];
  const begun = async (...more: string[]) =>
    String((await olivia.json('runs', 'submit', 'review', '--text', 'a secret', ...more)).run_id);
  const driven = await begun();
  expect(await vera.does('runs', 'show', driven)).not.toContain('secret');
  expect(await vera.ends(3, 'runs', 'cancel', driven)).toContain('forbidden');
  const over = ['runs', 'finish', driven, '--outcome'];
  expect(await olivia.does(...over, 'succeeded', '--summary', 'nothing to do')).toBe('succeeded\n');
  expect(await olivia.ends(4, ...over, 'failed')).toContain('run_ended');
  expect(await olivia.does('runs', 'explain', driven)).toContain('nothing to do');
  const canceled = await begun('--task', 'collect');
  expect(await olivia.ends(4, 'runs', 'finish', canceled, '--outcome', 'failed')).toContain('run_not_idle');
  await olivia.does('runs', 'cancel', canceled, '--reason', 'the wrong month');
  expect(await olivia.ends(1, 'runs', 'watch', canceled)).toMatch(/\ncanceled: the wrong month\n$/);
  const partly = await begun('--task', 'collect', '--task', 'echo');
  const [, task = ''] = /^task 1 +(\w+)$/m.exec(await olivia.does('runs', 'show', partly)) ?? [];
  expect(await olivia.does('runs', 'cancel-task', task, '--reason', 'not needed')).toBe('canceled\n');
  await work(tenant.runner, 'echo', {});
  expect(await olivia.ends(1, 'runs', 'watch', partly)).toMatch(/\nfailed: one step did not succeed\n$/);
  expect(await olivia.ends(1, 'runs', 'show', 'run_none')).toContain('run_not_found');
});

test('a token for some handlers gets the tasks of those, and of no others', async () => {
  const tenant = await plane.tenant();
  const olivia = user(tenant, tenant.olivia.token);
  const wanted = ['--handler', 'judge', '--handler', 'collect', '--target', 'payments'];
  await olivia.does('runner-tokens', 'create', 'west', ...wanted, '--save', at('west.token'));
  const west = tenant.bearing(await secretIn('west.token'));
  await olivia.does('runs', 'submit', 'review', '--task', 'judge');
  expect((await work(west, 'judge', {})).task).toBe('judge');
  expect((await west.post('/v1/tasks/claim', { runner_id: 'worker-1', handlers: ['echo'] })).status).toBe(
    403,
  );
});
