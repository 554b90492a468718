import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

let folder: string;
let config: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-serving-'));
  config = join(folder, 'countersign.json');
  await writeFile(config, '{ "store": "store", "issuers": [] }');
});
afterAll(() => rm(folder, { recursive: true }));

describe('serve', () => {
  test.each([
    ['none', []],
    ['two', ['--daemon', '--stop']],
    ['all', ['--foreground', '--daemon', '--stop']],
  ])('needs to know which of its ways is meant: with %s it does nothing', async (_what, ways) => {
    const ran = await runCli(['serve', ...ways, '--config', config]);
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--foreground, --daemon') });
  });

  test.each(['--foreground', '--daemon', '--stop'])(
    '%s with a configuration that is wrong is usage',
    async (way) => {
      const wrong = join(folder, 'wrong.json');
      await writeFile(wrong, '{ "store": "store", "issuers": [], "port": 1 }');
      const ran = await runCli(['serve', way, '--config', wrong]);
      expect(ran).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('$.port: this field is not known'),
      });
      expect(ran.err).toContain('\n  next: ');
    },
  );

  test('--stop of what does not run fails, and says that nothing is lost', async () => {
    const ran = await runCli(['serve', '--stop', '--config', config]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('whatever was acknowledged is stored');
  });

  test('--daemon does not use a file as a store', async () => {
    const other = join(folder, 'other.json');
    await writeFile(other, '{ "store": "countersign.json", "issuers": [] }');
    const ran = await runCli(['serve', '--daemon', '--config', other, '--json']);
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(JSON.parse(ran.err)).toMatchObject({ ok: false, exit_code: 3, next: expect.any(String) });
  });
});

describe('status of a configuration', () => {
  test('that nobody serves is an answer, and ends with 1', async () => {
    const ran = await runCli(['status', '--config', config]);
    expect(ran).toMatchObject({ code: 1, err: '', out: expect.stringMatching(/^state +not running$/m) });
    const { code, out } = await runCli(['status', '--config', config, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ running: false, store: join(folder, 'store'), tenants: null });
  });
});
