import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readSecret, type SecretReference } from './secret.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-secret-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'one-')), 'token');
  await writeFile(path, text);
  return path;
}

/** The faults of a secret that cannot be had. */
async function faultsOf(
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  try {
    await readSecret(reference, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('a secret by its file', () => {
  test('is read without the line end', async () => {
    expect(await readSecret({ file: await fileOf('syn_run_abc\n') }, {})).toBe('syn_run_abc');
  });

  test('is named by its path where it is not there', async () => {
    expect(await faultsOf({ file: '/nowhere/token' }, {})).toEqual([
      'the secret file /nowhere/token cannot be read (ENOENT)',
    ]);
  });

  test('is named by its path where it is empty', async () => {
    const file = await fileOf(' \n');
    expect(await faultsOf({ file }, {})).toEqual([`the secret file ${file} is empty`]);
  });
});

describe('a secret by the name of a variable', () => {
  const token = { env: 'TOKEN' };

  test('is what the variable holds', async () => {
    expect(await readSecret(token, { TOKEN: 'syn_run_abc\n' })).toBe('syn_run_abc');
  });

  test.each(['\n', '\r\n', ''])(
    'is what is in the file that NAME_FILE names, without %j at its end',
    async (end) => {
      expect(await readSecret(token, { TOKEN_FILE: await fileOf(`syn_run_abc${end}`) })).toBe('syn_run_abc');
    },
  );

  test('is read anew each time, so that a file that was replaced is taken', async () => {
    const file = await fileOf('syn_run_old\n');
    expect(await readSecret(token, { TOKEN_FILE: file })).toBe('syn_run_old');
    await rename(await fileOf('syn_run_new\n'), file);
    expect(await readSecret(token, { TOKEN_FILE: file })).toBe('syn_run_new');
  });

  test('is taken from the one that is set where the other is empty', async () => {
    const file = await fileOf('syn_run_file');
    expect(await readSecret(token, { TOKEN: '', TOKEN_FILE: file })).toBe('syn_run_file');
    expect(await readSecret(token, { TOKEN: 'syn_run_abc', TOKEN_FILE: ' ' })).toBe('syn_run_abc');
  });

  test('is refused where both are set, even to the same', async () => {
    const environment = { TOKEN: 'syn_run_abc', TOKEN_FILE: await fileOf('syn_run_abc') };
    expect(await faultsOf(token, environment)).toEqual([
      'the environment variables TOKEN and TOKEN_FILE are both set: unset one, since they may differ',
    ]);
  });

  test.each([{}, { TOKEN: ' ' }, { TOKEN: '', TOKEN_FILE: '' }])('is missing in %j', async (environment) => {
    expect(await faultsOf(token, environment)).toEqual([
      'the environment variable TOKEN is not set or empty, and TOKEN_FILE names no file: set one of them',
    ]);
  });

  test('is missing where the file is empty', async () => {
    expect(await faultsOf(token, { TOKEN_FILE: await fileOf('\n') })).toEqual([
      'the file that the environment variable TOKEN_FILE names is empty',
    ]);
  });

  test('is missing where the file is a folder', async () => {
    const path = join(folder, 'mounted');
    await mkdir(path);
    expect(await faultsOf(token, { TOKEN_FILE: path })).toEqual([
      'the file that the environment variable TOKEN_FILE names cannot be read (EISDIR)',
    ]);
  });

  test('is not told where NAME_FILE holds it instead of a path', async () => {
    expect(await faultsOf(token, { TOKEN_FILE: 'syn_run_topsecret' })).toEqual([
      'the file that the environment variable TOKEN_FILE names cannot be read (ENOENT)',
    ]);
  });
});
