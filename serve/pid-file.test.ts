import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPidFile, writePidFile } from './pid-file.ts';

const content = {
  pid: 7,
  version: '0.1.0',
  started_at: '2026-01-01T00:00:00.000Z',
  url: 'http://127.0.0.1:8787',
  log: null,
  token_keys: [],
  warnings: [],
};

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-pid-'));
  file = join(folder, 'serve.pid');
});
afterEach(() => rm(folder, { recursive: true }));

test('what is written is read, by its owner alone, and nothing else is left', async () => {
  await writePidFile(file, { ...content, url: null });
  await writePidFile(file, content);
  expect(await readPidFile(file)).toEqual(content);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['serve.pid']);
});

test.each(['', '{"pid":7', '7', JSON.stringify({ ...content, pid: -1 })])(
  '%j, as a crash may leave it, names nobody',
  async (text) => {
    await writeFile(file, text);
    expect(await readPidFile(file)).toBeUndefined();
  },
);

test('one of a later version is understood', async () => {
  await writeFile(file, JSON.stringify({ ...content, shards: 2 }));
  expect(await readPidFile(file)).toEqual(content);
});
