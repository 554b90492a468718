import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdLock } from './held-lock.ts';
import { writePidFile } from './pid-file.ts';
import { findPlane } from './running-plane.ts';
import { storePaths } from './store-paths.ts';

/** The number of a process that lives: this one. */
const self = {
  pid: process.pid,
  version: '0.1.0',
  started_at: new Date(0).toISOString(),
  url: null,
  log: null,
  token_keys: [],
  warnings: [],
};

let store: string;

beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'countersign-running-'));
});
afterEach(() => rm(store, { recursive: true }));

test('who holds the lock serves, and the PID file says who that is', async () => {
  const { lock, pid } = storePaths(store);
  await writePidFile(pid, self);
  const release = holdLock(lock, 0);
  expect(await findPlane(store)).toEqual({ isRunning: true, process: self });
  release?.();
  // The number is that of a process that lives, as any number may be that was used again.
  expect(await findPlane(store)).toEqual({ isRunning: false, stalePid: process.pid });
});

test('nobody serves a store that is not there, or that nobody has served', async () => {
  for (const path of [store, join(store, 'none')])
    expect(await findPlane(path)).toEqual({ isRunning: false, stalePid: null });
});

test('of what is no folder nothing is said', async () => {
  const file = join(store, 'file');
  await writeFile(file, '');
  await expect(findPlane(join(file, 'store'))).rejects.toMatchObject({ code: 'store_unusable' });
});
