import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertBackupFolder, ensureStoreFolder } from './store-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

const unusable = (message: RegExp) => ({ code: 'store_unusable', message: expect.stringMatching(message) });

test('a store is made with the folders above it, for its owner alone', async () => {
  const store = join(folder, 'a/b');
  await ensureStoreFolder(store);
  await ensureStoreFolder(store);
  expect((await stat(store)).mode & 0o777).toBe(0o700);
});

test('a store that others may enter is not used, and not changed', async () => {
  await chmod(folder, 0o755);
  await expect(ensureStoreFolder(folder)).rejects.toMatchObject(unusable(/open to other users/));
  expect((await stat(folder)).mode & 0o777).toBe(0o755);
});

test('what is no folder cannot be a store, nor take backups', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(ensureStoreFolder(join(file, 'store'))).rejects.toMatchObject(unusable(/ENOTDIR/));
  await expect(assertBackupFolder(join(file, 'backups'), folder)).rejects.toMatchObject(unusable(/ENOTDIR/));
});

test('a backup destination must be there: what is not mounted would fill this disk', async () => {
  await expect(assertBackupFolder(join(folder, 'none'), folder)).rejects.toMatchObject(unusable(/ENOENT/));
  const store = join(folder, 'store');
  await mkdir(store);
  await expect(assertBackupFolder(folder, store)).resolves.toBeUndefined();
  const beside = join(folder, '..backups');
  await mkdir(beside);
  await expect(assertBackupFolder(beside, store)).resolves.toBeUndefined();
});

test('a backup destination in the store would be lost with it, by whatever way it is named', async () => {
  const store = join(folder, 'store');
  const inside = join(store, 'backups');
  await mkdir(inside, { recursive: true });
  await symlink(inside, join(folder, 'link'));
  for (const backups of [store, inside, join(folder, 'link')])
    await expect(assertBackupFolder(backups, store)).rejects.toMatchObject(unusable(/lies in the store/));
});
