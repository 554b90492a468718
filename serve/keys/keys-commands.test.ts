import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holdLock } from '../held-lock.ts';
import { writePidFile } from '../pid-file.ts';
import { storePaths } from '../store-paths.ts';
import { listKeys, retireKey, rotateKeys } from './keys-commands.ts';
import { tokenKeys } from './token-keys.ts';

const NEW = 'n'.repeat(40);
const OLD = 'o'.repeat(40);
const [newId, oldId] = [tokenKeys.idOf(NEW), tokenKeys.idOf(OLD)];

let folder: string;
let config: string;
let paths: ReturnType<typeof storePaths>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-commands-'));
  config = join(folder, 'countersign.json');
  paths = storePaths(join(folder, 'store'));
  await mkdir(join(folder, 'store'), { mode: 0o700 });
  await writeFile(config, '{ "store": "store", "issuers": [] }');
  await writeFile(paths.macKeys, tokenKeys.print([NEW, OLD]), { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true }));

const retire = () => retireKey('tokens', oldId, { config });
const keys = async () => (await readFile(paths.macKeys, 'utf8')).trim().split('\n');
const inUse = (message: RegExp) => ({ code: 'key_in_use', message: expect.stringMatching(message) });

interface Credential {
  readonly id: string;
  readonly key?: string;
  readonly status?: string;
  readonly expiresAt?: number;
}

/** A database as a plane keeps one, with what is asked of it. */
async function record(credentials: readonly Credential[]): Promise<void> {
  const d1 = join(paths.plane, 'd1/miniflare-D1DatabaseObject');
  await mkdir(d1, { recursive: true });
  const database = new DatabaseSync(join(d1, 'one.sqlite'));
  database.exec(
    'CREATE TABLE credentials (tenant, credential_id, kind, name, status, expires_at, tip_seq);' +
      'CREATE TABLE ledger (tenant, seq, body, prev_subject_seq)',
  );
  const entry = database.prepare('INSERT INTO ledger VALUES (?, ?, ?, ?)');
  const row = database.prepare('INSERT INTO credentials VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const [place, { expiresAt = null, id, key, status = 'active' }] of credentials.entries()) {
    const [issued, ended] = [place * 2 + 1, place * 2 + 2];
    entry.run('prj_1', issued, JSON.stringify(key === undefined ? {} : { mac_key: key }), null);
    if (status === 'retiring') entry.run('prj_1', ended, '{}', issued);
    row.run('prj_1', id, 'agent', 'bot', status, expiresAt, status === 'retiring' ? ended : issued);
  }
  database.close();
}

describe('an old key of tokens', () => {
  test.each<[string, Credential]>([
    ['made one that counts', { id: 'c', key: oldId }],
    [
      'made one that retires, and has not ended',
      { id: 'c', key: oldId, status: 'retiring', expiresAt: 1e14 },
    ],
    ['may have made one, since nobody noted which did', { id: 'c' }],
  ])('that %s is not retired', async (_what, credential) => {
    await record([{ id: 'other', key: newId }, credential]);
    await expect(retire()).rejects.toMatchObject(inUse(/^1 credentials .*: c \(agent\) of prj_1$/));
    expect(await keys()).toEqual([NEW, OLD]);
    expect((await listKeys(config, {})).held_by_older).toMatchObject([{ credential_id: 'c' }]);
  });

  test.each<[string, Credential[]]>([
    ['nothing', []],
    ['one of the newest key', [{ id: 'c', key: newId }]],
    ['one of a key of another installation', [{ id: 'c', key: 'mk_elsewhere' }]],
    ['one that was revoked', [{ id: 'c', key: oldId, status: 'revoked' }]],
    ['one that has ended', [{ id: 'c', key: oldId, status: 'retiring', expiresAt: 1 }]],
  ])('goes where there is %s', async (_what, credentials) => {
    await record(credentials);
    expect(await retire()).toMatchObject({ key_id: oldId, key_ids: [newId] });
    expect(await keys()).toEqual([NEW]);
  });

  test('is not retired where the record cannot be read', async () => {
    const d1 = join(paths.plane, 'd1/miniflare-D1DatabaseObject');
    await mkdir(d1, { recursive: true });
    await writeFile(join(d1, 'one.sqlite'), 'not a database, and long enough to be looked at as one');
    await expect(retire()).rejects.toThrow(/not a database/);
    expect(await keys()).toEqual([NEW, OLD]);
  });

  test('is not retired while the plane that runs makes tokens with it', async () => {
    const unlock = holdLock(paths.lock, 0);
    const told = { pid: process.pid, version: '0.1.0', started_at: new Date().toISOString() };
    const rest = { url: null, log: null, warnings: [] };
    for (const known of [[], [oldId]]) {
      await writePidFile(paths.pid, { ...told, ...rest, token_keys: known });
      await expect(retire()).rejects.toMatchObject(inUse(/has not taken the newest key/));
    }
    await writePidFile(paths.pid, { ...told, ...rest, token_keys: [newId, oldId] });
    await retire();
    unlock?.();
    expect(await keys()).toEqual([NEW]);
  });
});

test('a rotation names what makes it hold, and the list counts what each key has made', async () => {
  await record([
    { id: 'a', key: oldId },
    { id: 'b', key: oldId },
  ]);
  const { key_ids, next } = await rotateKeys('tokens', { config });
  expect(key_ids.slice(1)).toEqual([newId, oldId]);
  expect(next).toEqual([
    `countersign serve --stop --config ${config}`,
    `countersign serve --daemon --config ${config}`,
  ]);
  expect((await listKeys(config, {})).keys).toMatchObject([
    { key_id: key_ids[0], signs: true, signed: 0 },
    { key_id: newId, signs: false, signed: 0 },
    { key_id: oldId, signs: false, signed: 2 },
  ]);
});
