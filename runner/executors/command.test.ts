import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CommandExecutor, type CommandOptions } from './command.ts';
import { never, sampleEffect } from './sample-action.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

let programs = 0;
async function programOf(text: string, mode = 0o755): Promise<string> {
  programs += 1;
  const path = join(folder, `program-${programs}`);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, mode);
  return path;
}

async function run(
  text: string,
  more: Partial<CommandOptions> = {},
  signal = never,
  input = sampleEffect().input,
) {
  const command = new CommandExecutor({
    program: await programOf(text),
    args: [],
    cwd: folder,
    secrets: {},
    timeoutMs: 10_000,
    ...more,
  });
  return actionOutcomeSchema.parse(await command.perform(sampleEffect({ input }), signal));
}

const done = (reference: string | null) => ({ outcome: 'succeeded', reference, was_done: false });

/** Gives up before the test does, which would not say what it waited for. */
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 4_000, interval: 10 });

/** Also not when it is dead, and nobody has taken notice: not every container has somebody for that. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(status);
}

describe('a program', () => {
  test('is told on its standard input what is to happen, and nothing in its arguments', async () => {
    const out = join(folder, 'told');
    expect(await run(`cat > "$1"; echo "$#" >> "$1"; pwd >> "$1"`, { args: [out] })).toEqual(done(null));
    const [json, count, cwd] = (await readFile(out, 'utf8')).split('\n');
    expect(JSON.parse(String(json))).toEqual({
      key: 'csk_0123456789abcdef',
      name: 'refund_order',
      action_id: 'act_1',
      attempt: 1,
      input: { order: 'ord-7', amount: 1_200 },
    });
    expect([count, cwd]).toEqual(['1', folder]);
  });

  test('has the key, its secrets and little else in its environment', async () => {
    const out = join(folder, 'environment');
    process.env.COUNTERSIGN_TEST_SECRET = 'not for you';
    await run(`env > ${out}`, { secrets: { API_KEY: async () => 'key-1' } });
    delete process.env.COUNTERSIGN_TEST_SECRET;
    const names = (await readFile(out, 'utf8')).trim().split('\n');
    // A shell adds its own.
    const given = names.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line)).sort();
    expect(given).toEqual([
      'API_KEY=key-1',
      'COUNTERSIGN_IDEMPOTENCY_KEY=csk_0123456789abcdef',
      'LANG=C.UTF-8',
      'PATH=/usr/local/bin:/usr/bin:/bin',
    ]);
  });

  test('is not run by a shell that reads its arguments', async () => {
    const out = join(folder, 'expanded');
    await run(`printf %s "$1" > ${out}`, { args: ['$(id); `id` * ~'] });
    expect(await readFile(out, 'utf8')).toBe('$(id); `id` * ~');
  });

  test.each<[string, object]>([
    [`echo '{"reference": "T-1"}'`, done('T-1')],
    [`echo starting; echo '{"reference": "T-1"}'; echo '{"reference": "T-2"}'; echo bye`, done('T-2')],
    [`echo '{"reference": "two words"}'`, done(null)],
    [`echo '{"reference": 7}'; echo '['`, done(null)],
    ['exit 75', { outcome: 'retry', code: 'exit_75' }],
    ['exit 65', { outcome: 'failed', code: 'exit_65' }],
    ['echo ord-7 >&2; exit 1', { outcome: 'failed', code: 'exit_1' }],
    ['kill -9 $$', { outcome: 'unknown', code: 'program_killed' }],
    ['kill -15 $$', { outcome: 'unknown', code: 'program_killed' }],
  ])('%s', async (text, outcome) => {
    expect(await run(text)).toEqual(outcome);
  });

  test('may write more than anybody keeps, which is the end', async () => {
    const much = `head -c 3000000 /dev/zero | tr '\\0' x`;
    expect(await run(`${much}; echo; echo '{"reference": "T-1"}'`)).toEqual(done('T-1'));
    expect(await run(`echo '{"reference": "T-1"}'; ${much}`)).toEqual(done(null));
  });

  test('need not read what it is told', async () => {
    const more = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`f${index}`, 'x'.repeat(60_000)]),
    );
    expect(await run('exec <&-; exit 0', {}, never, more)).toEqual(done(null));
  });

  test.each<[string, () => Promise<Partial<CommandOptions>>]>([
    ['is not there', async () => ({ program: join(folder, 'nothing') })],
    ['may not be run', async () => ({ program: await programOf('exit 0', 0o644) })],
    ['would run in a folder that is not there', async () => ({ cwd: join(folder, 'nowhere') })],
  ])('that %s waits for a person', async (_how, options) => {
    expect(await run('exit 0', await options())).toEqual({
      outcome: 'retry',
      code: 'program_not_started',
      retry_after_ms: 900_000,
    });
  });
});

describe('a program that does not end', () => {
  test('is ended with all that it began, and nobody knows what it did', async () => {
    const pids = join(folder, 'pids');
    const text = `sleep 1000 & echo $! > ${pids}; echo $$ >> ${pids}; wait`;
    expect(await run(text, { timeoutMs: 500 })).toEqual({ outcome: 'unknown', code: 'timed_out' });
    const all = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
    expect(all).toHaveLength(2);
    for (const pid of all) await until(() => expect(isAlive(pid)).resolves.toBe(false));
  });

  test('is ended also when it does not want to', async () => {
    const text = `trap '' TERM; while :; do sleep 0.1; done`;
    expect(await run(text, { timeoutMs: 200 })).toEqual({ outcome: 'unknown', code: 'timed_out' });
  });

  test('may still say what it did when it is asked to end', async () => {
    const text = `trap 'exit 75' TERM; while :; do sleep 0.05; done`;
    expect(await run(text, { timeoutMs: 300 })).toEqual({ outcome: 'retry', code: 'exit_75' });
  });

  test('is ended when the runner stops', async () => {
    const out = join(folder, 'begun');
    const stop = new AbortController();
    const ended = run(`touch ${out}; sleep 1000`, {}, stop.signal);
    await until(() => access(out));
    stop.abort();
    expect(await ended).toEqual({ outcome: 'unknown', code: 'stopped' });
  });

  test('is not even begun once the runner stops', async () => {
    const out = join(folder, 'never');
    expect(await run(`touch ${out}`, {}, AbortSignal.abort())).toMatchObject({
      outcome: 'retry',
      code: 'stopped',
    });
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  test('leaves nothing behind when it ends by itself', async () => {
    const pid = join(folder, 'left');
    expect(await run(`sleep 1000 & echo $! > ${pid}`)).toEqual(done(null));
    const left = Number(await readFile(pid, 'utf8'));
    await until(() => expect(isAlive(left)).resolves.toBe(false));
  });
});
