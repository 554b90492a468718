import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cleanContract } from '@countersign/protocol/contract-lint/sample-clean';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildCli } from './build.ts';
import { FakePlane, problem, type Reply } from './testing/fake-plane.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

/** The program as it is shipped. */
let program: string;
let plane: FakePlane;
let folder: string;
let contract: string;
let changed: string;
let dangerous: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
  program = await buildCli(folder);
  plane = await FakePlane.start();
  const json = JSON.stringify(cleanContract());
  [contract, changed, dangerous] = await Promise.all([
    file('contract.json', json),
    file('changed.json', json.replace('The weight in grams', 'Grams')),
    file(
      'dangerous.json',
      json.replace('"minimum":0,"maximum":30000,', '').replace(/"numeric_bounds":\{.*?\}\},/, ''),
    ),
  ]);
});
afterAll(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Runs the program itself, as a shell would. */
async function countersign(args: readonly string[], environment: NodeJS.ProcessEnv = {}, input = '') {
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: process.env.PATH,
      COUNTERSIGN_CONFIG_DIR: folder,
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 't',
      ...environment,
    },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

describe('the exit code of the process', () => {
  const runners = ['runners', 'list'];
  const answers: readonly (readonly [number, string, Reply])[] = [
    [0, 'an answer', { body: { runners: [] } }],
    [1, 'a 404', problem(404, 'not_found', 'no')],
    [1, 'a 500', problem(500, 'internal_error', 'no')],
    [3, 'a 401', problem(401, 'token_expired', 'no')],
    [3, 'a 403', problem(403, 'forbidden', 'no')],
    [3, 'a 422', problem(422, 'validation_failed', 'no')],
    [4, 'a 409', problem(409, 'decision_outdated', 'no')],
    [5, 'a 503', problem(503, 'overloaded', 'no', { retryable: true })],
    [5, 'a page of somebody else', { body: '<html>' }],
  ];

  test.each(answers)('is %i for %s', async (code, _what, reply) => {
    plane.on('GET /v1/runners', reply);
    const ran = await countersign(runners);
    expect(ran.code).toBe(code);
    expect(ran.out === '').toBe(code !== 0);
    expect(ran.err === '').toBe(code === 0);
  });

  test('is 2 for what is not understood', async () => {
    expect(await countersign(['runners', 'lst'])).toMatchObject({ code: 2, out: '' });
    expect(await countersign(runners, { COUNTERSIGN_URL: '' })).toMatchObject({ code: 2, out: '' });
    expect(await countersign(runners, { COUNTERSIGN_URL: 'http://plane.example' })).toMatchObject({
      code: 2,
    });
  });

  test('is 5 where nobody answers', async () => {
    const ran = await countersign(runners, { COUNTERSIGN_URL: 'http://127.0.0.1:1' });
    expect(ran).toMatchObject({ code: 5, out: '' });
    expect(ran.err).toContain('next: check --url');
  });

  test('is 0, 10, 11 and 12 for what CI asks about contracts', async () => {
    const codes = await Promise.all(
      [
        ['contracts', 'diff', contract, contract],
        ['contracts', 'diff', contract, changed],
        ['contracts', 'diff', contract, dangerous],
        ['contracts', 'lint', dangerous],
      ].map(async (args) => (await countersign(args)).code),
    );
    expect(codes).toEqual([0, 10, 11, 12]);
  });
});

describe('what goes wrong', () => {
  test('says what would pass, and the request', async () => {
    plane.on('GET /v1/runners', problem(403, 'forbidden', 'not you', { next: 'ask an admin' }));
    expect((await countersign(['runners', 'list'])).err).toBe(
      'not you (forbidden)\n  next: ask an admin\n  request: req_1\n',
    );
  });

  test('is a document for programs, and stdout stays empty', async () => {
    const errors = [{ path: '$.a', code: 'unknown_field', message: 'not known' }];
    plane.on('GET /v1/runners', problem(401, 'token_expired', 'over', { errors }));
    const { err, out } = await countersign(['runners', 'list', '--json']);
    expect(out).toBe('');
    expect(JSON.parse(err)).toEqual({
      ok: false,
      exit_code: 3,
      error_code: 'token_expired',
      message: 'over',
      status: 401,
      next: 'countersign login',
      errors,
      request_id: 'req_1',
    });
  });
});

describe('the token', () => {
  test('comes from stdin, a file or the environment, in that order of saying', async () => {
    plane.on('GET /v1/runners', { body: { runners: [] } });
    const path = await file('token', 'from-file\n');
    plane.seen.length = 0;
    await countersign(['runners', 'list', '--token-file', '-'], {}, 'from-stdin\n');
    await countersign(['runners', 'list', '--token-file', path]);
    await countersign(['runners', 'list']);
    expect(plane.seen.map(({ token }) => token)).toEqual(['from-stdin', 'from-file', 't']);
  });

  test('that is no token is not sent', async () => {
    plane.seen.length = 0;
    expect(await countersign(['runners', 'list', '--token-file', '-'], {}, 'two words')).toMatchObject({
      code: 2,
    });
    expect(plane.seen).toEqual([]);
  });
});

test('nobody can approve by a pipe without saying so', async () => {
  plane.on('GET /v1/proposals/wrp_1', {
    body: { proposal_id: 'wrp_1', status: 'pending_review', effect_digest: `sha256:${'a'.repeat(64)}` },
  });
  plane.seen.length = 0;
  expect(await countersign(['proposals', 'approve', 'wrp_1'], {}, 'approve\n')).toMatchObject({ code: 2 });
  expect(plane.seen.map(({ line }) => line)).toEqual(['GET /v1/proposals/wrp_1']);
});

test('the one file does everything but serve a plane, and says what that takes', async () => {
  const config = await file('countersign.json', '{ "store": "store", "issuers": [] }');
  const ran = await countersign(['serve', '--daemon', '--config', config]);
  expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('install @countersign/serve') });
});
