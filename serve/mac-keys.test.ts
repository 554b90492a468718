import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMacKeys } from './mac-keys.ts';
import { storePaths } from './store-paths.ts';

const NEW = 'n'.repeat(32);
const OLD = 'o'.repeat(40);

let store: string;
let paths: ReturnType<typeof storePaths>;

beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
  paths = storePaths(store);
});
afterEach(() => rm(store, { recursive: true }));

const refused = (message: RegExp) => ({ code: 'secrets_unusable', message: expect.stringMatching(message) });

async function fileWith(text: string, mode: number): Promise<{ readonly file: string }> {
  const file = join(store, 'keys');
  await writeFile(file, text);
  await chmod(file, mode);
  return { file };
}

describe('where no keys are named', () => {
  test('one is made at the first start, for its owner alone, and is the same ever after', async () => {
    const made = await readMacKeys(undefined, paths, {});
    expect(made).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect((await stat(paths.macKeys)).mode & 0o777).toBe(0o600);
    await mkdir(paths.plane);
    expect(await readMacKeys(undefined, paths, {})).toEqual(made);
  });

  test('none is made for a store that has tokens out there', async () => {
    await mkdir(paths.plane);
    await expect(readMacKeys(undefined, paths, {})).rejects.toMatchObject(refused(/is not there/));
    await expect(readFile(paths.macKeys)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('keys', () => {
  test('come from a variable or a file, one a line, newest first', async () => {
    const text = `${NEW}\n${OLD}\n`;
    expect(await readMacKeys({ env: 'KEYS' }, paths, { KEYS: text })).toEqual([NEW, OLD]);
    expect(await readMacKeys(await fileWith(text, 0o600), paths, {})).toEqual([NEW, OLD]);
    expect(await readMacKeys(await fileWith(text, 0o400), paths, {})).toEqual([NEW, OLD]);
  });

  test.each([0o640, 0o604, 0o660])(
    'in a file of mode %o, which others can read, are not used',
    async (mode) => {
      await expect(readMacKeys(await fileWith(NEW, mode), paths, {})).rejects.toMatchObject(
        refused(/other users/),
      );
    },
  );

  test.each([
    ['missing', undefined],
    ['empty', ' \n'],
    ['short', 'short-and-secret'],
    ['too many', Array.from({ length: 6 }, () => NEW).join('\n')],
  ])('that are %s are refused, and not quoted', async (_what, text) => {
    const fault = await readMacKeys({ env: 'KEYS' }, paths, { KEYS: text }).catch((error: unknown) => error);
    expect(fault).toMatchObject(refused(/^the environment variable KEYS/));
    expect(String(fault)).not.toContain('short-and-secret');
  });

  test('whose file is not there are refused', async () => {
    const file = join(store, 'none');
    await expect(readMacKeys({ file }, paths, {})).rejects.toMatchObject(refused(/ENOENT/));
  });
});
