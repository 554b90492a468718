import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogFields, logLine } from '@countersign/protocol/log/log-line';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const REQUEST = 'req_00000000-0000-4000-8000-000000000001';

const denied = (fields: LogFields = {}, at = NOW) =>
  logLine('request.denied', { code: 'forbidden', status: 403, tenant: 'prj_1', ...fields }, at);
const answered = logLine(
  'request.answered',
  { actor: 'person:https://login.example.com ada', tenant: 'prj_2', subject: 'wrp_1', request_id: REQUEST },
  NOW - 3_600_000,
);
const failed = logLine('tenant.fault', { fault: 'TypeError', stack: 'at a (b:1:1)\nat c (d:2:2)' }, NOW);
const all = [answered, denied(), failed];

/** Lines as what they say: their members may stand in another order. */
function documents(lines: string | readonly string[]): unknown[] {
  const texts = typeof lines === 'string' ? lines.split('\n').filter((line) => line !== '') : lines;
  return texts.map((text) => JSON.parse(text));
}

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-logs-'));
});
beforeEach(async () => {
  file = join(folder, 'plane.log');
  await writeFile(file, `${all.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const logs = (...args: string[]) => runCli(['logs', ...args], { now: () => NOW });

describe('logs', () => {
  test('shows each line for a person, and a fault with its place', async () => {
    const { code, err, out } = await logs(file);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('2026-11-22T12:00:00.000Z  WARN   request.denied       403  forbidden  prj_1\n');
    expect(out).toContain('TypeError\n    at a (b:1:1)\n    at c (d:2:2)\n');
  });

  test('prints lines as they are for programs', async () => {
    expect(documents((await logs(file, '--json')).out)).toEqual(documents(all));
  });

  test.each<[string[], readonly string[]]>([
    [['--level', 'info'], all],
    [
      ['--level', 'warn'],
      [denied(), failed],
    ],
    [['--level', 'error'], [failed]],
    [['--event', 'request.denied'], [denied()]],
    [
      ['--event', 'request.'],
      [answered, denied()],
    ],
    [['--tenant', 'prj_2'], [answered]],
    [['--actor', 'person:https://login.example.com ada'], [answered]],
    [['--actor', 'https://login.example.com ada'], [answered]],
    [['--actor', 'ada'], []],
    [['--request', REQUEST], [answered]],
    [
      ['--since', '10m'],
      [denied(), failed],
    ],
    [['--since', '2026-11-22T11:00:00Z'], all],
    [['--since', '10m', '--event', 'request.'], [denied()]],
  ])('%j lets through what is asked for', async (filter, lines) => {
    expect(documents((await logs(file, '--json', ...filter)).out)).toEqual(documents(lines));
  });

  test.each([
    ['--level', 'bad'],
    ['--event', 'request'],
    ['--event', 'nothing.'],
    ['--since', 'yesterday'],
    ['--config', 'x.json'],
  ])('%s %s is not understood', async (option, value) => {
    expect(await logs(file, option, value)).toMatchObject({ code: 2, out: '' });
  });

  test('a log that is not there is told, with what to do', async () => {
    const ran = await logs(join(folder, 'none.log'));
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('ENOENT') });
  });

  test('what is no line of the log is shown as it is, harmless, and marked', async () => {
    const forged = denied().replace('"warn"', '"info"');
    await writeFile(file, `out of memory\u001b[2J\n${forged}\n\n${denied()}`);
    const { out } = await logs(file);
    expect(out.split('\n').slice(0, 2)).toEqual(['? out of memory\\u{1b}[2J', `? ${forged}`]);
    expect(out.split('\n')).toHaveLength(4);
    expect((await logs(file, '--json')).out).toContain(`{"unknown":"out of memory`);
    const filtered = await logs(file, '--json', '--level', 'warn');
    expect(documents(filtered.out)).toEqual(documents([denied()]));
    expect(filtered.err).toBe('2 lines are no log of ours, and left out\n');
  });
});

describe('logs of what is piped in', () => {
  const envelope = (...messages: unknown[]) => ({
    outcome: 'ok',
    scriptName: 'countersign',
    exceptions: [],
    logs: messages.map((message) => ({ message: [message], level: 'log', timestamp: NOW })),
    event: { request: { url: 'https://plane/v1?secret=1', headers: {} } },
  });
  const piped = (input: string, ...args: string[]) => runCli(['logs', ...args], { input, now: () => NOW });

  test.each([
    ['of many lines', 2],
    ['of one line', undefined],
  ])('understands events of wrangler, as JSON %s', async (_form, indent) => {
    const events = [envelope(denied(), answered), envelope(), envelope(failed)];
    const input = events.map((event) => `${JSON.stringify(event, null, indent)}\n`).join('');
    expect(documents((await piped(input, '--json')).out)).toEqual(documents([denied(), answered, failed]));
  });

  test('shows what else a Worker said, and how it ended', async () => {
    const event = {
      ...envelope('hello', { a: 1 }),
      exceptions: [{ name: 'Error', message: 'gone', timestamp: NOW }],
    };
    expect((await piped(JSON.stringify(event, null, 2))).out).toBe('? hello\n? {"a":1}\n? Error: gone\n');
  });

  test('takes plain lines, JSON of others and what was cut off as what they are', async () => {
    const { out } = await piped(`${denied()}\n{\n  "x": 1\n}\n{\n  "logs": [`);
    expect(out.split('\n').slice(1)).toEqual(['? {', '?   "x": 1', '? }', '? {', '?   "logs": [', '']);
  });

  test('may be asked for by name, and must then be there', async () => {
    expect(documents((await piped(`${denied()}\n`, '-', '--json')).out)).toEqual(documents([denied()]));
    expect(await logs('-')).toMatchObject({ code: 2 });
  });
});

test('logs --follow goes on with what comes, also in a new file, until whoever reads leaves', async () => {
  const left = new AbortController();
  const steps = [
    () => appendFile(file, 'half'),
    () => appendFile(file, ' a line\n'),
    async () => {
      await appendFile(file, 'the last of it');
      await rename(file, `${file}.1`);
      await writeFile(file, 'in a new file\n');
    },
    () => writeFile(file, 'new\n'),
    async () => left.abort(new Error('left')),
  ];
  const ran = await runCli(['logs', file, '--follow'], {
    signal: left.signal,
    pause: async () => steps.shift()?.(),
  });
  expect(ran.code).toBe(0);
  const unknown = ran.out.split('\n').filter((line) => line.startsWith('?'));
  expect(unknown).toEqual(['? half a line', '? the last of it', '? in a new file', '? new']);
});

test('logs of a configuration are those of its plane', async () => {
  const config = join(folder, 'countersign.json');
  await writeFile(config, '{ "store": "store", "issuers": [], "log": "plane.log" }');
  expect(documents((await logs('--config', config, '--json')).out)).toEqual(documents(all));
});
