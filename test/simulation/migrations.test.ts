import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteDatabase } from '../support/sqlite-database.ts';

const migration = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../migrations', name), 'utf8').replaceAll(
    '--> statement-breakpoint',
    '',
  );

test('a ledger with entries takes the name of the batch, and keeps what it held', () => {
  const database = new SqliteDatabase(migration('0000_initial.sql'));
  database.sqlite.exec(`INSERT INTO ledger
    (tenant, seq, at, actor_kind, actor_id, type, subject, body, prev_hash, hash)
    VALUES ('prj_a', 1, 5, 'system', 'provisioner', 'tenant.created', 'tenant/prj_a', '{}', 'p', 'h')`);
  const before = database.sqlite.prepare('SELECT * FROM ledger').all();
  database.sqlite.exec(migration('0001_ledger_nonce.sql'));
  expect(database.sqlite.prepare('SELECT * FROM ledger').all()).toEqual([{ ...before[0], nonce: '' }]);
});
