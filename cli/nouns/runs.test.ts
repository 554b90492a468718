import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

let plane: FakePlane;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-runs-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
});
afterEach(() => plane.stop());

const cli = (args: readonly string[], input = '') =>
  runCli(args, { environment: { COUNTERSIGN_URL: plane.url, COUNTERSIGN_TOKEN: 't' }, input });

async function file(name: string, content: unknown): Promise<string> {
  await writeFile(join(folder, name), JSON.stringify(content));
  return join(folder, name);
}

describe('submitting', () => {
  beforeEach(() =>
    plane.on('POST /v1/commands/submit', { body: { run_id: 'run_1', status: 'open', step_ids: [] } }),
  );

  test('takes input from a file or from stdin, and tasks from a list, after those that are named', async () => {
    const tasks = await file('tasks.json', [{ task: 'echo', key: 'a', once: 'ended' }]);
    const input = await file('input.json', { month: 3 });
    await cli(['runs', 'submit', 'review', '--tasks', tasks, '--task', 'collect', '--input', input]);
    await cli(['runs', 'submit', 'review', '--input', '-'], '{"month":4}');
    expect(plane.seen.map(({ body }) => body)).toMatchObject([
      { input: { month: 3 }, tasks: [{ task: 'collect' }, { task: 'echo', key: 'a', once: 'ended' }] },
      { command: 'review', input: { month: 4 } },
    ]);
  });

  test('tells what is wrong with a file, and sends nothing', async () => {
    const odd = await file('odd.json', [{ task: 'echo' }, { task: 'echo', aftr: [] }]);
    const ran = await cli(['runs', 'submit', 'review', '--tasks', odd]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('$[1]');
    expect(await cli(['runs', 'submit', 'review', '--input', '-'], '[]')).toMatchObject({ code: 2 });
    expect((await cli(['runs', 'submit', 'review', '--input', '-'], '{')).err).toContain(
      'standard input is not JSON',
    );
    expect(plane.seen).toEqual([]);
  });
});

describe('watching', () => {
  const step = { step_id: 'stp_1', number: 1, kind: 'task', status: 'queued', after: [] };
  const task = { task: 'collect', plan: { handler: 'model' }, attempts: 0 };
  const standing = (seq: number, more: object, ended: object = {}) => ({
    body: { run_id: 'run_1', status: 'open', ledger_seq: seq, steps: [{ ...step, task, ...more }], ...ended },
  });
  const leased = { ...task, attempts: 1, claim: { runner_id: 'west-1' } };
  const message = 'no such\u001b[2J month';

  beforeEach(() =>
    plane.on(
      'GET /v1/runs/run_1',
      standing(3, {}),
      standing(3, {}),
      standing(4, { status: 'leased', task: leased }),
      standing(5, { status: 'leased', task: { ...leased, progress: { percent: 50 } } }),
      standing(9, { status: 'leased', task: { ...leased, attempts: 2 } }),
      standing(
        10,
        { status: 'failed', cause: { message } },
        { status: 'failed', cause: { message: 'in vain' } },
      ),
    ),
  );

  test('tells each change in a line, and waits for what comes after it', async () => {
    const ran = await cli(['runs', 'watch', 'run_1']);
    expect(ran).toEqual({
      code: 1,
      err: '',
      out: `step 1: task collect, queued: a worker for model
step 1: queued -> leased: west-1
step 1: leased: west-1, 50 %
step 1: leased: west-1, attempt 2
step 1: leased -> failed: no such\\u{1b}[2J month
failed: in vain
`,
    });
    expect(plane.seen.map(({ line }) => line.split('?')[1])).toEqual([
      undefined,
      ...[3, 3, 4, 5, 9].map((after) => `wait_seconds=25&after_seq=${after}`),
    ]);
  });

  test('with --json gives the run as it ended, and tells on stderr', async () => {
    const ran = await cli(['runs', 'watch', 'run_1', '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ run_id: 'run_1', status: 'failed' });
    expect(ran.err).toContain('queued -> leased');
  });

  test('of what cannot be read is told', async () => {
    plane.on('GET /v1/runs/run_1', { body: { run_id: 'run_1', status: 'open', steps: [{}] } });
    expect(await cli(['runs', 'watch', 'run_1'])).toMatchObject({ code: 1, out: '' });
  });
});
