import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

const OLD = 'the-old-key-of-tokens-and-long-enough';

let folder: string;
let file: string;
let holders: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
  file = join(folder, 'token-mac-keys');
  holders = join(folder, 'holders.json');
  await writeFile(file, `${OLD}\n`, { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true }));

const json = async (...args: string[]) => JSON.parse((await runCli([...args, '--json'])).out);
const rotated = () => json('keys', 'rotate', 'tokens', '--file', file);
const keysIn = async () => (await readFile(file, 'utf8')).trim().split('\n');
const retire = (key: string, ...more: string[]) =>
  runCli(['keys', 'retire', 'tokens', key, '--file', file, ...more]);

/** As wrangler says it. */
const said = (results: readonly object[]) =>
  writeFile(holders, JSON.stringify([{ results, success: true, meta: { rows_read: 1 } }]));
const holder = (key_id: string | null) => ({
  ...{ project_id: 'prj_1', credential_id: 'agt_1', kind: 'agent', name: 'bot', expires_at: null },
  key_id,
});

describe('keys of a plane that runs elsewhere', () => {
  test('get a new one in front, and each Worker learns it before anybody signs with it', async () => {
    const { key_id, key_ids, next } = await rotated();
    const [fresh, ...older] = await keysIn();
    expect(older).toEqual([OLD]);
    expect(key_ids).toHaveLength(2);
    expect(key_ids[0]).toBe(key_id);
    const put = (more: string, worker: string) =>
      `countersign keys secret tokens --file ${file}${more} | wrangler secret put TOKEN_MAC_KEYS --config ${worker}`;
    expect(next).toEqual([
      put(' --known-only', 'wrangler.toml'),
      put(' --known-only', 'workers/provisioner/wrangler.toml'),
      put('', 'wrangler.toml'),
      put('', 'workers/provisioner/wrangler.toml'),
    ]);
    const secret = (...more: string[]) => json('keys', 'secret', 'tokens', '--file', file, ...more);
    expect(await secret('--known-only')).toEqual([OLD, fresh]);
    expect(await secret()).toEqual([fresh, OLD]);
    const text = await runCli(['keys', 'rotate', 'tokens', '--file', file]);
    for (const key of await keysIn()) expect(text.out + text.err).not.toContain(key);
  });

  test('are not printed to a terminal', async () => {
    const ran = await runCli(['keys', 'secret', 'tokens', '--file', file], { isTerminal: true });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).not.toContain(OLD);
  });

  test('are retired when the databases say that nothing depends on them', async () => {
    const [newest, old] = (await rotated()).key_ids;
    const before = await keysIn();
    expect(await retire(old)).toMatchObject({ code: 4, err: expect.stringContaining('--holders FILE') });
    for (const key of [old, null]) {
      await said([holder(newest), holder(key)]);
      const ran = await retire(old, '--holders', holders);
      expect(ran).toMatchObject({ code: 4, out: '', err: expect.stringContaining('agt_1 (agent) of prj_1') });
      expect(ran.err).toContain('1 credentials');
    }
    expect(await retire(newest, '--holders', holders)).toMatchObject({ code: 4 });
    expect(await retire('mk_none', '--holders', holders)).toMatchObject({ code: 2 });
    expect(await keysIn()).toEqual(before);
    await said([holder(newest)]);
    expect(await retire(old, '--holders', holders)).toMatchObject({ code: 0, err: '' });
    expect(await keysIn()).toEqual(before.slice(0, 1));
  });

  test.each(['', '{}', '[{"results":[],"success":false}]', '[{"results":[{"a":1}],"success":true}]'])(
    'are not retired by what says nothing of credentials: %s',
    async (text) => {
      const [, old] = (await rotated()).key_ids;
      await writeFile(holders, text);
      expect(await retire(old, '--holders', holders)).toMatchObject({ code: 2, out: '' });
      expect(await keysIn()).toHaveLength(2);
    },
  );
});

test.each([
  ['another kind', ['rotate', 'passwords', '--file', 'x']],
  ['two places', ['rotate', 'tokens', '--file', 'x', '--config', 'y']],
  ['holders of a plane that is here', ['retire', 'tokens', 'mk_1', '--holders', 'x']],
  ['no file', ['secret', 'tokens']],
])('%s is usage', async (_what, args) => {
  expect(await runCli(['keys', ...args])).toMatchObject({ code: 2, out: '' });
});
