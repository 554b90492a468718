import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ColumnType,
  canBeKey,
  canBeWritten,
  equalsSql,
  isInteger,
  isTimestamp,
  timestampSql,
  valueSql,
} from './column-type.ts';

/** A type as the catalog tells it. */
function typeOf(declared: string, more: Partial<ColumnType> = {}): ColumnType {
  return {
    name: /^\w+/.exec(declared)?.[0] ?? '',
    declared,
    length: null,
    scale: null,
    isReadable: true,
    ...more,
  };
}

const int = typeOf('int');
const text = typeOf('text', { length: 65_535 });
const varchar = typeOf('varchar(5)', { length: 5 });
const money = typeOf('decimal(20,4)', { scale: 4 });
const moment = typeOf('datetime(6)', { scale: 6 });

const every: readonly ColumnType[] = [
  ...['tinyint(1)', 'smallint', 'mediumint', 'int', 'bigint unsigned', 'float', 'double', 'date', 'year'].map(
    (declared) => typeOf(declared),
  ),
  ...['json', 'uuid', 'bit(1)', 'bit(8)', 'binary(16)', 'binary(8)', 'blob', 'geometry'].map((declared) =>
    typeOf(declared),
  ),
  typeOf('double(8,2)', { scale: 2 }),
  typeOf('time(3)', { scale: 3 }),
  typeOf('timestamp', { scale: 0 }),
  typeOf("enum('a','it''s')"),
  typeOf("set('a','b')"),
  typeOf('char(36)', { length: 36 }),
  typeOf('tinytext', { length: 255 }),
  ...[text, varchar, money, moment],
];

/** All that SQL of a value may ever be: digits, a moment made anew, or bytes as hexadecimal digits. */
const SAFE =
  /^(NULL|[+-]?\d+(\.\d+)?|(_utf8mb4 )?X'([0-9a-f]{2})*'|b'[01]'|TIMESTAMP'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}')$/;

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...`0123456789+-.eE:TZ 'abx\\"`) }),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.bigInt().map(String),
  fc.double().map(String),
  fc.uuid(),
);

describe('a value', () => {
  test('is never anything but a literal, whatever it holds and wherever it goes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...every), anyText, (type, value) => {
        const sql = valueSql(type, value);
        expect(sql === undefined || SAFE.test(sql)).toBe(true);
        const condition = equalsSql('`c`', type, value);
        const parts = condition
          ?.replace(/^`c` = /, '')
          .split(' AND CAST(CONVERT(`c` USING utf8mb4) AS BINARY) = ');
        for (const part of parts ?? []) expect(part).toMatch(SAFE);
      }),
      { numRuns: 3_000 },
    );
  });

  test('that is text is its own bytes, and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (value) => {
        const hex = /^_utf8mb4 X'(.*)'$/.exec(valueSql(text, value) ?? '')?.[1] ?? '';
        expect(Buffer.from(hex, 'hex').toString('utf8')).toBe(value);
      }),
    );
  });

  test('that is an integer keeps every digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        expect(valueSql(int, String(value))).toBe(String(value));
      }),
    );
  });

  test('that is null is NULL in every type', () => {
    for (const type of every) expect(valueSql(type, null)).toBe('NULL');
  });

  test.each([
    ['digits beyond the places', money, '1.00001', undefined],
    ['zeros beyond the places', money, '1.00000', '1.00000'],
    ['an exponent', money, '1e3', undefined],
    ['more characters than fit', varchar, 'abcdef', undefined],
    ['as many of four bytes as fit', varchar, '\u{1F9FE}'.repeat(5), `_utf8mb4 X'${'f09fa7be'.repeat(5)}'`],
    ['a blank at the end of a char', typeOf('char(5)', { length: 5 }), 'ab ', undefined],
    ['the number of an enumeration', typeOf("enum('a','b')"), '1', undefined],
    ['a member of an enumeration with a quote', typeOf("enum('it''s')"), "it's", "_utf8mb4 X'69742773'"],
    ['a bit of more than one', typeOf('bit(8)'), '1', undefined],
    ['bytes', typeOf('blob'), 'x', undefined],
    ['a number that a double cannot hold', typeOf('json'), '{"a":0.12345678901234567891}', undefined],
    ['a text like such a number', typeOf('json'), '"0.12345678901234567891"', expect.any(String)],
    ['a truth for an integer', int, 'true', undefined],
    ['a truth for a truth', typeOf('tinyint(1)'), 'true', '1'],
  ])('with %s', (_what, type, value, sql) => {
    expect(valueSql(type, value)).toEqual(sql);
  });
});

describe('a moment', () => {
  test('in any zone is the same moment in UTC, to the microsecond', () => {
    const moments = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const zones = fc.record({
      hours: fc.integer({ min: -14, max: 14 }),
      minutes: fc.integer({ min: 0, max: 59 }),
    });
    fc.assert(
      fc.property(
        moments,
        zones,
        fc.integer({ min: 0, max: 999_999 }),
        (date, { hours, minutes }, micros) => {
          const sign = hours < 0 ? -1 : 1;
          const offset = sign * (Math.abs(hours) * 60 + minutes) * 60_000;
          const second = Math.floor(date.getTime() / 1_000) * 1_000;
          const local = new Date(second + offset).toISOString().slice(0, 19);
          const zone = `${sign < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
          const fraction = String(micros).padStart(6, '0');
          fc.pre(/^\d{4}-/.test(local));
          const utc = new Date(second).toISOString().slice(0, 19).replace('T', ' ');
          expect(timestampSql(`${local}.${fraction}${zone}`, 6)).toBe(`TIMESTAMP'${utc}.${fraction}'`);
        },
      ),
    );
  });

  test.each([
    '2026-02-29 00:00:00',
    '2026-13-01 00:00:00',
    '2026-01-01 24:00:00',
    '2026-01-01 00:60:00',
    '2026-01-01 00:00:60',
    '2026-01-01',
    '0000-00-00 00:00:00',
    '2026-01-01 00:00:00+15:00',
    '2026-01-01 00:00:00+01:60',
    '9999-12-31 23:59:59-01',
    '0000-01-01 00:00:00+01',
    '2026-01-01 00:00:00 UTC',
    "2026-01-01 00:00:00'",
    '',
  ])('is none: %j', (value) => {
    expect(timestampSql(value, 6)).toBeUndefined();
  });

  test('finer than the column is none, unless what is finer is zero', () => {
    expect(timestampSql('2026-01-01 00:00:00.001', 2)).toBeUndefined();
    expect(timestampSql('2026-01-01 00:00:00.010', 2)).toBe("TIMESTAMP'2026-01-01 00:00:00.010000'");
    expect(timestampSql('2026-01-01 00:00:00.1', 0)).toBeUndefined();
  });
});

describe('a type', () => {
  const named = (types: readonly ColumnType[]) => types.map(({ declared }) => declared);

  test('can name a row when it compares exactly', () => {
    expect(named(every.filter(canBeKey))).toEqual([
      'tinyint(1)',
      'smallint',
      'mediumint',
      'int',
      'bigint unsigned',
      'uuid',
      'binary(16)',
      'char(36)',
      'varchar(5)',
    ]);
  });

  test('can be written unless it holds bytes or shapes', () => {
    expect(named(every.filter((type) => !canBeWritten(type)))).toEqual([
      'bit(8)',
      'binary(8)',
      'blob',
      'geometry',
    ]);
  });

  test('is that of a version when it is an integer or a moment', () => {
    expect(every.filter(isInteger)).toHaveLength(5);
    expect(named(every.filter(isTimestamp))).toEqual(['timestamp', 'datetime(6)']);
  });

  test('that cannot name a row has no condition', () => {
    for (const type of every.filter((one) => !canBeKey(one)))
      expect(equalsSql('`c`', type, '1')).toBeUndefined();
  });
});
