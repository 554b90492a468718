import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBootstrapToken } from './bootstrap-token.ts';

const TOKEN = 'a-token-for-the-first-run';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-bootstrap-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text, { mode });
  return path;
}

test('comes from the usual variable, another one, or a file', async () => {
  expect(await readBootstrapToken(undefined, {})).toEqual({});
  expect(await readBootstrapToken(undefined, { COUNTERSIGN_BOOTSTRAP_TOKEN: TOKEN })).toEqual({
    token: TOKEN,
  });
  expect(await readBootstrapToken({ env: 'OTHER' }, { OTHER: TOKEN })).toEqual({ token: TOKEN });
  expect(await readBootstrapToken({ file: await file('good', `${TOKEN}\n`) }, {})).toEqual({ token: TOKEN });
});

test('one that cannot be used is told without being shown, and is no token', async () => {
  const all = [
    await readBootstrapToken(undefined, { COUNTERSIGN_BOOTSTRAP_TOKEN: 'too short' }),
    await readBootstrapToken(undefined, { COUNTERSIGN_BOOTSTRAP_TOKEN: '' }),
    await readBootstrapToken({ env: 'OTHER' }, { COUNTERSIGN_BOOTSTRAP_TOKEN: TOKEN }),
    await readBootstrapToken({ file: await file('long', `${TOKEN} ${TOKEN}`) }, {}),
    await readBootstrapToken({ file: await file('open', TOKEN, 0o644) }, {}),
    await readBootstrapToken({ file: join(folder, 'none') }, {}),
  ];
  for (const found of all) {
    expect(found).toEqual({ warning: expect.stringContaining('there is no first run') });
    expect(JSON.stringify(found)).not.toContain(TOKEN);
  }
});
