import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newestIn } from './worker-code.ts';

const OLD = 1_000;
const NEW = 2_000;

let folder: string;

/** A folder of old files, one of them deep. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-sources-'));
  for (const deep of ['routes', 'node_modules', 'dist']) {
    await mkdir(join(folder, deep));
    await writeFile(join(folder, deep, 'a.ts'), '');
    await age(join(deep, 'a.ts'), OLD);
    await age(deep, OLD);
  }
  await age('.', OLD);
});
afterEach(() => rm(folder, { recursive: true }));

const age = (path: string, seconds: number) => utimes(join(folder, path), seconds, seconds);

test.each([
  ['a file deep in it', 'routes/a.ts'],
  ['what came and went in a folder of it', 'routes'],
  ['what came and went in it', '.'],
])('a folder is as new as %s', async (_what, path) => {
  expect(newestIn(folder)).toBe(OLD * 1000);
  await age(path, NEW);
  expect(newestIn(folder)).toBe(NEW * 1000);
});

test.each(['node_modules/a.ts', 'dist/a.ts'])('%s does not count: it is no source', async (path) => {
  await age(path, NEW);
  expect(newestIn(folder)).toBe(OLD * 1000);
});
