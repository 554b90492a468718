import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { snapshotFolder } from './snapshot-folder.ts';

let outer: string;
let folder: string;
let answer: ReturnType<typeof snapshotFolder>;

beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'countersign-snapshots-'));
  folder = join(outer, 'snapshots');
  await mkdir(folder);
  answer = snapshotFolder(folder);
});
afterEach(() => rm(outer, { recursive: true }));

const ask = (path: string, method = 'GET', body?: string) =>
  answer(new Request(`http://snapshots/${path}`, { method, ...(body === undefined ? {} : { body }) }));
const list = async (prefix: string) => (await ask(`?prefix=${encodeURIComponent(prefix)}`)).json();

describe('a file', () => {
  test('is there for good once it is put, and gone when it is removed', async () => {
    expect((await ask('prj_1/snp_1/a')).status).toBe(404);
    expect((await ask('prj_1/snp_1/a', 'PUT', 'one')).status).toBe(201);
    expect((await ask('prj_1/snp_1/a', 'PUT', 'two')).status).toBe(409);
    expect(await (await ask('prj_1/snp_1/a')).text()).toBe('one');
    expect((await ask('prj_1/snp_1/a', 'DELETE')).status).toBe(204);
    expect((await ask('prj_1/snp_1/a', 'DELETE')).status).toBe(204);
    expect((await ask('prj_1/snp_1/a')).status).toBe(404);
  });

  test('is one of those that were put at once, whole, and nothing else is left', async () => {
    const texts = Array.from({ length: 20 }, (_, place) => String(place).repeat(50_000));
    const statuses = await Promise.all(
      texts.map(async (text) => (await ask('prj_1/snp_1/a', 'PUT', text)).status),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(19);
    expect(texts[statuses.indexOf(201)]).toBe(await readFile(join(folder, 'prj_1/snp_1/a'), 'utf8'));
    expect(await readdir(join(folder, 'prj_1/snp_1'))).toEqual(['a']);
  });
});

describe('there is no way out of the folder', () => {
  test.each([
    'a',
    'prj_1/a',
    'prj_1/snp_1/a/b',
    '..%2fx/snp_1/a',
    'prj_1/%2e%2e/a',
    'prj_1/snp_1/%2e%2e',
    'prj_1/snp_1/..%2f..%2f..%2fsecret',
    'prj_1/snp_1/.hidden',
    'prj_1/snp_1/a%00',
    'prj_1//a',
    'prj_1/snp_1/%2Fetc%2Fpasswd',
    `prj_1/snp_1/${'a'.repeat(201)}`,
  ])('by %s', async (path) => {
    await writeFile(join(outer, 'secret'), 'secret');
    for (const [method, body] of [['PUT', 'x'], ['GET'], ['DELETE']] as const)
      expect((await ask(path, method, body)).status).toBe(400);
    expect(await readdir(folder)).toEqual([]);
    expect((await readdir(outer)).sort()).toEqual(['secret', 'snapshots']);
  });

  test('by another method', async () => {
    expect((await ask('prj_1/snp_1/a', 'PATCH', 'x')).status).toBe(405);
  });
});

describe('a list', () => {
  beforeEach(async () => {
    for (const name of ['prj_1/snp_1/a', 'prj_1/snp_2/b', 'prj_10/snp_1/c']) await ask(name, 'PUT', 'x');
  });

  test.each([
    ['prj_1/', ['prj_1/snp_1/a', 'prj_1/snp_2/b']],
    ['prj_1/snp_2/', ['prj_1/snp_2/b']],
    ['prj_10/', ['prj_10/snp_1/c']],
    ['prj_2/', []],
    ['../', []],
  ])('of %s has what lies there, and nothing of another', async (prefix, names) => {
    expect(await list(prefix)).toEqual(names);
  });

  test('has nothing in it that is not whole, or that somebody else left there', async () => {
    await writeFile(join(folder, 'prj_1/snp_1/.unfinished-1'), 'x');
    await writeFile(join(folder, 'lost+found.txt'), 'x');
    expect(await list('prj_1/')).toEqual(['prj_1/snp_1/a', 'prj_1/snp_2/b']);
  });
});

test('a folder that is gone is not made again, nor taken for an empty one', async () => {
  await rm(folder, { recursive: true });
  expect((await ask('?prefix=prj_1/')).status).toBe(503);
  for (const [method, body] of [['PUT', 'x'], ['GET'], ['DELETE']] as const)
    expect((await ask('prj_1/snp_1/a', method, body)).status).toBe(503);
  expect(await readdir(outer)).toEqual([]);
});
