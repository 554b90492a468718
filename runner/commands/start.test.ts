import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../exit-codes.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { Shutdown } from './shutdown.ts';
import { start } from './start.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-start-'));
});
afterAll(() => rm(folder, { recursive: true }));

const secrets = {
  COUNTERSIGN_RUNNER_TOKEN: 'syn_run_x',
  SHOP_DATABASE_URL: 'postgres://u:topsecret@127.0.0.1:1/shop',
};

async function run(url: string, environment: NodeJS.ProcessEnv) {
  const configPath = join(folder, 'runner.json');
  const control_plane = { ...sampleConfig.control_plane, url };
  await writeFile(configPath, JSON.stringify({ ...sampleConfig, control_plane }));
  const lines: string[] = [];
  const log = (_level: string, event: string, fields = {}) =>
    lines.push(`${event} ${JSON.stringify(fields)}`);
  const shutdown = new Shutdown(log, () => undefined);
  const code = await start({
    configPath,
    environment,
    log,
    shutdown,
    isOnce: false,
    isDryRun: false,
    patienceMs: 1,
  });
  return { code, text: lines.join('\n') };
}

test('a control plane that cannot be reached ends the start when the patience is over', async () => {
  const { code, text } = await run('http://127.0.0.1:1', secrets);
  expect(code).toBe(exitCodes.unreachable);
  expect(text).toContain('control_plane_unreachable {"step":"doctor"');
  expect(text).not.toContain('topsecret');
});

test.each([
  ['token', { ...secrets, COUNTERSIGN_RUNNER_TOKEN: '' }, 'COUNTERSIGN_RUNNER_TOKEN is not set or empty'],
  ['database', { ...secrets, SHOP_DATABASE_URL: undefined }, 'SHOP_DATABASE_URL is not set or empty'],
  [
    'database of another engine',
    { ...secrets, SHOP_DATABASE_URL: 'mysql://u:topsecret@h/d' },
    'must begin with postgres://',
  ],
])('a missing or wrong %s is refused before anything is asked', async (_name, environment, fault) => {
  const { code, text } = await run('http://127.0.0.1:1', environment);
  expect(code).toBe(exitCodes.refused);
  expect(text).toContain(fault);
  expect(text).not.toContain('topsecret');
  expect(text).not.toContain('starting');
});
