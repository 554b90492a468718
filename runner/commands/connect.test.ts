import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { FakeControlPlane } from '../../test/support/fake-control-plane.ts';
import { exitCodes } from '../exit-codes.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { runnerVersion } from '../version.ts';
import { connect } from './connect.ts';

let plane: FakeControlPlane;
let folder: string;

beforeEach(async () => {
  plane = await FakeControlPlane.start();
  folder = await mkdtemp(join(tmpdir(), 'countersign-connect-'));
});
afterEach(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

async function run({ token = plane.token, url = plane.url, isJson = false } = {}) {
  const configPath = join(folder, 'runner.json');
  const control_plane = { ...sampleConfig.control_plane, url };
  await writeFile(configPath, JSON.stringify({ ...sampleConfig, control_plane }));
  let [out, err] = ['', ''];
  const code = await connect({
    configPath,
    isJson,
    environment: token === '' ? {} : { COUNTERSIGN_RUNNER_TOKEN: token },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  });
  expect(`${out}${err}`).not.toContain(plane.token);
  return { code, out, err };
}

describe('connect', () => {
  test('shows the token, registers, and sends the first heartbeat', async () => {
    const { code, out } = await run();
    expect({ code, out }).toEqual({
      code: exitCodes.ok,
      out: `runner-1 ${runnerVersion} is known to ${plane.url}: src_shop (postgres)\n`,
    });
    expect(plane.requests).toMatchObject([
      { route: 'doctor' },
      {
        route: 'register',
        body: { runner_id: 'runner-1', engines: ['postgres'], scope: { source_ids: ['src_shop'] } },
      },
      { route: 'runner-heartbeat', body: { status: 'online', source_ids: ['src_shop'] } },
    ]);
  });

  test('tells programs the same', async () => {
    expect(JSON.parse((await run({ isJson: true })).out)).toEqual({
      url: plane.url,
      runner_id: 'runner-1',
      runner_version: runnerVersion,
      engines: ['postgres'],
      source_ids: ['src_shop'],
    });
  });

  test.each([
    ['a token that is not valid', { token: 'syn_run_other' }, exitCodes.refused, 'token_invalid'],
    ['a secret that is missing', { token: '' }, exitCodes.refused, 'COUNTERSIGN_RUNNER_TOKEN is not set'],
    ['no answer', { url: 'http://127.0.0.1:1' }, exitCodes.unreachable, 'network_unavailable'],
  ])('ends with its own code at %s', async (_what, options, code, words) => {
    const ended = await run(options);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(words);
  });
});
