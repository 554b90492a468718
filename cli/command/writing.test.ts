import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const CANCEL = 'POST /v1/proposals/wrp_1/cancel';
const busy = problem(503, 'overloaded', 'no', { retryable: true });

let plane: FakePlane;
let folder: string;
let pauses: number[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  pauses = [];
  plane = await FakePlane.start();
});
afterEach(() => plane.stop());

const cli = (...args: string[]) =>
  runCli(args, {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 't',
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
    pause: async (milliseconds) => pauses.push(milliseconds),
  });
const cancel = (...options: string[]) => cli('proposals', 'cancel', 'wrp_1', ...options);
const keys = () => plane.seen.map(({ idempotencyKey }) => idempotencyKey);

describe('what is written', () => {
  test('is sent again under the same key while the failure may pass', async () => {
    plane.on(CANCEL, busy, busy, { body: { status: 'canceled' } });
    expect(await cancel()).toMatchObject({ code: 0 });
    expect(keys()).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    expect(pauses).toHaveLength(2);
  });

  test('has another key each time that it is asked for, unless one is given', async () => {
    plane.on(CANCEL, { body: { status: 'canceled' } });
    await cancel();
    await cancel();
    expect(new Set(keys()).size).toBe(2);
    await cancel('--idempotency-key', 'ticket-42');
    expect(keys().at(-1)).toBe('ticket-42');
  });

  test('is given up after three times, with the key that makes saying it again safe', async () => {
    plane.on(CANCEL, busy);
    const told = await cancel();
    const [key] = keys();
    expect(told).toMatchObject({ code: 5, out: '' });
    expect(told.err).toContain(`--idempotency-key ${key}`);
    expect(keys()).toEqual([key, key, key]);
    const { err } = await cancel('--json');
    expect(JSON.parse(err)).toMatchObject({ exit_code: 5, idempotency_key: keys().at(-1) });
  });

  test('and refused is not sent again', async () => {
    plane.on(CANCEL, problem(409, 'already_decided', 'no'));
    const { code, err } = await cancel();
    expect(code).toBe(4);
    expect(err).not.toContain('--idempotency-key');
    expect(keys()).toHaveLength(1);
  });

  test('under a key that no header can hold is not sent', async () => {
    expect(await cancel('--idempotency-key', 'two words')).toMatchObject({ code: 2 });
    expect(plane.seen).toEqual([]);
  });
});

test('what has no key, and is no reading, is sent once', async () => {
  const path = join(folder, 'policy.json');
  const policy = { name: 'small', applies_to: ['*'], when: 'true', effect: 'refuse', message: 'no' };
  await writeFile(path, JSON.stringify(policy));
  plane.on('POST /v1/policies/test', busy);
  expect(await cli('policies', 'test', path)).toMatchObject({ code: 5 });
  expect(keys()).toEqual([undefined]);
});

describe('what is read', () => {
  test('is asked again while the failure may pass, and no key is spoken of', async () => {
    plane.on('GET /v1/runners', busy, busy, busy, { body: { runners: [] } });
    const { code, err } = await cli('runners', 'list');
    expect(code).toBe(5);
    expect(err).not.toContain('--idempotency-key');
    expect(plane.seen).toHaveLength(3);
    expect(await cli('runners', 'list')).toMatchObject({ code: 0 });
  });

  test('is not waited for where the control plane says that it takes long', async () => {
    plane.on(
      'GET /v1/runners',
      problem(503, 'overloaded', 'no', { retryable: true, retry_after_ms: 60_000 }),
    );
    expect(await cli('runners', 'list')).toMatchObject({ code: 5 });
    expect([plane.seen.length, pauses]).toEqual([1, []]);
  });
});

test('a project that was not named is asked for in the words of the command line', async () => {
  plane.on('GET /v1/runners', problem(400, 'project_required', 'which', { next: 'add ?project_id=' }));
  expect((await cli('runners', 'list')).err).toContain('next: say --project ID');
});
