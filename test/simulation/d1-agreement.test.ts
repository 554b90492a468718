import type { Parameter, Statement } from '@countersign/durable-objects/tenant/storage/database';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { D1_LIMITS, SqliteDatabase } from '../support/sqlite-database.ts';

const SCHEMA = [
  'CREATE TABLE pairs (a INTEGER NOT NULL PRIMARY KEY, b TEXT NOT NULL UNIQUE) WITHOUT ROWID',
  'CREATE TABLE stale_writer (turn INTEGER NOT NULL PRIMARY KEY, CONSTRAINT stale_writer CHECK (turn IS NULL)) WITHOUT ROWID',
];

type D1 = Awaited<ReturnType<Miniflare['getD1Database']>>;
type Outcome = { readonly rows: readonly unknown[] } | { readonly error: string };

let miniflare: Miniflare;
let d1: D1;
let fake: SqliteDatabase;

beforeAll(async () => {
  const options = {
    name: 'agreement',
    modules: [{ type: 'ESModule', path: 'worker.js', contents: 'export default {}' }],
    compatibilityDate: '2026-11-01',
    d1Databases: { DB: 'agreement' },
    host: '127.0.0.1',
  } satisfies Parameters<typeof convertV4MiniflareOptions>[0];
  miniflare = new Miniflare(convertV4MiniflareOptions(options));
  d1 = await miniflare.getD1Database('DB');
  for (const sql of SCHEMA) await d1.prepare(sql).run();
  fake = new SqliteDatabase(SCHEMA.join(';'));
});

afterAll(() => miniflare.dispose());

function statement(sql: string, ...params: Parameter[]): Statement {
  return { sql, params };
}

async function onD1(statements: readonly Statement[]): Promise<Outcome> {
  try {
    const results = await d1.batch(statements.map(({ sql, params }) => d1.prepare(sql).bind(...params)));
    return { rows: results.flatMap(({ results: rows }) => rows) };
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message.replace(/ at offset \d+/, '') : String(cause) };
  }
}

function onFake(statements: readonly Statement[]): Outcome {
  try {
    return { rows: fake.run(statements).flatMap(({ rows }) => rows.map((row) => ({ ...row }))) };
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) };
  }
}

const numbered = (count: number) => Array.from({ length: count }, (_, place) => `?${place + 1}`).join(', ');
const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
const literalOf = (bytes: number) =>
  `SELECT length('${'x'.repeat(bytes - "SELECT length('') AS l".length)}') AS l`;
const each = (text: string) =>
  statement('SELECT value AS v, hex(value) AS h, length(value) AS l FROM json_each(?1)', text);
const first = (text: string) =>
  statement('SELECT value ->> 0 AS v, hex(value ->> 0) AS h FROM json_each(?1)', text);

const cases: readonly (readonly [string, readonly Statement[]])[] = [
  ['takes 100 bound parameters', [statement(`SELECT max(${numbered(100)}) AS m`, ...ones(100))]],
  ['refuses 101 bound parameters', [statement(`SELECT max(${numbered(101)}) AS m`, ...ones(101))]],
  ['takes a statement of 100,000 bytes', [statement(literalOf(100_000))]],
  ['refuses a statement of 100,001 bytes', [statement(literalOf(100_001))]],
  ['takes a text of 2,000,000 bytes', [statement('SELECT length(?1) AS l', 'x'.repeat(2_000_000))]],
  ['rounds a large integer parameter', [statement('SELECT ?1 AS v, typeof(?1) AS t', 2 ** 53 + 2)]],
  ['rounds a large integer result', [statement('SELECT 9007199254740993 AS v, 9223372036854775807 AS m')]],
  [
    'rounds large integers out of JSON',
    [
      statement(
        'SELECT value AS v, typeof(value) AS t FROM json_each(?1)',
        '[9007199254740993, 92233720368547758070]',
      ),
    ],
  ],
  [
    'keeps them exact as text',
    [statement('SELECT CAST(value AS TEXT) AS s FROM json_each(?1)', '[9007199254740993]')],
  ],
  ['binds every number as a real', [statement('SELECT typeof(?1) AS a, typeof(?2) AS b, ?1 AS v', 1, 1.5)]],
  [
    'binds what is not finite as null',
    [statement('SELECT ?1 AS a, ?2 AS b', Number.NaN, Number.POSITIVE_INFINITY)],
  ],
  ['replaces a lone surrogate in a parameter', [statement('SELECT ?1 AS v, hex(?1) AS h', 'a\ud800b')]],
  ['alters an escaped lone surrogate in JSON', [each(JSON.stringify(['a\ud800b', '\udc00', '😀']))]],
  ['replaces a raw lone surrogate in JSON', [each('["a\ud800b"]')]],
  ['alters a lone surrogate that ->> takes out', [first(JSON.stringify([['a\ud800b']]))]],
  ['measures a text to its NUL only', [statement('SELECT ?1 AS v, length(?1) AS l, hex(?1) AS h', 'a\0b')]],
  ['measures a text in JSON to its NUL only', [each(JSON.stringify(['a\0b']))]],
  ['refuses broken JSON', [each('[1,')]],
  ['refuses too few parameters', [statement('SELECT ?1 AS a, ?2 AS b', 1)]],
  ['refuses too many parameters', [statement('SELECT ?1 AS a', 1, 2)]],
  ['refuses broken SQL', [statement('SELEC 1')]],
  ['refuses an unknown table', [statement('SELECT * FROM nothing')]],
  ['refuses an unknown column', [statement('SELECT nothing FROM pairs')]],
  [
    'refuses a compound of six',
    [statement(`SELECT * FROM (${Array(6).fill('SELECT 1').join(' UNION ALL ')})`)],
  ],
  ['refuses a deep expression', [statement(`SELECT ${Array(101).fill('?1').join('+')}`, 1)]],
  ['refuses a long LIKE pattern', [statement('SELECT ?1 LIKE ?2 AS l', 'a', '%'.repeat(51))]],
  [
    'names a CHECK that fails',
    [
      statement(
        'INSERT INTO stale_writer (turn) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM pairs WHERE a = ?1)',
        7,
      ),
    ],
  ],
  [
    'passes a guard that selects nothing',
    [statement('INSERT INTO stale_writer (turn) SELECT ?1 WHERE 0', 7)],
  ],
  ['gives rows of a RETURNING', [statement('INSERT INTO pairs VALUES (?1, ?2) RETURNING a, b', 1, 'one')]],
  ['names a primary key that fails', [statement('INSERT INTO pairs VALUES (?1, ?2)', 1, 'other')]],
  ['names a unique key that fails', [statement('INSERT INTO pairs VALUES (?1, ?2)', 2, 'one')]],
  ['names a NOT NULL that fails', [statement('INSERT INTO pairs VALUES (?1, ?2)', 3, null)]],
  [
    'rolls a batch back whole',
    [
      statement('INSERT INTO pairs VALUES (?1, ?2)', 4, 'four'),
      statement('INSERT INTO pairs VALUES (?1, ?2)', 1, 'again'),
    ],
  ],
  ['and shows nothing of it', [statement('SELECT a, b FROM pairs ORDER BY a')]],
  [
    'sees in a batch what came before',
    [
      statement('INSERT INTO pairs VALUES (?1, ?2)', 5, 'five'),
      statement('SELECT a, b FROM pairs ORDER BY a'),
    ],
  ],
  ['refuses an empty batch', []],
];

describe('the fake D1 and the real one', () => {
  test.each(cases)('agree: %s', async (name, statements) => {
    const real = await onD1(statements);
    expect('error' in real).toBe(/^(refuses|names|rolls)/.test(name));
    expect(onFake(statements)).toEqual(real);
  });
});

describe('the fake D1 alone', () => {
  // A local D1 takes larger values than production's published limit.
  const tooLong = D1_LIMITS.length + 1;

  test.each([
    ['a parameter', statement('SELECT length(?1) AS l', 'x'.repeat(tooLong))],
    ['an intermediate value', statement('SELECT length(?1 || ?1) AS l', 'x'.repeat(Math.ceil(tooLong / 2)))],
    ['a row', statement('INSERT INTO pairs VALUES (?1, ?2)', 9, 'x'.repeat(D1_LIMITS.length - 1))],
  ])('refuses %s beyond production’s limit', (_name, one) => {
    expect(onFake([one])).toEqual({ error: 'D1_ERROR: string or blob too big: SQLITE_TOOBIG' });
  });
});
