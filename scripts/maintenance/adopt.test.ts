import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from '@countersign/serve/plane-files';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adopt } from './adopt.ts';
import { type Record, withValues } from './record.ts';

const wanted = {
  tenant: 'prj_1',
  label: 'acme',
  owner: "https://login.example O'Hara",
  shard: 'DB',
  region: '',
  now: 1,
};

let database: DatabaseSync;
let record: Record;

/** What wrangler is given is the text of the statements. */
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  for (const name of globSync('*.sql', { cwd: MIGRATIONS }).sort())
    database.exec(readFileSync(join(MIGRATIONS, name), 'utf8'));
  record = {
    read: async (statement) => database.prepare(withValues(statement)).all(),
    write: async (statements) => {
      for (const statement of statements) database.exec(withValues(statement));
    },
    close: async () => undefined,
  };
});
afterEach(() => database.close());

const lines = () => database.prepare('SELECT tenant, label, status, owner, shard FROM tenants').all();

test('a record that is to be restored gets a line that is closed, and of its owner', async () => {
  expect(await adopt(record, wanted)).toContain('countersign backup restore');
  const { label, owner, shard, tenant } = wanted;
  expect(lines()).toEqual([{ tenant, label, status: 'suspended', owner, shard }]);
});

test.each([
  ['the id', { ...wanted, label: 'other' }],
  ['the label', { ...wanted, tenant: 'prj_2' }],
])('%s of another is left to them', async (_what, second) => {
  await adopt(record, wanted);
  const before = lines();
  expect(await adopt(record, { ...second, owner: 'https://elsewhere.example 1' })).toContain(
    'nothing was written',
  );
  expect(lines()).toEqual(before);
});
