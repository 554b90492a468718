import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';

const MODULE = new URL('./folder-lock.ts', import.meta.url).href;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(`${folder}.lock`, { force: true });
});

/** What another process meets that wants the lock: "locked", or the fault's code. It ends without releasing. */
async function tryElsewhere(): Promise<string> {
  const code = `
    import { lockFolder } from ${JSON.stringify(MODULE)};
    try { lockFolder(${JSON.stringify(folder)}, 0); console.log('locked'); process.kill(process.pid, 'SIGKILL'); }
    catch (fault) { console.log(fault.code); }`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
  const { stdout } = await run.catch((killed: { stdout: string }) => killed);
  return stdout.trim();
}

test('a folder is open in one process at a time, and free when that ended, however it did', async () => {
  const release = lockFolder(folder, 0);
  expect(await tryElsewhere()).toBe('folder_in_use');
  release();
  expect(await tryElsewhere()).toBe('locked');
  // The other process was killed with the lock in its hands.
  lockFolder(folder, 0)();
});
