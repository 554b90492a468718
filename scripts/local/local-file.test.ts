import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalFile, localFilePath, readLocalFile, writeLocalFile } from './local-file.ts';

const CONTENT: LocalFile = {
  url: 'http://127.0.0.1:8787',
  project_id: 'acme',
  source_id: 'billing',
  database_url: 'postgresql://postgres@127.0.0.1:54329/postgres',
  issuer: 'http://127.0.0.1:8788',
  tokens: { owner: 'o', approver: 'a', agent: 'g', runner: 'r' },
};

let parent: string;
let stateFolder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'countersign-local-'));
  stateFolder = join(parent, '.countersign');
});

afterEach(() => rm(parent, { recursive: true }));

async function mode(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test('what was written is read, and only its owner can read it', async () => {
  await writeLocalFile(stateFolder, CONTENT);
  expect(await readLocalFile(stateFolder)).toEqual(CONTENT);
  expect(await mode(stateFolder)).toBe(0o700);
  expect(await mode(localFilePath(stateFolder))).toBe(0o600);
});

test('rewriting tightens a mode that was opened, and leaves no draft behind', async () => {
  await writeLocalFile(stateFolder, CONTENT);
  await chmod(stateFolder, 0o755);
  await chmod(localFilePath(stateFolder), 0o644);
  await writeLocalFile(stateFolder, { ...CONTENT, project_id: 'another' });
  expect(await readLocalFile(stateFolder)).toMatchObject({ project_id: 'another' });
  expect(await mode(stateFolder)).toBe(0o700);
  expect(await mode(localFilePath(stateFolder))).toBe(0o600);
  expect(await readdir(stateFolder)).toEqual(['local.json']);
});

test('readers never see half a file', async () => {
  await writeLocalFile(stateFolder, CONTENT);
  const long = { ...CONTENT, tokens: { ...CONTENT.tokens, owner: 'o'.repeat(500_000) } };
  const writes = (async () => {
    for (let round = 0; round < 20; round++)
      await writeLocalFile(stateFolder, round % 2 === 0 ? long : CONTENT);
    return 'written';
  })();
  let reads = 0;
  while ((await Promise.race([writes, readLocalFile(stateFolder)])) !== 'written') reads++;
  expect(reads).toBeGreaterThan(0);
});

test('there is none before the first start', async () => {
  expect(await readLocalFile(stateFolder)).toBeNull();
});

test.each(['', '{}', JSON.stringify({ ...CONTENT, extra: 1 })])(
  'one that holds %j is refused',
  async (text) => {
    await writeLocalFile(stateFolder, CONTENT);
    await writeFile(localFilePath(stateFolder), text);
    await expect(readLocalFile(stateFolder)).rejects.toMatchObject({ code: 'local_file_invalid' });
  },
);

test('a file that lacks something is not written', async () => {
  const incomplete = { ...CONTENT, tokens: { ...CONTENT.tokens, agent: '' } };
  await expect(writeLocalFile(stateFolder, incomplete)).rejects.toThrow();
  expect(await readLocalFile(stateFolder)).toBeNull();
});
