import { join } from 'node:path';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { HOSTING_TOKEN, SECRET_NAME } from '../support/fly-samples.ts';
import { FlyServer } from '../support/fly-server.ts';

/** Long enough for an answer from this machine, whatever else it does. */
const PATIENT_MS = 15_000;
const IMPATIENT_MS = 1_000;

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../support', entry)],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['workerd', 'worker'],
    external: ['node:*'],
  });
  return outputFiles.map(({ text }) => text).join('');
}

let miniflare: Miniflare;
let server: FlyServer;

beforeAll(async () => {
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: 'ESModule', path: 'worker.js', contents: await bundled('hosting-worker.ts') }],
      compatibilityDate: '2026-10-20',
      compatibilityFlags: ['nodejs_compat'],
    }),
  );
  await miniflare.ready;
});
afterAll(() => miniflare.dispose());
beforeEach(async () => {
  server = await FlyServer.start(HOSTING_TOKEN);
  server.world.starts = ['started'];
  server.world.checks = ['passing'];
});
afterEach(() => server.stop());

const run = async (mostMs: number): Promise<unknown> => {
  const body = JSON.stringify({ baseUrl: server.url, mostMs });
  return (await miniflare.dispatchFetch('http://provisioner/', { method: 'POST', body })).json();
};

const provisioned = {
  machineId: expect.any(String),
  seen: { ok: true, found: { machines: [{ isHealthy: true }], secretNames: [SECRET_NAME] } },
  end: { ok: true },
};

test('a runner is provisioned and removed with the means of the platform', async () => {
  expect(await run(PATIENT_MS)).toMatchObject(provisioned);
  expect(server.world.apps.size).toBe(0);
});

test('answers that are cut or not JSON are told there as they are elsewhere', async () => {
  server.misbehave('make-app', { isDone: true, answer: 'half' });
  server.misbehave('set-secret', { isDone: false, answer: 'cut' });
  server.misbehave('make-machine', { isDone: true, answer: 'not_json' });
  expect(await run(PATIENT_MS)).toMatchObject(provisioned);
  expect(server.count('make-app')).toBe(1);
  expect(server.count('make-machine')).toBe(1);
});

test('an answer that never comes ends there as well', async () => {
  server.misbehave('make-machine', { isDone: true, answer: 'silent' });
  expect(await run(IMPATIENT_MS)).toMatchObject(provisioned);
  expect(server.count('make-machine')).toBe(1);
});
