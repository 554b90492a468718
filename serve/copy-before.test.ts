import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BEFORE_UPGRADES, copiesBeside, copyBefore } from './copy-before.ts';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const RECORD = 'd1/objects/record.sqlite';

let folder: string;
let persist: string;
let copies: string;
/** Open, as somebody has it who is killed: what was written last stands beside the file and not in it. */
let database: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-copy-'));
  persist = join(folder, 'plane');
  copies = copiesBeside(persist, undefined);
  mkdirSync(join(persist, 'd1/objects'), { recursive: true });
  database = new DatabaseSync(join(persist, RECORD));
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE heads (tenant text, seq integer, hash text);
    INSERT INTO heads VALUES ('prj_1', 2, 'h2');
    CREATE TABLE ledger (seq integer, hash text);
    INSERT INTO ledger VALUES (1, 'h1'), (2, 'h2');`);
  database.exec('PRAGMA wal_autocheckpoint = 0');
  database.exec("INSERT INTO ledger VALUES (3, 'h3')");
  writeFileSync(join(persist, 'd1/blob'), 'bytes');
});
afterEach(() => {
  if (database.isOpen) database.close();
  rmSync(folder, { recursive: true });
});

test('everything is copied, with what is not in its file yet, and stands under its name when it is whole', async () => {
  const copy = await copyBefore(persist, copies, NOW);
  expect(copy).toBe(join(copies, '2026-01-02T03-04-05-678Z'));
  const copied = new DatabaseSync(join(copy, RECORD), { readOnly: true });
  expect(copied.prepare('SELECT count(*) AS rows FROM ledger').all()).toEqual([{ rows: 3 }]);
  copied.close();
  expect(readFileSync(join(copy, 'd1/blob'), 'utf8')).toBe('bytes');
  expect(readdirSync(copies)).toEqual(['2026-01-02T03-04-05-678Z']);
});

test('what is no sound database is not taken for one, and no copy is left', async () => {
  database.close();
  const file = join(persist, RECORD);
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4_096, 8_192);
  writeFileSync(file, bytes);
  await expect(copyBefore(persist, copies, NOW)).rejects.toMatchObject({ code: 'copy_failed' });
  expect(readdirSync(copies)).toEqual([]);
});

test('where nothing can be written there is no copy', async () => {
  writeFileSync(copies, 'a file');
  await expect(copyBefore(persist, copies, NOW)).rejects.toMatchObject({
    code: 'copy_failed',
    message: expect.stringContaining('ENOTDIR'),
  });
});

test('a copy that is there is not written over', async () => {
  await copyBefore(persist, copies, NOW);
  await expect(copyBefore(persist, copies, NOW)).rejects.toMatchObject({ code: 'copy_failed' });
});

test('copies lie in the backup destination where there is one', () => {
  expect(copiesBeside('/s/plane', '/mnt/b')).toBe(join('/mnt/b', BEFORE_UPGRADES));
  expect(copiesBeside('/s/plane', undefined)).toBe('/s/plane.before-upgrades');
});
