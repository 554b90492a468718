import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicKeys } from '@countersign/protocol/backup/snapshot-keys';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSnapshotKeys } from './snapshot-keys.ts';
import { storePaths } from './store-paths.ts';

let folder: string;
let backups: string;
let paths: ReturnType<typeof storePaths>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-snapshot-keys-'));
  paths = storePaths(folder);
  backups = join(folder, 'backups');
  await mkdir(backups);
});
afterEach(() => rm(folder, { recursive: true }));

const read = (
  ...[reference, environment = {}]: [Parameters<typeof readSnapshotKeys>[0]?, NodeJS.ProcessEnv?]
) => readSnapshotKeys(reference, paths, backups, environment);
const refused = (message: RegExp) => ({ code: 'secrets_unusable', message: expect.stringMatching(message) });

test('one is made at the first start, for its owner alone, and is the same ever after', async () => {
  const made = await read();
  expect(made).toEqual([expect.objectContaining({ crv: 'Ed25519', d: expect.any(String) })]);
  expect((await stat(paths.snapshotKeys)).mode & 0o777).toBe(0o600);
  await mkdir(join(backups, 'prj_1', `snp_${'0'.repeat(26)}`), { recursive: true });
  expect(await read()).toEqual(made);
});

test('none is made in place of one that signed what is there', async () => {
  await mkdir(join(backups, 'prj_1', `snp_${'0'.repeat(26)}`), { recursive: true });
  await expect(read()).rejects.toMatchObject(refused(/is not there, and .* holds snapshots/));
  await expect(stat(paths.snapshotKeys)).rejects.toMatchObject({ code: 'ENOENT' });
});

describe('keys', () => {
  test('come from a variable or a file: a new one signs, and the old ones need no private part', async () => {
    const [old] = await read();
    if (old === undefined) throw new TypeError('no key was made');
    await rm(paths.snapshotKeys);
    const [newer] = await read();
    const text = JSON.stringify([newer, ...publicKeys([old])]);
    const kids = [newer?.kid, old.kid];
    expect((await read({ env: 'KEYS' }, { KEYS: text })).map(({ kid }) => kid)).toEqual(kids);
    await writeFile(paths.snapshotKeys, text);
    expect((await read({ file: paths.snapshotKeys })).map(({ kid }) => kid)).toEqual(kids);
  });

  test.each([
    ['missing', undefined],
    ['not JSON', 'topsecret'],
    ['none', '[]'],
    ['without a private part', '[{"kid":"topsecret","kty":"OKP","crv":"Ed25519","x":"x"}]'],
  ])('that are %s are refused, and not quoted', async (_what, text) => {
    const fault = await read({ env: 'KEYS' }, { KEYS: text }).catch((error: unknown) => error);
    expect(fault).toMatchObject(refused(/^the environment variable KEYS/));
    expect(String(fault)).not.toContain('topsecret');
  });

  test('in a file that others can read are not used', async () => {
    await read();
    const text = await readFile(paths.snapshotKeys, 'utf8');
    const file = join(folder, 'open');
    await writeFile(file, text, { mode: 0o644 });
    await expect(read({ file })).rejects.toMatchObject(refused(/other users/));
  });
});
