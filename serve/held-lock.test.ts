import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdLock } from './held-lock.ts';

const MODULE = new URL('./held-lock.ts', import.meta.url).href;
const LONG_MS = 10_000;

let folder: string;
let lock: string;
let other: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-lock-'));
  lock = join(folder, 'a.lock');
});

afterEach(async () => {
  await end();
  await rm(folder, { recursive: true });
});

/** Another process that takes the lock, forgets what it got for it, and lives on. What it prints on its way. */
async function holdElsewhere(waitMs: number): Promise<AsyncIterator<string>> {
  const code = `
    import { holdLock } from ${JSON.stringify(MODULE)};
    console.log('asks');
    console.log(holdLock(${JSON.stringify(lock)}, ${waitMs}) ? 'holds' : 'was refused');
    gc();
    console.log('goes on');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  other = child;
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

async function heldElsewhere(): Promise<void> {
  const lines = await holdElsewhere(0);
  for (const expected of ['asks', 'holds', 'goes on']) expect((await lines.next()).value).toBe(expected);
}

async function end(): Promise<void> {
  if (other === undefined || other.signalCode !== null) return;
  const ended = once(other, 'exit');
  other.kill('SIGKILL');
  await ended;
}

test('is held by one process at a time, also when that no longer refers to it', async () => {
  await heldElsewhere();
  expect(holdLock(lock, 0)).toBeUndefined();
});

test('is free once its process was killed', async () => {
  await heldElsewhere();
  await end();
  const release = holdLock(lock, 0);
  expect(release).toBeDefined();
  release?.();
});

test('is waited for, and given back', async () => {
  const release = holdLock(lock, 0);
  const lines = await holdElsewhere(LONG_MS);
  expect((await lines.next()).value).toBe('asks');
  release?.();
  expect((await lines.next()).value).toBe('holds');
});
