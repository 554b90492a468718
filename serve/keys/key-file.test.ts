import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdLock } from '../held-lock.ts';
import { changeKeys, readKeys } from './key-file.ts';
import { tokenKeys } from './token-keys.ts';

const OLD = 'o'.repeat(40);
const NEW = 'n'.repeat(40);

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-key-file-'));
  file = join(folder, 'keys');
  await writeFile(file, `${OLD}\n`, { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true }));

const change = (path = file) => changeKeys(tokenKeys, { file: path }, (keys) => [NEW, ...keys]);

test('a list is replaced, and keeps its mode', async () => {
  await chmod(file, 0o400);
  expect(await change()).toEqual([NEW, OLD]);
  expect(await readKeys(tokenKeys, { file }, {})).toEqual([NEW, OLD]);
  expect((await stat(file)).mode & 0o777).toBe(0o400);
});

test('what a crash left beside it is neither read nor kept', async () => {
  await writeFile(`${file}.unfinished`, 'half of a ke', { mode: 0o644 });
  expect(await readKeys(tokenKeys, { file }, {})).toEqual([OLD]);
  await change();
  expect((await readdir(folder)).filter((name) => name.includes('unfinished'))).toEqual([]);
  expect(await readFile(file, 'utf8')).toBe(`${NEW}\n${OLD}\n`);
});

test('a change that is refused leaves the file as it was', async () => {
  const refusal = new Error('not now');
  const refusing = () => {
    throw refusal;
  };
  await expect(changeKeys(tokenKeys, { file }, refusing)).rejects.toBe(refusal);
  expect(await readFile(file, 'utf8')).toBe(`${OLD}\n`);
  expect(await change()).toEqual([NEW, OLD]);
});

test('the file that a name leads to is changed, and the name still leads there', async () => {
  const name = join(folder, 'name');
  await symlink(file, name);
  await change(name);
  expect(await readFile(file, 'utf8')).toBe(`${NEW}\n${OLD}\n`);
  await change(name);
  expect(await readKeys(tokenKeys, { file }, {})).toHaveLength(3);
});

test('of two who change it at once neither undoes the other', async () => {
  const third = 't'.repeat(40);
  const both = [change(), changeKeys(tokenKeys, { file }, (keys) => [third, ...keys])];
  const ended = await Promise.allSettled(both);
  const done = ended.filter(({ status }) => status === 'fulfilled');
  expect(done.length).toBeGreaterThan(0);
  expect(await readKeys(tokenKeys, { file }, {})).toHaveLength(1 + done.length);
});

test('what somebody else is at is not changed', async () => {
  const unlock = holdLock(`${file}.lock`, 0);
  await expect(change()).rejects.toMatchObject({ code: 'keys_busy' });
  unlock?.();
  expect(await readFile(file, 'utf8')).toBe(`${OLD}\n`);
});

test.each([
  ['a variable', { env: 'KEYS' }],
  ['a file that is not there', { file: '/nowhere/keys' }],
])('%s cannot be changed', async (_what, reference) => {
  await expect(changeKeys(tokenKeys, reference, (keys) => keys)).rejects.toMatchObject({
    code: 'secrets_unusable',
  });
});

test('what is no list is neither changed nor quoted', async () => {
  await writeFile(file, 'short-and-secret');
  const fault = await change().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 'secrets_unusable' });
  expect(String(fault)).not.toContain('short-and-secret');
});
