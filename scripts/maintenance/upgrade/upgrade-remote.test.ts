import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import { entryHash, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { MIGRATIONS } from '@countersign/serve/plane-files';
import { beforeEach, describe, expect, test } from 'vitest';
import { upgradeRemote } from './upgrade-remote.ts';
import { verifyRecordCopy } from './verify-record-copy.ts';

const TENANT = 'prj_1';
const wish = {
  databases: ['one', 'two'],
  workers: ['a.toml', 'b.toml'],
  isDeploying: true,
  known: ['0000_initial.sql', '0001_r2_more.sql'],
};

let ran: string[];
let said: string[];
beforeEach(() => {
  ran = [];
  said = [];
});

/** Entries of one subject, each behind the one before. */
function chain(count: number): readonly LedgerEntry[] {
  const all: LedgerEntry[] = [];
  while (all.length < count) {
    const before = all.at(-1);
    const entry = {
      tenant: TENANT,
      seq: all.length + 1,
      at: '2026-01-01T00:00:00.000Z',
      actor: { kind: 'system', id: 'system' },
      type: 'freeze.placed',
      subject: 'frz_1',
      body: { number: all.length },
      prev_hash: before?.hash ?? genesisHash(TENANT),
      prev_subject_seq: before?.seq ?? null,
      prev_subject_hash: before?.hash ?? null,
    } as const satisfies Omit<LedgerEntry, 'hash'>;
    all.push({ ...entry, hash: entryHash(entry) });
  }
  return all;
}

/** As `wrangler d1 export` writes it. */
function exported(entries = chain(3), { seq, hash } = { seq: 3, hash: entries.at(-1)?.hash }): string {
  const schema = globSync('*.sql', { cwd: MIGRATIONS })
    .sort()
    .map((name) => readFileSync(join(MIGRATIONS, name), 'utf8'));
  const text = (value: unknown) => (value === null ? 'NULL' : `'${String(value)}'`);
  const rows = entries.map(
    ({ actor, at, body, ...one }) =>
      `INSERT INTO ledger VALUES ('${TENANT}', ${one.seq}, ${Date.parse(at)}, '${actor.kind}', '${actor.id}', '${one.type}', '${one.subject}', '${canonicalJson(body)}', '${one.prev_hash}', ${one.prev_subject_seq ?? 'NULL'}, ${text(one.prev_subject_hash)}, '${one.hash}', '');`,
  );
  return [
    ...schema,
    "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO d1_migrations VALUES (1, '0000_initial.sql');",
    ...rows,
    `INSERT INTO heads (tenant, turn, nonce, seq, hash, counters) VALUES ('${TENANT}', 1, '', ${seq}, '${hash}', '{}');`,
  ].join('\n');
}

function upgrade(copies: Readonly<Record<string, string>>, changes = {}) {
  return upgradeRemote(
    { ...wish, ...changes },
    {
      wrangler: async (...args) => {
        ran.push(args.join(' '));
        return args.includes('time-travel') ? 'the bookmark' : '';
      },
      pathOf: (name) => name,
      read: async (path) => copies[path] ?? '',
      say: (line) => said.push(line),
    },
  );
}

describe('a copy', () => {
  test('is good where every ledger is whole up to its head', () => {
    expect(verifyRecordCopy(exported())).toEqual({
      migrations: ['0000_initial.sql'],
      tenants: [{ tenant: TENANT, entries: 3, trouble: null }],
    });
  });

  test.each([
    [
      'an entry was edited',
      exported(chain(3).map((one) => ({ ...one, body: { number: 7 } }))),
      'edited at 1',
    ],
    ['an entry is missing', exported(chain(3).toSpliced(1, 1)), /at 3$/],
    ['its end is missing', exported(chain(2), { seq: 3, hash: 'h' }), 'it ends at 2, and its head is 3'],
    ['its end is another', exported(chain(3), { seq: 3, hash: 'h' }), 'it ends at 3, and its head is 3'],
  ])('is not where %s', (_what, sql, trouble) => {
    const [tenant] = verifyRecordCopy(sql).tenants;
    expect(tenant?.trouble).toMatch(trouble);
  });
});

describe('an upgrade', () => {
  test('copies all, then migrates all, then deploys, and names both ways back', async () => {
    expect(await upgrade({ 'one.sql': exported(), 'two.sql': exported() })).toBe(true);
    expect(ran).toEqual([
      'd1 time-travel info one',
      'd1 export one --remote --skip-confirmation --output one.sql',
      'd1 time-travel info two',
      'd1 export two --remote --skip-confirmation --output two.sql',
      'd1 migrations apply one --remote',
      'd1 migrations apply two --remote',
      'deploy --config a.toml',
      'deploy --config b.toml',
    ]);
    expect(said).toContain('one: 1 projects, 3 entries, all of them good: one.sql');
    expect(said.join('\n')).toContain('the bookmark');
  });

  test('prints what deploys where it is not to deploy', async () => {
    await upgrade({ 'one.sql': exported(), 'two.sql': exported() }, { isDeploying: false });
    expect(ran.filter((command) => command.startsWith('deploy'))).toEqual([]);
    expect(said.at(-1)).toBe('now run: wrangler deploy --config b.toml');
  });

  test.each([
    ['two releases behind', [...wish.known, '0002_r3_more.sql'], "is of release 1, and this build's of 3"],
    ['ahead', [], "is of release 2, and this build's of 1"],
  ])('stops before anything is changed where a database is %s', async (_what, known, why) => {
    const ahead = exported().replace(
      "(1, '0000_initial.sql')",
      known.length === 0 ? "(1, '0000_initial.sql'), (2, '0001_r2_more.sql')" : "(1, '0000_initial.sql')",
    );
    expect(await upgrade({ 'one.sql': ahead, 'two.sql': ahead }, { known })).toBe(false);
    expect(ran.filter((command) => !/time-travel|export/.test(command))).toEqual([]);
    expect(said.at(-1)).toContain(why);
  });

  test.each([
    ['has a broken ledger', exported(chain(3).toSpliced(1, 1))],
    ['is cut off', exported().slice(0, -40)],
    ['is empty', ''],
  ])('stops before anything is changed where a copy %s', async (_what, copy) => {
    expect(await upgrade({ 'one.sql': exported(), 'two.sql': copy })).toBe(false);
    expect(ran.filter((command) => !/time-travel|export/.test(command))).toEqual([]);
    expect(said.at(-1)).toContain('two: the copy two.sql is not good');
  });
});
