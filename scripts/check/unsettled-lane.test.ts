import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const UNDER_TEST = '0008_r2_unsettled_lane.sql';
const sqlOf = (name: string) => readFileSync(join(MIGRATIONS, name), 'utf8');

let database: DatabaseSync;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  for (const name of globSync('*.sql', { cwd: MIGRATIONS }).sort())
    if (name < UNDER_TEST) database.exec(sqlOf(name));
});
afterEach(() => database.close());

function proposal(tenant: string, seq: number, changes: Readonly<Record<string, string | number | null>>) {
  const row: Readonly<Record<string, string | number | null>> = {
    ...{ tenant, seq, proposal_id: `wrp_${seq}`, source_id: 's', state: 'applied', proposer_kind: 'service' },
    ...{
      proposer_id: 'c',
      principal_id: 'p',
      proposal_hash: 'h',
      effect_digest: 'e',
      writable: 1,
      decisions: '[]',
    },
    ...{
      created_at: 1,
      updated_at: 70 + seq,
      expires_at: 9,
      attempt: 1,
      charged: 0,
      tip_seq: seq,
      tip_hash: 't',
    },
    ...{ remembered: '[]', job_state: 'applied', lane: null, rank: null },
    ...changes,
  };
  const names = Object.keys(row);
  database
    .prepare(`INSERT INTO proposals (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    .run(...Object.values(row));
}

function head(tenant: string, counters: object) {
  database
    .prepare("INSERT INTO heads (tenant, turn, nonce, seq, hash, counters) VALUES (?, 5, 'n', 9, 'h', ?)")
    .run(tenant, JSON.stringify(counters));
}

const lanes = () =>
  database.prepare('SELECT tenant, seq, lane, rank FROM proposals ORDER BY tenant, seq').all();
const heads = () => database.prepare('SELECT tenant, turn, counters FROM heads ORDER BY tenant').all();

const unsettled = { state: 'indeterminate', job_state: 'reconciliation_required' };

test('what nobody can settle is put into its lane and counted, and its head moves', () => {
  head('a', { review: 2 });
  proposal('a', 1, unsettled);
  proposal('a', 2, { ...unsettled, job_state: 'applied' });
  proposal('a', 3, {});
  database.exec(sqlOf(UNDER_TEST));
  expect(lanes()).toEqual([
    { tenant: 'a', seq: 1, lane: 'unknown', rank: 71 },
    { tenant: 'a', seq: 2, lane: 'unknown', rank: 72 },
    { tenant: 'a', seq: 3, lane: null, rank: null },
  ]);
  expect(heads()).toEqual([{ tenant: 'a', turn: 6, counters: '{"review":2,"unknown":2}' }]);
});

test('what is in a lane already is left there, and counted once; other tenants are not touched', () => {
  head('a', { unknown: 1 });
  proposal('a', 1, { ...unsettled, lane: 'unknown', rank: 71 });
  proposal('a', 2, unsettled);
  head('b', { unknown: 1 });
  proposal('b', 1, { ...unsettled, lane: 'unknown', rank: 71 });
  database.exec(sqlOf(UNDER_TEST));
  expect(heads()).toEqual([
    { tenant: 'a', turn: 6, counters: '{"unknown":2}' },
    { tenant: 'b', turn: 5, counters: '{"unknown":1}' },
  ]);
  const after = lanes();
  database.exec(sqlOf(UNDER_TEST));
  expect([lanes(), heads()[0]]).toEqual([after, { tenant: 'a', turn: 6, counters: '{"unknown":2}' }]);
});
